"""Matches that ask where a packet comes from and goes to: routes, bridges, IPsec."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from aclproof.parsers.iptables.meaning.matched import Matched, Reader, doubted, one_by_one, text_of, value
from aclproof.parsers.iptables.text.words import RuleError, Test
from aclproof.parsers.model.addresses import ANY, AddressSet, Family, single
from aclproof.parsers.model.conditions import IsItself, Opaque, Side
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packet_conditions import BRIDGED_SHOWN_BY, IsBridged
from aclproof.reason import Reason

_MULTICAST = {Family.V4: (0xE0000000, 0xEFFFFFFF), Family.V6: (0xFF << 120, (1 << 128) - 1)}
_BROADCAST = ((0, 0x00FFFFFF), ((1 << 32) - 1,) * 2)
"""What is broadcast in every network; that of one network is no host's address."""
_NO_HOST = frozenset({"BROADCAST", "MULTICAST", "ANYCAST"})
_UNSPECIFIED = (0, 0)
_TYPES = frozenset("UNSPEC UNICAST LOCAL BROADCAST ANYCAST MULTICAST BLACKHOLE UNREACHABLE PROHIBIT THROW "
                   "NAT "
                   "XRESOLVE".split())


def _address_type(matched: Matched, tests: Sequence[Test]) -> Iterable[Matched]:
    """Read the kinds of either end; with an interface they depend on its addresses."""
    if any(test.name.startswith("limit-iface") for test in tests) and not _of_no_host(tests):
        return (matched.copy(doubted(tests, "addrtype")),)
    found = [matched]
    for test in (each for each in tests if not each.name.startswith("limit-iface")):
        kinds = frozenset(value(test).upper().split(","))
        if kinds - _TYPES:
            raise RuleError(Reason("'{text}' is no type of address", text=value(test)))
        side: Side = "source" if test.name == "src-type" else "destination"
        read = _of_ipv4 if matched.family is Family.V4 else _of_ipv6
        found = [part for each in found for part in read(each, side, kinds, test)]
    return found


def _of_no_host(tests: Sequence[Test]) -> bool:
    """Whether the kinds are those of no single host, by whatever interface."""
    return all(not test.negated and frozenset(value(test).upper().split(",")) <= _NO_HOST
               for test in tests if test.name.endswith("-type"))


def _of_ipv4(matched: Matched, side: Side, kinds: frozenset[str], test: Test) -> Iterable[Matched]:
    """The kernel asks the local table only (inet_addr_type): what is nothing special there is UNICAST."""
    special = {"MULTICAST": IntervalSet.of(_MULTICAST[Family.V4]), "BROADCAST": IntervalSet.of(*_BROADCAST)}
    if test.negated:
        kinds = frozenset((*special, "LOCAL", "UNICAST")) - kinds
    local, others = "LOCAL" in kinds, "UNICAST" in kinds
    if len(kinds & special.keys()) == (len(special) if others else 0 if local else -1):
        yield from _by_own_address(matched, side, local=local, others=others)
        return
    apart = single(Family.V4, IntervalSet.union(special.values()))
    yield _within(matched, side, single(Family.V4, IntervalSet.union(
        special[kind] for kind in sorted(kinds & special.keys()))))
    yield from _by_own_address(_within(matched, side, ANY - apart), side, local=local, others=others)


def _of_ipv6(matched: Matched, side: Side, kinds: frozenset[str], test: Test) -> Iterable[Matched]:
    """Of a list, MULTICAST, UNICAST and UNSPEC must all hold; of the rest one (xt_addrtype.c)."""
    multicast, unspecified = (single(Family.V6, IntervalSet.of(each))
                              for each in (_MULTICAST[Family.V6], _UNSPECIFIED))
    parts = {"MULTICAST": multicast, "UNSPEC": unspecified, "UNICAST": ANY - multicast - unspecified}
    wanted = ANY
    for kind in sorted(kinds & parts.keys()):
        wanted &= parts[kind]
    if test.negated:
        yield _within(matched, side, ANY - wanted)
    inside = _within(matched, side, wanted)
    routed = kinds & {"LOCAL", "ANYCAST", "UNREACHABLE", "PROHIBIT"}
    if "UNREACHABLE" in routed:  # it has no route, which is not in a dump
        yield inside.copy(doubted([test], "addrtype"))
    elif routed:  # no host has an ANYCAST address
        local = "LOCAL" in routed
        yield from _by_own_address(inside, side, local=local is not test.negated, others=test.negated)
    elif not test.negated:
        yield inside


def _by_own_address(matched: Matched, side: Side, *, local: bool, others: bool) -> Iterable[Matched]:
    if local and others:
        yield matched
    elif local or others:
        yield matched.copy(IsItself(side, negated=others))


def _within(matched: Matched, side: Side, found: AddressSet) -> Matched:
    made = matched.copy()
    made.ends(side, found)
    return made


def _packet_type(matched: Matched, test: Test) -> None:
    """What one host sends to another is unicast."""
    if (value(test).lower() in ("unicast", "host")) is test.negated:
        matched.nothing()


def _bridge(matched: Matched, tests: Sequence[Test]) -> Iterable[Matched]:
    """What no bridge has fails each test that is not negated, and passes the others (xt_physdev.c)."""
    for test in tests:
        if test.name == "physdev-is-bridged":
            matched.conditions.append(IsBridged(test.negated))
        else:
            matched.conditions.append(doubted([test], "physdev", usual=test.negated,
                                              find_out=BRIDGED_SHOWN_BY))
    return (matched,)


def _ipsec(matched: Matched, tests: Sequence[Test]) -> Iterable[Matched]:
    """Without IPsec `--pol none` holds, and nothing else."""
    none = any(test.name == "pol" and "none" in test.values for test in tests)
    return (matched.copy(doubted(tests, "policy", usual=none, find_out="ip xfrm policy")),)


def _way_back(matched: Matched, tests: Sequence[Test]) -> Iterable[Matched]:
    """One question for the test and for the inverted one."""
    inverted = any(test.name == "invert" for test in tests)
    key = text_of([test for test in tests if test.name != "invert" and test.name], "rpfilter")
    because = Reason("whether the routes lead back to the sources by the interface from which they come")
    loose = any(test.name == "loose" for test in tests)
    return (matched.copy(Opaque(key, because, usual=True, find_out="ip route get SOURCE", negated=inverted,
                                way_back="by any" if loose else "by that interface")),)


READERS: Mapping[str, Reader] = {
    "addrtype": _address_type, "pkttype": one_by_one(_packet_type), "physdev": _bridge, "policy": _ipsec,
    "rpfilter": _way_back,
}
"""Match to its reader."""

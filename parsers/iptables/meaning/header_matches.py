"""Matches that look at the packet's header: addresses, ports, types, and headers that only other packets
have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from aclproof.parsers.iptables.meaning.matched import Matched, Reader, doubted, one_by_one, text_of, value
from aclproof.parsers.iptables.text import addresses, names, states
from aclproof.parsers.iptables.text.words import RuleError, Test
from aclproof.parsers.model.addresses import ANY, Family, single
from aclproof.parsers.model.conditions import OnInterface, Side
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packet_conditions import HopLimitWithin
from aclproof.parsers.model.services import (
    ANY_PORT,
    ANY_PROTOCOL,
    ICMP,
    ICMP6,
    SCTP,
    TCP,
    UDP,
    Service,
)
from aclproof.reason import Reason

_DCCP, _UDPLITE, _ESP, _AH, _IPCOMP, _L2TP, _MOBILITY = 33, 136, 50, 51, 108, 115, 135
_OF_MATCH = {name: IntervalSet.of((number, number)) for name, number in (
    ("tcp", TCP), ("udp", UDP), ("dccp", _DCCP), ("sctp", SCTP), ("udplite", _UDPLITE))}
"""The protocol that a match with ports is for."""
_WITH_PORTS = IntervalSet.union(_OF_MATCH.values())
_MOST_LISTED = 15
_MOST_HOPS, _MOST_LENGTH = 255, 65535


def _either(numbers: IntervalSet, whole: IntervalSet, test: Test) -> IntervalSet:
    return whole - numbers if test.negated else numbers


def _general(matched: Matched, test: Test) -> None:
    match test.name:
        case "source" | "destination":
            text = value(test)
            if test.negated and "," in text:
                raise RuleError(Reason("a list of addresses cannot be negated"))
            side: Side = "source" if test.name == "source" else "destination"
            found = addresses.every(text, matched.family)
            matched.ends(side, ANY - found if test.negated else found)
        case "protocol":
            number = names.protocol(value(test))
            if number is None and test.negated:
                raise RuleError(Reason("'! -p all' matches nothing and is refused"))
            if number is not None:
                protocols = _either(IntervalSet.of((number, number)), ANY_PROTOCOL, test)
                matched.meet((Service(protocols),))
        case "in-interface" | "out-interface":
            name = value(test)
            if name != "+":
                matched.conditions.append(OnInterface("in" if test.name == "in-interface" else "out", name,
                                                      test.negated))
        case "fragment":
            if not test.negated:
                matched.nothing()  # tracking puts fragments together before any rule sees them
        case _:
            raise RuleError(Reason("--{name} is no test", name=test.name))


def _ports(matched: Matched, test: Test) -> None:
    protocol = _OF_MATCH[test.module]
    match test.name:
        case "sport" | "dport":
            numbers = _either(IntervalSet.of(names.ports(value(test))), ANY_PORT, test)
            matched.meet((Service(protocol, numbers) if test.name == "sport" else
                          Service(protocol, ANY_PORT, numbers),))
        case "syn" | "tcp-flags":
            matched.conditions.append(states.flags(test))
        case _:
            matched.meet((Service(protocol),))
            matched.conditions.append(doubted([test], test.module))


def _icmp(matched: Matched, test: Test) -> None:
    protocol = ICMP if test.module == "icmp" else ICMP6
    only = IntervalSet.of((protocol, protocol))
    family = Family.V4 if protocol == ICMP else Family.V6
    kinds, codes = (IntervalSet.of(each) for each in names.icmp(value(test), family))
    if not test.negated:
        matched.meet((Service(only, kinds, codes),))
        return
    byte = IntervalSet.of((0, 255))
    matched.meet([Service(only, ANY_PORT - kinds)] + (
        [Service(only, kinds, ANY_PORT - codes)] if byte - codes else []))


def _multiport(matched: Matched, test: Test) -> None:
    listed = [names.ports(each) for each in value(test).split(",")]
    if sum(1 if low == high else 2 for low, high in listed) > _MOST_LISTED:
        raise RuleError(Reason("multiport takes {most} ports at most, a range counts as two",
                               most=_MOST_LISTED))
    numbers = _either(IntervalSet.of(*listed), ANY_PORT, test)
    match test.name:
        case "sports":
            matched.meet((Service(_WITH_PORTS, numbers),))
        case "dports":
            matched.meet((Service(_WITH_PORTS, ANY_PORT, numbers),))
        case _ if test.negated:  # neither of the two
            matched.meet((Service(_WITH_PORTS, numbers, numbers),))
        case _:
            matched.meet((Service(_WITH_PORTS, numbers), Service(_WITH_PORTS, ANY_PORT, numbers)))


def _iprange(matched: Matched, test: Test) -> None:
    found = single(matched.family, IntervalSet.of(addresses.between(value(test), matched.family)))
    matched.ends("source" if test.name == "src-range" else "destination",
                 ANY - found if test.negated else found)


def _hop_limit(matched: Matched, test: Test) -> None:
    """Of `ttl` and `hl` only `-eq` takes a `!`."""
    number = names.number(value(test), _MOST_HOPS)
    if number is None:
        raise RuleError(Reason("'{text}' is no hop limit", text=value(test)))
    low, high = {"eq": (number, number), "lt": (0, number - 1),
                 "gt": (number + 1, _MOST_HOPS)}[test.name[-2:]]
    matched.conditions.append(HopLimitWithin(low, high, test.negated, text_of([test], test.module)))


def _length(matched: Matched, tests: Sequence[Test]) -> Iterable[Matched]:
    low, _, high = value(tests[0]).partition(":") if len(tests) == 1 else ("", "", "")
    if (low or "0") == "0" and high == str(_MOST_LENGTH):
        if tests[0].negated:
            matched.nothing()
    else:
        matched.conditions.append(doubted(tests, "length"))
    return (matched,)


def _other_protocol(*protocols: int) -> Reader:
    """Read a match that packets of all other protocols fail, negated too."""
    def reader(matched: Matched, tests: Sequence[Test]) -> Iterable[Matched]:
        matched.meet((Service(IntervalSet.of(*((each, each) for each in protocols))),))
        matched.conditions.append(doubted(tests, tests[0].module if tests else ""))
        return (matched,)

    return reader


def _other_header(matched: Matched, tests: Sequence[Test]) -> Iterable[Matched]:
    """A packet without the header fails the match, negated too (ip6t_rt.c and its like)."""
    matched.nothing()
    return (matched,)


_HEADERS = {word: names.split()[0] for names in (
    "hop hop-by-hop 0", "dst ipv6-opts 60", "route ipv6-route 43", "frag ipv6-frag 44", "auth ah 51",
    "esp 50", "none ipv6-nonxt 59", "prot proto protocol") for word in names.split()}


def _ipv6_headers(matched: Matched, tests: Sequence[Test]) -> Iterable[Matched]:
    """A plain packet has its upper layer and nothing else (ip6t_ipv6header.c)."""
    header = next((test for test in tests if test.name == "header"), None)
    if header is None:
        matched.conditions.append(doubted(tests, "ipv6header"))
        return (matched,)
    wanted = {_HEADERS.get(word) for word in value(header).lower().split(",")}
    if None in wanted:
        raise RuleError(Reason("'{text}' names no header of IPv6", text=value(header)))
    soft = any(test.name == "soft" for test in tests)
    esp = IntervalSet.of((_ESP, _ESP))
    matched.meet([Service(protocols) for protocols, has in ((esp, {"esp"}), (ANY_PROTOCOL - esp, {"prot"}))
                  if _has_headers(wanted, has, soft=soft, negated=header.negated)])
    return (matched,)


def _has_headers(wanted: set[str | None], has: set[str], *, soft: bool, negated: bool) -> bool:
    if soft:
        return not wanted & has if negated else wanted <= has
    return (wanted == has) is not negated


READERS: Mapping[str, Reader] = {
    "": one_by_one(_general), "iprange": one_by_one(_iprange), "multiport": one_by_one(_multiport),
    **dict.fromkeys(_OF_MATCH, one_by_one(_ports)),
    **dict.fromkeys(("icmp", "icmp6"), one_by_one(_icmp)),
    **dict.fromkeys(("ttl", "hl"), one_by_one(_hop_limit)), "length": _length,
    "ah": _other_protocol(_AH), "esp": _other_protocol(_ESP), "ipcomp": _other_protocol(_IPCOMP),
    "l2tp": _other_protocol(_L2TP, UDP), "mh": _other_protocol(_MOBILITY),
    **dict.fromkeys(("rt", "hbh", "dst", "frag", "srh"), _other_header), "ipv6header": _ipv6_headers,
    "comment": lambda matched, tests: (matched,),
}
"""Match to its reader; the empty one has the tests that every rule knows."""

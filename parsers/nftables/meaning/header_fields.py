"""Fields of a packet's headers: addresses, protocol, ports, types, flags, hop limit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

from aclproof.parsers.model.addresses import Family, single
from aclproof.parsers.model.conditions import HasFlags, Side
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packet_conditions import HopLimitWithin
from aclproof.parsers.model.services import ANY_PORT, ANY_PROTOCOL, ICMP, ICMP6, SCTP, TCP, UDP, Service
from aclproof.parsers.nftables.meaning import values
from aclproof.parsers.nftables.meaning.fields import Field, Numeric, ends_of
from aclproof.parsers.nftables.meaning.packets import (
    NOTHING,
    OF_FAMILY,
    DoubtError,
    Parts,
    both,
    end,
    if_all,
    if_any,
    of_protocols,
    of_services,
    on,
    opaque,
    text_of,
)
from aclproof.parsers.nftables.ruleset import FAMILY_OF, Tree
from aclproof.parsers.nftables.text.symbols import SYMBOLS

_DCCP, _UDPLITE = 33, 136
_WITH_PORTS: Mapping[str, int] = {"tcp": TCP, "udp": UDP, "sctp": SCTP, "dccp": _DCCP, "udplite": _UDPLITE}
_OTHERS: Mapping[str, int] = {"ah": 51, "esp": 50, "comp": 108, "igmp": 2, "gre": 47}
_MOST_FLAGS = 8
"""Combinations of flags; nobody asks for more by their order."""
_NOT_OF_FRAGMENTS = 0xC000
"""The flags of IPv4 beside the offset that are not about fragments: reserved, and not to make any."""
_BYTE = IntervalSet.of((0, 255))
SIDES: Mapping[str, Side] = {"saddr": "source", "daddr": "destination"}
"""Which end an address is of."""


def _protocol(number: int) -> IntervalSet:
    return IntervalSet.of((number, number))


_PORTS_OF_ANY = IntervalSet.union(map(_protocol, _WITH_PORTS.values()))


@cache
def field(protocol: str, name: str) -> Field:
    """Return a field of a header by nft's names for both; DoubtError for one that is not followed."""
    if protocol in FAMILY_OF:
        return _of_network(FAMILY_OF[protocol], name)
    if protocol in _WITH_PORTS or protocol == "th":
        return _of_transport(protocol, name)
    if protocol in ("icmp", "icmpv6"):
        return _of_icmp(protocol, name)
    within = of_protocols(_protocol(_OTHERS[protocol])) if protocol in _OTHERS else None
    raise DoubtError(within=within) if within else DoubtError()


def address(side: Side, family: Family) -> Field:
    """Return one of the two addresses."""
    return Numeric(IntervalSet.of((0, family.last)), values.address(family),
                   lambda numbers: end(side, single(family, numbers)))


@cache
def protocols() -> Field:
    """Return the protocol of the transport layer."""
    return Numeric(ANY_PROTOCOL, values.protocol, of_protocols)


def _of_network(family: Family, name: str) -> Field:
    if name in SIDES:
        return address(SIDES[name], family)
    of_family = OF_FAMILY[family]
    if name in ("protocol", "nexthdr"):  # no packet of a requirement has an extension header
        return Numeric(ANY_PROTOCOL, values.protocol, lambda numbers: both(of_family, of_protocols(numbers)))
    if name in ("ttl", "hoplimit"):
        return HopLimit(of_family, f"{'ip' if family is Family.V4 else 'ip6'} {name}")
    if name == "version":
        number = 4 if family is Family.V4 else 6
        return Numeric(IntervalSet.of((0, 15)), values.number(15),
                       lambda numbers: of_family if number in numbers else NOTHING)
    if name == "frag-off":
        return FragmentOffset(of_family)
    raise DoubtError(within=of_family)


def _of_transport(protocol: str, name: str) -> Field:
    those = _protocol(_WITH_PORTS[protocol]) if protocol in _WITH_PORTS else _PORTS_OF_ANY
    if name in ("sport", "dport"):
        of_ports = _ports(those, name)
        return Numeric(ANY_PORT, values.port, of_ports if protocol != "th" else _whatever_is_there(of_ports))
    if (protocol, name) == ("tcp", "flags"):
        return Flags()
    raise DoubtError(within=of_protocols(those)) if protocol != "th" else DoubtError()


def _ports(those: IntervalSet, name: str) -> Callable[[IntervalSet], Parts]:
    def make(numbers: IntervalSet) -> Parts:
        return of_services(Service(those, numbers) if name == "sport" else Service(those, ANY_PORT, numbers))

    return make


def _whatever_is_there(of_ports: Callable[[IntervalSet], Parts]) -> Callable[[IntervalSet], Parts]:
    """`th` asks for no protocol: of one without ports it reads what stands at their place."""
    def make(numbers: IntervalSet) -> Parts:
        if not numbers:
            return NOTHING
        known = _PORTS_OF_ANY
        found = of_ports(numbers)
        if numbers == ANY_PORT:  # whatever it is: no ICMP packet is shorter
            known = IntervalSet.union((known, _protocol(ICMP), _protocol(ICMP6)))
            found = of_protocols(known)
        return [*found, *on(of_protocols(ANY_PROTOCOL - known), opaque("th of packets without ports"))]

    return make


def _of_icmp(protocol: str, name: str) -> Field:
    six = protocol == "icmpv6"
    only = _protocol(ICMP6 if six else ICMP)
    of_family = OF_FAMILY[Family.V6 if six else Family.V4]
    if name == "type":
        known = SYMBOLS["icmpv6_type" if six else "icmp_type"]
        return Numeric(_BYTE, values.number(255, known),
                       lambda numbers: both(of_family, of_services(Service(only, numbers))))
    if name == "code":
        known = SYMBOLS["icmpv6_code" if six else "icmp_code"]
        return Numeric(_BYTE, values.number(255, known),
                       lambda numbers: both(of_family, of_services(Service(only, ANY_PORT, numbers))))
    raise DoubtError(within=both(of_family, of_protocols(only)))


class Flags(Field):
    """The flags of TCP, under a mask."""

    def __init__(self, mask: int = 0xFF) -> None:
        self._mask = mask
        self.has = of_protocols(_protocol(TCP))

    def among(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        wanted = [each for each in map(self._bits, values) if not each & ~self._mask]
        return both(self.has, if_any(*(HasFlags(self._mask, each) for each in wanted)))

    def outside(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        wanted = [each for each in map(self._bits, values) if not each & ~self._mask]
        return both(self.has, if_all(*(HasFlags(self._mask, each, negated=True) for each in wanted)))

    def alone(self, value: Tree) -> Parts:
        """Without the set it means any of the flags; which of the two, versions differ in."""
        test: Tree = {"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "flags"}},
                                "right": {"set": [value]}}}
        return [*self.among([value]), *on(self.any_bit([value]), opaque(text_of(test)))]

    def any_bit(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        bits = self._bits(values) & self._mask
        return both(self.has, if_any(HasFlags(bits, 0, negated=True))) if bits else NOTHING

    def no_bit(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        return both(self.has, if_any(HasFlags(self._bits(values) & self._mask, 0)))

    def ordered(self, op: str, value: Tree) -> Parts:
        """As `Field` says; `< fin` is how some ask for none."""
        low, high = ends_of(op, self._bits(value), 0, 255)
        wanted = [each for each in range(low, high + 1) if not each & ~self._mask]
        if len(wanted) > _MOST_FLAGS:
            raise DoubtError(within=self.has)
        return both(self.has, if_any(*(HasFlags(self._mask, each) for each in wanted))) if wanted else NOTHING

    def masked(self, mask: Tree) -> Field:
        """As `Field` says."""
        return Flags(self._mask & self._bits(mask))

    @staticmethod
    def _bits(tree: Tree) -> int:
        return values.bits(tree, SYMBOLS["tcp_flag"])


class FragmentOffset(Field):
    """The offset of a fragment, after three flags.

    Tracking puts fragments together before any rule sees them, so there is none, and no more follow.
    """

    def __init__(self, has: Parts, mask: int = 0xFFFF) -> None:
        self.has, self._mask, self._read = has, mask, values.number(0xFFFF)

    def among(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        return self.has if self._is_among(values) else NOTHING

    def outside(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        return NOTHING if self._is_among(values) else self.has

    def masked(self, mask: Tree) -> Field:
        """As `Field` says."""
        return FragmentOffset(self.has, self._mask & values.only(self._read, mask))

    def _is_among(self, trees: Sequence[Tree]) -> bool:
        if self._mask & _NOT_OF_FRAGMENTS:
            raise DoubtError(within=self.has)
        return 0 in IntervalSet.union(map(self._read, trees))


class HopLimit(Field):
    """The hop limit, of IPv4 the time to live."""

    def __init__(self, has: Parts, key: str) -> None:
        self.has, self._key, self._read = has, key, values.number(255)

    def among(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        return both(self.has, if_any(*(self._within(each) for value in values
                                       for each in self._read(value).ranges)))

    def outside(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        return both(self.has, if_all(*(self._within(each, negated=True) for value in values
                                       for each in self._read(value).ranges)))

    def ordered(self, op: str, value: Tree) -> Parts:
        """As `Field` says."""
        low, high = ends_of(op, self._read(value).lowest, 0, 255)
        return both(self.has, if_any(self._within((low, high)))) if low <= high else NOTHING

    def _within(self, ends: tuple[int, int], *, negated: bool = False) -> HopLimitWithin:
        shown = "-".join(map(str, dict.fromkeys(ends)))
        return HopLimitWithin(*ends, negated, f"test {self._key} {shown}")

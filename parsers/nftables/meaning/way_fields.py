"""Where a packet comes from and goes to: interfaces, routes, families; and what only the host can say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Literal

from aclproof.parsers.model.addresses import ANY, Family, single
from aclproof.parsers.model.conditions import (
    LOOPBACK,
    IsItself,
    OnInterface,
    Opaque,
    Side,
)
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.nftables.meaning import header_fields, values
from aclproof.parsers.nftables.meaning.connection_fields import Mark
from aclproof.parsers.nftables.meaning.fields import Field, Numeric
from aclproof.parsers.nftables.meaning.packets import (
    EVERYTHING,
    NOTHING,
    OF_FAMILY,
    DoubtError,
    Parts,
    both,
    end,
    if_all,
    if_any,
)
from aclproof.parsers.nftables.ruleset import Tree
from aclproof.parsers.nftables.text.symbols import SYMBOLS
from aclproof.reason import Reason

_INTERFACES: Mapping[str, Literal["in", "out"]] = {"iif": "in", "iifname": "in", "oif": "out",
                                                   "oifname": "out"}
_UNICAST = 0


@cache
def meta(key: str) -> Field:
    """Return what the kernel knows of a packet, by nft's word for it; DoubtError for what is not followed."""
    if key in _INTERFACES:
        return Interface(_INTERFACES[key], by_number=not key.endswith("name"))
    match key:
        case "mark":
            return Mark("packet")
        case "l4proto":
            return header_fields.protocols()
        case "nfproto":
            return _families(SYMBOLS["nf_proto"])
        case "protocol":
            return _families(SYMBOLS["ether_type"])
        case "pkttype":  # what one host sends to another
            return Numeric(IntervalSet.of((0, 7)),
                           values.number(7, SYMBOLS["pkt_type"]),
                           lambda numbers: EVERYTHING if _UNICAST in numbers else NOTHING)
        case "ipsec" | "secpath":
            raise DoubtError(Reason("whether the packets come out of an IPsec tunnel of this host"),
                             find_out="ip xfrm policy")
        case _:
            raise DoubtError


def _families(known: Mapping[str, int]) -> Field:
    """The family of the network layer, by the numbers that a key has for them."""
    v4, v6 = (known[name] for name in (("ip", "ip6") if "ip" in known else ("ipv4", "ipv6")))
    return Numeric(IntervalSet.of((0, 65535)), values.number(65535, known),
                   lambda numbers: [part for number, family in ((v4, Family.V4), (v6, Family.V6))
                                    if number in numbers for part in OF_FAMILY[family]])


class Interface(Field):
    """The interface by which packets come or go; `*` at the end of a name stands for anything."""

    def __init__(self, way: Literal["in", "out"], *, by_number: bool) -> None:
        self._way, self._by_number = way, by_number

    def among(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        wanted = [self._name(value) for value in values]
        return EVERYTHING if "" in wanted else if_any(*(self._on(name) for name in wanted))

    def outside(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        wanted = [self._name(value) for value in values]
        return NOTHING if "" in wanted else if_all(*(self._on(name, negated=True) for name in wanted))

    def _on(self, name: str, *, negated: bool = False) -> OnInterface:
        return OnInterface(self._way, name, negated, by_number=self._by_number and name != LOOPBACK)

    def _name(self, value: Tree) -> str:
        """The name as the model writes it, empty for any; DoubtError for the number of an interface."""
        if not isinstance(value, str) or not value or "+" in value or (self._by_number and value.isdigit()):
            raise values.not_known(value)
        if value.endswith("\\*"):
            return value[:-2] + "*"
        return value[:-1] + "+" if value.endswith("*") and value != "*" else value.removesuffix("*")


def fib(result: str, flags: Sequence[str], families: Sequence[Family]) -> Field:
    """Return what a lookup of the routes says; DoubtError for what is not followed."""
    sides: list[Side] = [side for flag, side in header_fields.SIDES.items() if flag in flags]
    if len(sides) == 1:
        if result == "type" and not {"oif", "mark"} & set(flags):
            return AddressType(sides[0], families, of_interface="iif" in flags)
        if result in ("oif", "oifname") and sides == ["source"] and "iif" in flags:
            return WayBack()
    raise DoubtError


_MULTICAST = {Family.V4: (0xE0000000, 0xEFFFFFFF), Family.V6: (0xFF << 120, (1 << 128) - 1)}
_BROADCAST = ((0, 0x00FFFFFF), ((1 << 32) - 1,) * 2)
"""What is broadcast in every network; that of one network is no host's address."""
_KINDS = frozenset({"unicast", "local", "broadcast", "multicast", "anycast"})


class AddressType(Field):
    """The kind of an address: an own one of the host, several hosts', or another host's."""

    def __init__(self, side: Side, families: Sequence[Family], *, of_interface: bool) -> None:
        self._side, self._families, self._of_interface = side, families, of_interface
        """An own address of another interface counts as one of another host, where one is named."""

    def among(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        return self._of(frozenset(map(self._kind, values)))

    def outside(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        return self._of(_KINDS - frozenset(map(self._kind, values)))

    def _of(self, kinds: frozenset[str]) -> Parts:
        found: list[Parts] = []
        for family in self._families:
            multicast = IntervalSet.of(_MULTICAST[family])
            broadcast = IntervalSet.of(*_BROADCAST) if family is Family.V4 else IntervalSet()
            special = {"multicast": multicast, "broadcast": broadcast}
            found.append(end(self._side, single(family, IntervalSet.union(
                special[kind] for kind in sorted(kinds & special.keys())))))
            usual = end(self._side, single(family, ANY.of(family) - multicast - broadcast))
            if {"local", "unicast"} <= kinds:
                found.append(usual)
            elif kinds & {"local", "unicast"}:  # no host has an anycast address
                found += (both(usual, one) for one in self._either("local" in kinds))
        return [part for parts in found for part in parts]

    def _either(self, local: bool) -> Iterator[Parts]:
        """Own addresses of the host, or those of others."""
        if not self._of_interface:
            yield if_any(IsItself(self._side, negated=not local))
            return
        if not local:
            yield if_any(IsItself(self._side, negated=True))
        yield if_all(IsItself(self._side), Opaque("addresses are of their interfaces", Reason(
            "whether the address is of the interface by which the packets come"), usual=True,
            find_out="ip address", negated=not local))

    @staticmethod
    def _kind(value: Tree) -> str:
        if not isinstance(value, str) or value not in _KINDS:
            raise values.not_known(value)
        return value


class WayBack(Field):
    """Whether a route leads back to the source by the interface that packets come by."""

    def among(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        return self._exists(values, negated=False)

    def outside(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        return self._exists(values, negated=True)

    @staticmethod
    def _exists(trees: Sequence[Tree], *, negated: bool) -> Parts:
        match trees:
            case [bool(exists)]:
                pass
            case [0]:
                exists = False
            case _:
                raise DoubtError
        return if_any(Opaque("routes lead back", Reason(
            "whether the routes lead back to the sources by the interface from which they come"), usual=True,
            find_out="ip route get SOURCE", negated=exists is negated, way_back="by that interface"))

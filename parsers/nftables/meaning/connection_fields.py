"""What is known of a packet's connection, and its mark.

A packet without a connection has a state, and nothing else of these: every other test fails it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.conditions import CameWith, Condition, HasMark, InState, IsReply
from aclproof.parsers.model.effects import ALL_BITS, Whose
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packet_conditions import HasConnection, HasStatus
from aclproof.parsers.model.services import ANY_PROTOCOL
from aclproof.parsers.nftables.meaning import names, values
from aclproof.parsers.nftables.meaning.fields import Field, Numeric, ends_of, every
from aclproof.parsers.nftables.meaning.packets import (
    EVERYTHING,
    NOTHING,
    OF_FAMILY,
    DoubtError,
    Parts,
    both,
    if_all,
    if_any,
    of_protocols,
    on,
    opaque,
)
from aclproof.parsers.nftables.ruleset import FAMILY_OF, Tree
from aclproof.parsers.nftables.text.symbols import SYMBOLS

Axis = Literal["sources", "destinations", "source_ports", "destination_ports"]
_AXES: Mapping[tuple[str, str], Axis] = {
    ("original", "saddr"): "sources", ("original", "daddr"): "destinations",
    ("original", "proto-src"): "source_ports", ("original", "proto-dst"): "destination_ports",
    ("reply", "saddr"): "destinations", ("reply", "daddr"): "sources",
    ("reply", "proto-src"): "destination_ports", ("reply", "proto-dst"): "source_ports"}
_CONNECTED = HasConnection()
_WITH_CONNECTION: Parts = if_any(_CONNECTED)


def field(key: str, direction: str) -> Field:
    """Return what is known of a connection by nft's word for it; DoubtError for what is not followed."""
    network, _, name = key.rpartition(" ")
    if (direction, name) in _AXES:
        found = FAMILY_OF.get(network)
        if name.endswith("addr") and found is None:
            raise DoubtError(within=_WITH_CONNECTION)
        return FirstPacket(direction, name, found)
    match key:
        case "state":
            return State()
        case "status":
            return Status()
        case "direction":
            return Direction()
        case "mark":
            return Mark("connection")
        case "protocol":
            return Numeric(ANY_PROTOCOL, values.protocol,
                           lambda numbers: on(of_protocols(numbers), _CONNECTED))
        case "helper":
            return Helper()
        case _:
            raise DoubtError(within=_WITH_CONNECTION)


class State(Field):
    """The state of the connection: every packet has exactly one."""

    def among(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        found = self._alone(values)
        return if_any(InState(found)) if found else NOTHING

    def outside(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        found = self._alone(values)
        return if_any(InState(found, negated=True)) if found else EVERYTHING

    def any_bit(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        found = self._each(values)
        return if_any(InState(found)) if found else NOTHING

    def no_bit(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        found = self._each(values)
        return if_any(InState(found, negated=True)) if found else EVERYTHING

    def _alone(self, values: Sequence[Tree]) -> frozenset[str]:
        """The states that values are equal to: several joined in one are none."""
        return frozenset(state for value in values if len(found := self._each([value])) == 1
                         for state in found)

    @staticmethod
    def _each(values: Sequence[Tree]) -> frozenset[str]:
        bits = _bits(values, SYMBOLS["ct_state"])
        unknown = bits & ~sum(SYMBOLS["ct_state"].values())
        if unknown:
            raise DoubtError
        return frozenset(names.STATES[name] for name, bit in SYMBOLS["ct_state"].items() if bits & bit)


def _bits(trees: Sequence[Tree], known: Mapping[str, int]) -> int:
    return values.bits(list(trees), known)


class Status(Field):
    """What tracking notes of the connection: translated, answered, and the like."""

    has = _WITH_CONNECTION

    def __init__(self, mask: int | None = None) -> None:
        self._mask = mask
        """The bits that are looked at; None for all, of which some are not followed."""

    def among(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        return both(self.has, [part for value in values for part in if_all(
            *(_noted(bit, negated=not there) for bit, there in self._compared(value)))])

    def outside(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        found = self.has
        for value in values:
            found = both(found, if_any(*(_noted(bit, negated=there)
                                         for bit, there in self._compared(value))))
        return found

    def any_bit(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        return both(self.has, if_any(*self._either(values, negated=False)))

    def no_bit(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        return both(self.has, if_all(*self._either(values, negated=True)))

    def masked(self, mask: Tree) -> Field:
        """As `Field` says."""
        bits = _bits([mask], names.STATUS_BITS)
        return Status(bits if self._mask is None else bits & self._mask)

    def _compared(self, value: Tree) -> Sequence[tuple[int, bool]]:
        """Each bit that is looked at, and whether the value has it."""
        wanted = _bits([value], names.STATUS_BITS)
        if self._mask is None or wanted & ~self._mask:
            raise DoubtError(within=self.has)
        return [(bit, bool(wanted & bit)) for bit in _each_bit(self._mask)]

    def _either(self, values: Sequence[Tree], *, negated: bool) -> Sequence[Condition]:
        bits = _bits(values, names.STATUS_BITS) & (-1 if self._mask is None else self._mask)
        of_translation = bits & sum(names.TRANSLATED)
        return [_noted(each, negated=negated) for each in (of_translation, bits & ~of_translation) if each]


def _each_bit(bits: int) -> Iterator[int]:
    return (1 << at for at in range(bits.bit_length()) if bits >> at & 1)


def _noted(bits: int, *, negated: bool) -> Condition:
    """That one of some bits is set, which are all of translation or all others."""
    unknown = bits & ~sum(names.STATUS_BITS.values())
    if unknown:
        raise DoubtError(within=_WITH_CONNECTION)
    each = list(_each_bit(bits))
    if names.TRANSLATED.keys() & set(each):
        return InState(frozenset(names.TRANSLATED[bit] for bit in each), negated)
    return HasStatus(frozenset(names.STATUSES[bit] for bit in each), negated)


class Direction(Field):
    """Whether the packet goes as the first one did, or answers it."""

    has = _WITH_CONNECTION

    def among(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        wanted = {self._is_reply(value) for value in values}
        return both(self.has, if_any(*(IsReply(negated=not reply) for reply in sorted(wanted))))

    def outside(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        wanted = {False, True} - {self._is_reply(value) for value in values}
        return both(self.has, if_any(*(IsReply(negated=not reply) for reply in sorted(wanted))))

    @staticmethod
    def _is_reply(value: Tree) -> bool:
        if value in ("original", "reply", 0, 1):
            return value in ("reply", 1)
        raise values.not_known(value)


class Helper(Field):
    """The helper that expected the connection; one that nobody expected has none."""

    has = _WITH_CONNECTION

    def among(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        expected = HasStatus(frozenset({"EXPECTED"}))
        return on(both(self.has, if_any(expected)), opaque("ct helper"))

    def outside(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        raise DoubtError(within=self.has)


class Mark(Field):
    """The mark of the packet or of its connection, under a mask."""

    def __init__(self, whose: Whose, mask: int = ALL_BITS) -> None:
        self._whose, self._mask = whose, mask
        self.has = EVERYTHING if whose == "packet" else _WITH_CONNECTION
        self._read = values.number(ALL_BITS)

    def among(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        return both(self.has, if_any(*self._conditions(values, negated=False)))

    def outside(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        return both(self.has, if_all(*self._conditions(values, negated=True)))

    def ordered(self, op: str, value: Tree) -> Parts:
        """As `Field` says."""
        if self._mask != ALL_BITS:
            raise DoubtError(within=self.has)
        low, high = ends_of(op, values.only(self._read, value), 0, ALL_BITS)
        if low > high:
            return NOTHING
        if low:  # fewer conditions than of what is above
            return self.outside([{"range": [0, low - 1]}])
        return self.among([{"range": [low, high]}])

    def any_bit(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        raise DoubtError(within=self.has)

    def no_bit(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        raise DoubtError(within=self.has)

    def masked(self, mask: Tree) -> Field:
        """As `Field` says."""
        return Mark(self._whose, self._mask & values.only(self._read, mask))

    def _conditions(self, trees: Sequence[Tree], *, negated: bool) -> Sequence[HasMark]:
        numbers = IntervalSet.union(map(self._read, trees))
        if self._mask == ALL_BITS:
            return [HasMark(self._whose, value, mask, negated) for low, high in numbers.ranges
                    for value, mask in _blocks(low, high)]
        return [HasMark(self._whose, each, self._mask, negated) for tree in trees
                for each in every(self._read(tree), tree) if not each & ~self._mask]


def _blocks(low: int, high: int) -> Iterator[tuple[int, int]]:
    """A range as numbers under masks: blocks that each have the same first bits."""
    while low <= high:
        size = low & -low or ALL_BITS + 1
        while size > high - low + 1:
            size >>= 1
        yield low, ALL_BITS & ~(size - 1)
        low += size


class FirstPacket(Field):
    """An end of the connection's first packet, as it came."""

    def __init__(self, direction: str, name: str, family: Family | None) -> None:
        self._axis = _AXES[direction, name]
        self._unless_translated = direction == "reply"
        self.has, self._read = _WITH_CONNECTION, values.port
        if name.endswith("addr"):
            assert family
            self.has, self._read = both(_WITH_CONNECTION, OF_FAMILY[family]), values.address(family)

    def among(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        return both(self.has, if_any(self._came_with(values, negated=False)))

    def outside(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        return both(self.has, if_any(self._came_with(values, negated=True)))

    def _came_with(self, trees: Sequence[Tree], *, negated: bool) -> CameWith:
        return CameWith(self._axis, IntervalSet.union(map(self._read, trees)), negated,
                        unless_translated=self._unless_translated)

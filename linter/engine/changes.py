"""What an effect does to packets, and to what is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from aclproof.parsers.model.conditions import UNTRACKED, Context
from aclproof.parsers.model.effects import CopyMark, End, SetMark, Translate, Untrack
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import is_icmp
from aclproof.parsers.model.ternary import has_connection

_ALL_BITS = 0xFFFFFFFF


def marked(effect: SetMark | CopyMark | Untrack, context: Context, *, sure: bool) -> Context:
    """Return what is known of packets after an effect that leaves their ends alone."""
    if isinstance(effect, Untrack):
        untracked = frozenset({UNTRACKED})
        return replace(context, states=untracked if sure else context.states | untracked)
    if _needs_connection(effect):
        connected = has_connection(context)
        if connected is False:
            return context
        sure = sure and connected is True
    match effect:
        case SetMark(whose="packet"):
            return replace(context, mark=_set_mark(effect, context.mark, sure=sure))
        case SetMark():
            return replace(context, connection_mark=_set_mark(effect, context.connection_mark, sure=sure))
        case CopyMark(to="packet"):
            return replace(context, mark=context.connection_mark if sure else None)
        case CopyMark():
            return replace(context, connection_mark=context.mark if sure else None)
        case _:
            assert_never(effect)


def _needs_connection(effect: SetMark | CopyMark) -> bool:
    """Whether an effect does nothing to packets that belong to no connection."""
    return isinstance(effect, CopyMark) or effect.whose == "connection"


def _set_mark(effect: SetMark, old: int | None, *, sure: bool) -> int | None:
    """The mark after an effect, None where it is not known; what a mask covers whole needs no old mark."""
    if effect.mask == _ALL_BITS:
        old = 0
    if old is None or not effect.known or not sure:
        return None
    return (old & ~effect.mask) ^ effect.value


@dataclass(frozen=True, slots=True)
class Rewriting:
    """Packets before and after one of their ends was translated: shifted, or replaced by a choice."""

    before: Box
    after: Box
    end: End
    shift: int | None
    """What was added to each address; None where any address of `after` may have been chosen."""
    ports_kept: bool

    @property
    def chooses_address(self) -> bool:
        """Whether a packet may get one of several addresses."""
        return self.shift is None and _end(self.after, self.end)[0].size > 1

    @property
    def chooses_port(self) -> bool:
        """Whether a packet may get one of several ports."""
        return not self.ports_kept and _end(self.after, self.end)[1].size > 1

    @property
    def exact(self) -> bool:
        """Whether each packet has one image only."""
        return not (self.chooses_address or self.chooses_port)

    def back(self, part: Box) -> Box:
        """Return the packets that may become one of `part`, which lies in `after`."""
        addresses, ports = _end(self.before, self.end)
        if self.shift is not None:
            addresses = _shifted(_end(part, self.end)[0], -self.shift)
        return with_end(part, self.end, addresses, _end(part, self.end)[1] if self.ports_kept else ports)


def _end(box: Box, end: End) -> tuple[IntervalSet, IntervalSet]:
    return (box.sources, box.source_ports) if end == "source" else (box.destinations, box.destination_ports)


def with_end(box: Box, end: End, addresses: IntervalSet, ports: IntervalSet) -> Box:
    """Return the box with other addresses and ports at one end."""
    if end == "source":
        return replace(box, sources=addresses, source_ports=ports)
    return replace(box, destinations=addresses, destination_ports=ports)


def rewriting(effect: Translate, box: Box, own: IntervalSet) -> Rewriting | None:
    """Translate one end of a box; None when the configuration does not show to what.

    `own` are the firewall's addresses of that family, as far as they are known.
    """
    addresses, ports = _end(box, effect.end)
    shift: int | None = 0
    if effect.itself:
        if own.size != 1:
            return None
        addresses, shift = own, None
    elif effect.offset is not None:
        addresses, shift = _shifted(addresses, effect.offset), effect.offset
    elif effect.addresses is not None:
        low, high = effect.addresses
        if effect.shifted:
            size = high - low + 1
            block = addresses.lowest - addresses.lowest % size
            if addresses.ranges[-1][1] >= block + size:
                return None
            shift = low - block
            addresses = _shifted(addresses, shift)
        else:
            addresses, shift = IntervalSet.of((low, high)), None
    ports_kept = effect.ports is None or is_icmp(box.protocol)
    if effect.ports is not None and not ports_kept:
        ports = IntervalSet.of(effect.ports)
    return Rewriting(box, with_end(box, effect.end, addresses, ports), effect.end, shift, ports_kept)


def undone(rewriting: Rewriting, before: Box, after: Box) -> Rewriting:
    """Undo a translation for the answers: `before` and `after` answer the packets before and after it."""
    end: End = "destination" if rewriting.end == "source" else "source"
    shift = None if rewriting.shift is None else -rewriting.shift
    return Rewriting(after, before, end, shift, rewriting.ports_kept)


def _shifted(numbers: IntervalSet, by: int) -> IntervalSet:
    return IntervalSet(tuple((low + by, high + by) for low, high in numbers.ranges))


def common(parts: Iterable[Box], others: Iterable[Box]) -> Iterator[Box]:
    """Yield the packets that lie in one of the parts and in one of the others."""
    rest = list(others)
    for part in parts:
        for other in rest:
            met = part & other
            if met:
                yield met

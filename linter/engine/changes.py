"""What an effect does to packets, and to what is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from aclproof.parsers.model.conditions import INVALID, NEW, UNTRACKED, Context
from aclproof.parsers.model.effects import (
    ALL_BITS,
    ChangeHopLimit,
    CopyMark,
    End,
    Notice,
    SetMark,
    TrackIn,
    Translate,
    Untrack,
)
from aclproof.parsers.model.intervals import IntervalSet, Range
from aclproof.parsers.model.packet_conditions import AS_SENT, HopLimit, Recorded
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import is_icmp
from aclproof.parsers.model.ternary import has_connection

_MOST_HOPS = 255
_NOT_FOUND = frozenset({NEW, INVALID})
"""The states of a packet whose connection is in another zone."""


def noticed(effect: Notice, context: Context, *, sure: bool) -> Context:
    """Return what is known of packets after an effect that leaves their ends alone."""
    match effect:
        case Untrack() | TrackIn():
            return _tracked(effect, context, sure=sure)
        case ChangeHopLimit():
            return replace(context, hop_limit=_hop_limit(effect, context.hop_limit, sure=sure))
        case _:
            return _marked(effect, context, sure=sure)


def _tracked(effect: Untrack | TrackIn, context: Context, *, sure: bool) -> Context:
    """The first line that says how a packet is tracked counts (xt_CT.c), before it is looked up; but for
    nft what was kept out of tracking has no such line.
    """
    anew = isinstance(effect, TrackIn) and effect.untracked_too and UNTRACKED in context.states
    if (context.claimed and not anew) or (context.place.tracked and isinstance(effect, TrackIn)):
        return context
    sure = sure and (context.claimed is False or (anew and context.states == {UNTRACKED}))
    context = replace(context, claimed=True if sure else context.claimed or None)
    if isinstance(effect, Untrack):
        untracked = frozenset({UNTRACKED})
        return replace(context, states=untracked if sure else context.states | untracked)
    original, reply = context.zones
    zones = (effect.original if sure or effect.original == original else None,
             effect.reply if sure or effect.reply == reply else None)
    context = replace(context, zones=zones)
    still = frozenset() if anew and sure else context.states & {UNTRACKED}
    if context.recorded:
        return replace(context, states=looked_up(context.recorded, zones[context.reply]) | still)
    return replace(context, states=context.states - {UNTRACKED} | _NOT_FOUND | still) if anew else context


def looked_up(recorded: Recorded, zone: int | None) -> frozenset[str]:
    """The states that a packet of a recorded connection may be in, where it is looked up in a zone."""
    if zone is None or recorded.zone is None:
        return recorded.states | _NOT_FOUND
    return recorded.states if zone == recorded.zone else _NOT_FOUND


def _hop_limit(effect: ChangeHopLimit, old: HopLimit, *, sure: bool) -> HopLimit:
    """What the sender gave stays enough for the way when it grows, or when a router takes its one away."""
    if effect.how == "set":
        return effect.value if sure or old == effect.value else None
    if old == AS_SENT and (effect.how == "increase" or effect.value <= 1):
        return AS_SENT
    if not isinstance(old, int) or not sure:
        return None
    step = effect.value if effect.how == "increase" else -effect.value
    return min(max(old + step, 0), _MOST_HOPS)


def _marked(effect: SetMark | CopyMark, context: Context, *, sure: bool) -> Context:
    if isinstance(effect, CopyMark) or effect.whose == "connection":
        connected = has_connection(context)
        if connected is False:
            return context
        sure = sure and connected is True
    marks = {"packet": context.mark, "connection": context.connection_mark}
    whose = effect.whose if isinstance(effect, SetMark) else effect.to
    if isinstance(effect, SetMark):
        value, mask = (effect.value if effect.known else None), effect.mask
    else:
        value, mask = marks["connection" if whose == "packet" else "packet"], effect.to_mask
        value = None if value is None else _moved(value & effect.from_mask, effect.shift)
    new = _merged(0 if mask == ALL_BITS else marks[whose], value, mask)
    if isinstance(effect, SetMark) and new is not None:
        new = _moved(new, effect.shift)
    if whose == "packet":
        return replace(context, mark=new if sure else None)
    return replace(context, connection_mark=new if sure else None)


def _merged(old: int | None, value: int | None, mask: int) -> int | None:
    return None if old is None or value is None else (old & ~mask) ^ value


def _moved(mark: int, bits: int) -> int:
    return mark << bits & ALL_BITS if bits > 0 else mark >> -bits


class Rewriting(Struct, frozen=True):
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

    def spread(self, box: Box, end: End) -> Rewriting:
        """Return how what was chosen is spread at one end of other packets: all of them or none may be it."""
        return Rewriting(box, box, end, None if self.chooses_address else 0, not self.chooses_port)

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


def may_stay(effect: Translate, box: Box) -> Box | None:
    """Return the packets that may be left as they are: their end is one of those that it may become, and a
    free one is kept (nf_nat_core.c). What becomes the firewall's own address had another one.
    """
    if effect.itself or effect.offset:
        return None
    addresses, ports = _end(box, effect.end)
    if effect.addresses is not None and effect.offset is None:
        addresses &= IntervalSet.of(effect.addresses)
    if effect.ports is not None and not is_icmp(box.protocol):
        ports &= IntervalSet.of(effect.ports)
    return with_end(box, effect.end, addresses, ports) if addresses and ports else None


def to_any_address(box: Box, ports: Range | None = None) -> Rewriting:
    """Give the sources an address that no file shows: lists may permit every one all the same.

    `ports` are those that packets may have then; None where they keep theirs.
    """
    if is_icmp(box.protocol):
        ports = None
    there = box.source_ports if ports is None else IntervalSet.of(ports)
    whole = IntervalSet.of((0, box.family.last))
    return Rewriting(box, with_end(box, "source", whole, there), "source", None, ports is None)


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

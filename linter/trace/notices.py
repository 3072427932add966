"""What rules change of what is known of one packet: marks, how it is tracked, its hop limit.

Written from the kernel's targets (xt_mark.c, xt_connmark.c, xt_CT.c, xt_HL.c); the sets of `check` have their
own in linter.engine.changes.
"""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from aclproof.linter.trace.conditions import has_connection
from aclproof.parsers.model.conditions import INVALID, NEW, UNTRACKED, Context
from aclproof.parsers.model.effects import ChangeHopLimit, CopyMark, Notice, SetMark, TrackIn, Untrack
from aclproof.parsers.model.packet_conditions import AS_SENT, HopLimit, Recorded
from aclproof.parsers.model.packets import Packet

_WORD = 2**32


def notice(effect: Notice, packet: Packet, context: Context, *, sure: bool) -> Context:
    """Return what is known of the packet after the effect, which it meets, or only may meet."""
    match effect:
        case SetMark(whose="packet"):
            mark = _set(effect, context.mark) if sure else None
            return replace(context, mark=mark)
        case SetMark() | CopyMark():
            return _with_connection(effect, packet, context, sure=sure)
        case Untrack() | TrackIn():
            return _claimed(effect, context, sure=sure)
        case ChangeHopLimit():
            return _with_hops(effect, context, sure=sure)
        case _:
            assert_never(effect)


def _claimed(effect: Untrack | TrackIn, context: Context, *, sure: bool) -> Context:
    again = isinstance(effect, TrackIn) and effect.untracked_too and UNTRACKED in context.states
    if context.claimed is True and not again:  # xt_CT.c: "Previously seen (loopback or untracked)? Ignore."
        return context
    if context.place.tracked and isinstance(effect, TrackIn):  # nft_ct.c: it is looked up by then
        return context
    certain = sure and (context.claimed is False or (again and len(context.states) == 1))
    context = replace(context, claimed=True if certain or context.claimed else None)
    if again:
        others = {UNTRACKED} if not certain else set()
        context = replace(context, states=frozenset({NEW, INVALID} | others | (context.states - {UNTRACKED})))
    if isinstance(effect, TrackIn):
        return _in_zone(effect, context, sure=certain)
    return replace(context, states=frozenset({UNTRACKED} if certain else {UNTRACKED, *context.states}))


def _with_connection(effect: SetMark | CopyMark, packet: Packet, context: Context, *, sure: bool) -> Context:
    """Where there is no connection there is no mark of one, neither to set nor to copy."""
    connected = has_connection(packet, context)
    if connected is False:
        return context
    if isinstance(effect, SetMark):
        new, to = _set(effect, context.connection_mark), "connection"
    elif effect.to == "packet":
        new, to = _copied(effect, context.connection_mark, context.mark), "packet"
    else:
        new, to = _copied(effect, context.mark, context.connection_mark), "connection"
    if not sure or connected is None:
        new = None
    return replace(context, mark=new) if to == "packet" else replace(context, connection_mark=new)


def _set(effect: SetMark, old: int | None) -> int | None:
    """The mark after `(old & ~mask) ^ value` and the shift; None where that is not known."""
    if effect.mask == _WORD - 1:
        old = 0
    if old is None or not effect.known:
        return None
    return _shifted((old & ~effect.mask) ^ effect.value, effect.shift)


def _copied(effect: CopyMark, given: int | None, old: int | None) -> int | None:
    if given is None:
        return None
    kept = 0 if effect.to_mask == _WORD - 1 else None if old is None else old & ~effect.to_mask
    return None if kept is None else kept ^ _shifted(given & effect.from_mask, effect.shift)


def _shifted(mark: int, bits: int) -> int:
    return (mark << bits) % _WORD if bits >= 0 else mark >> abs(bits)


def _in_zone(effect: TrackIn, context: Context, *, sure: bool) -> Context:
    before = context.zones
    zones: tuple[int | None, int | None] = (effect.original, effect.reply)
    if not sure:
        zones = (zones[0] if zones[0] == before[0] else None, zones[1] if zones[1] == before[1] else None)
    context = replace(context, zones=zones)
    if context.recorded is None:
        return context
    own = zones[1] if context.reply else zones[0]
    states = states_in_zone(context.recorded, own)
    return replace(context, states=states | (context.states & {UNTRACKED}))


def states_in_zone(recorded: Recorded, zone: int | None) -> frozenset[str]:
    """The states of a later packet: another zone has no such connection, and takes it for the first of
    one."""
    strange = frozenset({NEW, INVALID})
    if recorded.zone is None or zone is None:
        return strange | recorded.states
    return recorded.states if recorded.zone == zone else strange


def _with_hops(effect: ChangeHopLimit, context: Context, *, sure: bool) -> Context:
    left = context.hop_limit
    new: HopLimit
    match effect.how:
        case "set":
            new = effect.value if sure or left == effect.value else None
        case "increase":
            new = AS_SENT if left == AS_SENT else None
            if isinstance(left, int) and sure:
                new = min(left + effect.value, 255)
        case _:
            kept = left == AS_SENT and effect.value < 2  # a router takes one of enough
            new = AS_SENT if kept else max(left - effect.value, 0) if isinstance(left, int) and sure else None
    return replace(context, hop_limit=new)

"""Evaluate a condition: yes, no or unknown, or one side narrowed to the addresses that a fact names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import assert_never

from msgspec import Struct

from aclproof.parsers.model.addresses import ANY, AddressSet
from aclproof.parsers.model.conditions import (
    ESTABLISHED,
    INVALID,
    LOOPBACK,
    NEW,
    RELATED,
    UNTRACKED,
    CameWith,
    Condition,
    Context,
    Fact,
    ForListener,
    HasFlags,
    HasMark,
    InProfile,
    InState,
    IsItself,
    IsReply,
    Membership,
    OnInterface,
    Opaque,
    Place,
    ServedBy,
    Side,
    TimeRange,
)
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packet_conditions import (
    AS_SENT,
    HasConnection,
    HasStatus,
    HopLimitWithin,
    IsBridged,
    Status,
)
from aclproof.parsers.model.services import ANY_PORT


class Ternary(Enum):
    """Whether a condition holds for the packets in question."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Within(Struct, frozen=True):
    """The condition holds exactly for these addresses on one side."""

    side: Side
    addresses: AddressSet


def settle(condition: Condition, context: Context) -> Ternary | Within:
    """Evaluate a condition, with what is known."""
    if isinstance(condition, ForListener) and condition.listener != context.listener:
        return Ternary.NO
    fact = _fact(condition, context)
    if isinstance(fact, bool):
        return _ternary(fact, negated=isinstance(condition, _ASKED_EITHER_WAY) and condition.negated)
    match condition:
        case Membership():
            return Ternary.UNKNOWN if fact is None else _within(condition, fact)
        case IsItself():
            return _itself(condition, context, fact)
        case _:
            return _by_context(condition, context)


def _fact(condition: Condition, context: Context) -> Fact | None:
    """What the user says about it; of a hop limit only what no rule has made of it."""
    if isinstance(condition, HopLimitWithin):
        asked = AS_SENT if condition.of_sender is None else None
        if context.hop_limit != asked:
            return None
    return context.facts.get(condition.key) if condition.key else None


_ASKED_EITHER_WAY = (Opaque, IsBridged)
"""Conditions whose fact answers the question, whichever answer the rule wants."""

_OfConnection = IsReply | InState | HasConnection | HasStatus | CameWith
_OfPacket = OnInterface | HopLimitWithin | IsBridged | HasFlags | HasMark | _OfConnection
_ByContext = TimeRange | Opaque | ForListener | InProfile | ServedBy | _OfPacket
"""Conditions that no set of addresses can settle."""


def _by_context(condition: _ByContext, context: Context) -> Ternary:
    match condition:
        case TimeRange():
            return _ternary(condition.active(context.as_of))
        case Opaque(relied_on=relied_on, usual=usual, negated=negated):
            return _ternary(usual if relied_on else None, negated=negated)
        case ForListener():
            return Ternary.YES if condition.sure else Ternary.UNKNOWN
        case InProfile():
            profile = context.place.profile
            return _ternary(profile in condition.profiles if profile else None)
        case ServedBy():
            return _ternary(_served(condition, context.listener))
        case _:
            answer = _ternary(_holds(condition, context), negated=condition.negated)
            of_connection = isinstance(condition, HasMark) and condition.whose == "connection"
            return _of_its_mark(answer, context) if of_connection else answer


def _of_its_mark(answer: Ternary, context: Context) -> Ternary:
    """Without a connection not even a negated test holds; what stands in for one has a mark of its own."""
    connected = has_connection(context)
    if connected or (answer is Ternary.NO and context.place.tracked):
        return answer
    return _ternary(connected)


def _within(condition: Membership | IsItself, fact: AddressSet) -> Within:
    return Within(condition.side, ANY - fact if condition.negated else fact)


def _ternary(holds: bool | None, *, negated: bool = False) -> Ternary:
    if holds is None:
        return Ternary.UNKNOWN
    return Ternary.YES if holds is not negated else Ternary.NO


def _itself(condition: IsItself, context: Context, fact: AddressSet | None) -> Ternary | Within:
    place = context.place
    known = place.from_itself if condition.side == "source" else place.to_itself
    if known is None and fact is not None:
        return _within(condition, fact)
    return _ternary(known, negated=condition.negated)


def _holds(condition: _OfPacket, context: Context) -> bool | None:
    match condition:
        case OnInterface():
            return _by(condition, context.place)
        case HopLimitWithin():
            return _hop_limit(condition, context)
        case IsBridged():
            return _bridged(context.place)
        case HasFlags():
            return _all_or_none(flags & condition.mask == condition.value for flags in context.flags)
        case HasMark():
            mark = context.mark if condition.whose == "packet" else context.connection_mark
            return None if mark is None else mark & condition.mask == condition.value
        case _:
            return _of_connection(condition, context)


def _of_connection(condition: _OfConnection, context: Context) -> bool | None:
    match condition:
        case IsReply():
            return context.reply if has_connection(context) else None
        case InState():
            return _in_state(condition.states, context)
        case HasConnection():
            return has_connection(context)
        case HasStatus():
            return _has_status(condition.statuses, context)
        case CameWith():
            return _came_with(condition, context)
        case _:
            assert_never(condition)


def _came_with(condition: CameWith, context: Context) -> bool | None:
    if context.original is None or not has_connection(context):
        return None
    if condition.unless_translated:
        of_source = condition.axis.startswith("source")
        if (context.source_translated if of_source else context.translated) is not False:
            return None
        if condition.axis.endswith("ports") and context.original.source_ports == ANY_PORT:
            return None  # of ICMP, the answer has no such number
    came: IntervalSet = getattr(context.original, condition.axis)
    return True if came <= condition.numbers else None if came.overlaps(condition.numbers) else False


def _has_status(statuses: frozenset[Status], context: Context) -> bool | None:
    """Without a connection there is no status."""
    return _all_or_none(_any_of([_status(status, state, context) for status in statuses])
                        for state in _states(context))


def _any_of(answers: Sequence[bool | None]) -> bool | None:
    return True if True in answers else None if None in answers else False


def _status(status: Status, state: str, context: Context) -> bool | None:
    """Whether connections in a state have a status; None for those that may."""
    if state in _NO_CONNECTION:
        return False
    first = context.recorded is None and context.place.tracked  # before, xt_CT.c confirms its template
    match status:
        case "EXPECTED":
            return state == RELATED
        case "CONFIRMED":
            return True if state == ESTABLISHED else False if first else None
        case "SEEN_REPLY":
            return True if state == ESTABLISHED else False if first or state == NEW else None
        case _:  # ASSURED: not before both sides have sent
            return False if first or state == NEW else None


def _hop_limit(condition: HopLimitWithin, context: Context) -> bool | None:
    known = context.hop_limit
    if known == AS_SENT:
        return condition.of_sender
    return None if known is None else condition.low <= known <= condition.high


def _bridged(place: Place) -> bool | None:
    """What comes from the host, goes to it, or changes its interface is not bridged."""
    if place.to_itself or place.from_itself:
        return False
    return False if place.ingress and place.egress and place.ingress != place.egress else None


def _served(condition: ServedBy, listener: str) -> bool | None:
    other = listener.endswith(".exe") and any(program != listener for program in condition.programs)
    return True if listener in condition.surely else False if other or listener in condition.never else None


def _by(condition: OnInterface, place: Place) -> bool | None:
    name = place.ingress if condition.way == "in" else place.egress
    if name is None:
        return False if condition.name == LOOPBACK else None  # from another host nothing comes by it
    if condition.name.endswith("+"):
        return name.startswith(condition.name[:-1])
    return name == condition.name


def has_connection(context: Context) -> bool | None:
    """Whether the packets belong to a tracked connection: not before tracking, and not all after it.

    Before tracking, a line that says in which zone they are tracked stands in for one: nothing is known of
    it.
    """
    if not context.place.tracked and context.claimed is not False and context.states != {UNTRACKED}:
        return None
    return _all_or_none(state not in _NO_CONNECTION for state in _states(context))


_NO_CONNECTION = frozenset({INVALID, UNTRACKED})


def _states(context: Context) -> frozenset[str]:
    """The states as a test sees them: before tracking every packet is invalid that is not kept untracked.

    One of which a line said how it is tracked counts as new (xt_CT.c attaches a template).
    """
    if context.place.tracked:
        return context.states
    before = {None: {INVALID, NEW}, True: {NEW}, False: {INVALID}}[context.claimed]
    untracked = context.states & {UNTRACKED}
    return untracked if untracked == context.states else untracked | before


def _in_state(states: frozenset[str], context: Context) -> bool | None:
    had = {"DNAT": context.translated, "SNAT": context.source_changed}
    translated = context.place.tracked and _any_of([had[name] for name in had if name in states])
    return _all_or_none(state in states or (state not in _NO_CONNECTION and translated)
                        for state in _states(context))


def _all_or_none(answers: Iterable[bool | None]) -> bool | None:
    found = set(answers)
    return found.pop() if len(found) == 1 else None

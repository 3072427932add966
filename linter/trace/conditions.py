"""Whether one packet meets a condition, written from what a firewall does with one packet.

Nothing here is shared with the sets of `check`, whose conditions parsers.model.ternary decides. What is not
known of a packet (its connection's state, its TCP flags) is tried value by value: a condition that holds for
all of them is met, one that holds for none is not, any other stays open.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import assert_never

from msgspec import Struct

from aclproof.parsers.model.addresses import AddressSet
from aclproof.parsers.model.conditions import (
    ESTABLISHED,
    INVALID,
    NEW,
    RELATED,
    UNTRACKED,
    CameWith,
    Condition,
    Context,
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
    TimeRange,
)
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packet_conditions import (
    AS_SENT,
    HasConnection,
    HasStatus,
    HopLimit,
    HopLimitWithin,
    IsBridged,
)
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.services import is_icmp


class _Case(Struct, frozen=True):
    """What one packet may be: one state of its connection, one byte of TCP flags."""

    packet: Packet
    context: Context
    state: str
    flags: int

    @property
    def connected(self) -> bool:
        """Whether the kernel has a connection for it here (`nf_ct_get` finds one)."""
        return self.context.place.tracked and self.state not in (INVALID, UNTRACKED)

    @property
    def templated(self) -> bool:
        """Whether xt_CT.c has, or may have, attached a template, which looks like a connection until
        tracking."""
        before = not self.context.place.tracked and self.state != UNTRACKED
        return before and self.context.claimed is not False

    @property
    def seen_states(self) -> frozenset[str]:
        """Its state as a rule sees it: before tracking, what is not kept untracked counts as invalid."""
        if self.connected or self.state == UNTRACKED:
            return frozenset({self.state})
        if self.context.place.tracked or not self.templated:
            return frozenset({INVALID})
        return frozenset({NEW} if self.context.claimed else {NEW, INVALID})


def holds(condition: Condition, packet: Packet, context: Context) -> bool | None:
    """Whether the packet meets the condition; None where that is not known."""
    answers = {_holds(condition, case) for case in _cases(condition, packet, context)}
    return answers.pop() if len(answers) == 1 else None


def has_connection(packet: Packet, context: Context) -> bool | None:
    """Whether the packet belongs to a tracked connection; None where that is not known."""
    cases = [_Case(packet, context, state, 0) for state in context.states]
    answers = {None if case.templated else case.connected for case in cases}
    return answers.pop() if len(answers) == 1 else None


def _cases(condition: Condition, packet: Packet, context: Context) -> Iterator[_Case]:
    """What the packet may be, as far as it matters for the condition."""
    states = context.states if isinstance(condition, _OF_CONNECTIONS) else {""}
    flags = context.flags if isinstance(condition, HasFlags) else {0}
    return (_Case(packet, context, *each) for each in product(states, flags))


_OfConnection = InState | HasConnection | HasStatus | HasFlags | HasMark | CameWith | IsReply
_OfPacket = IsBridged | HopLimitWithin | OnInterface | _OfConnection
_OF_CONNECTIONS = (InState, HasConnection, HasStatus, HasMark, CameWith, IsReply)


def _holds(condition: Condition, case: _Case) -> bool | None:
    if isinstance(condition, ForListener) and condition.listener != case.context.listener:
        return False
    fact = case.context.facts.get(condition.key) if condition.key else None
    if isinstance(condition, HopLimitWithin) and not _may_be_stated(condition, case.context.hop_limit):
        fact = None
    if isinstance(fact, bool):  # yes or no is said of the condition as it is written, negation included
        return fact is not (isinstance(condition, Opaque | IsBridged) and condition.negated)
    if case.templated and _asks_connection(condition):
        return None
    if isinstance(condition, HasMark) and condition.whose == "connection" and not case.connected:
        return False  # xt_connmark: where there is no connection, not even the negated test holds
    if isinstance(condition, CameWith | IsReply) and not case.connected:
        return None  # xt_conntrack: it depends on what else the same match tests
    answer = _plainly(condition, case, fact)
    return answer if answer is None or not getattr(condition, "negated", False) else not answer


def _in_its_days(condition: TimeRange, today: date | None) -> bool | None:
    """Whether today is in a time-range, by its first and last day alone."""
    if not today:
        return None
    if condition.ended and today > condition.ended:
        return False
    if condition.started and today < condition.started:
        return False
    return True if condition.always_after and condition.started and condition.started != today else None


def _asks_connection(condition: Condition) -> bool:
    """Whether a test looks into the connection, where a template has something of its own."""
    if isinstance(condition, HasMark):
        return condition.whose == "connection"
    if isinstance(condition, HasStatus):
        return "CONFIRMED" in condition.statuses
    return isinstance(condition, HasConnection | CameWith | IsReply)


def _may_be_stated(condition: HopLimitWithin, left: HopLimit) -> bool:
    """A user knows how packets were sent, or that they get through, but not what a rule makes of them."""
    return left == AS_SENT if condition.of_sender is None else left is None


def _plainly(condition: Condition, case: _Case, fact: AddressSet | None) -> bool | None:
    """What holds before negation."""
    context, place = case.context, case.context.place
    match condition:
        case Opaque():
            return condition.usual if condition.relied_on else None
        case TimeRange():
            return _in_its_days(condition, context.as_of)
        case Membership():
            return None if fact is None else _end(case.packet, condition.side) in fact.of(case.packet.family)
        case IsItself():
            itself = place.to_itself if condition.side == "destination" else place.from_itself
            if itself is None and fact is not None:
                return _end(case.packet, condition.side) in fact.of(case.packet.family)
            return itself
        case ForListener():
            return True if condition.sure else None
        case ServedBy():
            if context.listener.endswith(".exe") and condition.programs - {context.listener}:
                return False
            return {**dict.fromkeys(condition.never, False),
                    **dict.fromkeys(condition.surely, True)}.get(context.listener)
        case InProfile():
            return place.profile in condition.profiles if place.profile else None
        case _:
            return _on_its_way(condition, case)


def _on_its_way(condition: _OfPacket, case: _Case) -> bool | None:
    place = case.context.place
    match condition:
        case IsBridged():
            return _crosses_a_bridge(place)
        case HopLimitWithin():
            return _hops_left(condition, case.context)
        case OnInterface():
            return _by_interface(condition, place.egress if condition.way == "out" else place.ingress)
        case _:
            return _of_connection(condition, case)


def _end(packet: Packet, side: str) -> int:
    return packet.source if side == "source" else packet.destination


def _by_interface(condition: OnInterface, interface: str | None) -> bool | None:
    if interface is None:  # not known, but a packet from another host never comes by the loopback
        return None if condition.name != "lo" else False
    prefix = condition.name.removesuffix("+")
    return interface == prefix or (prefix != condition.name and interface.startswith(prefix))


def _crosses_a_bridge(place: Place) -> bool | None:
    """A bridge's packets come in and go out by the bridge itself, and never concern the host."""
    if place.to_itself is True or place.from_itself is True:
        return False
    if not place.ingress or not place.egress:
        return None
    return None if place.ingress == place.egress else False


def _hops_left(condition: HopLimitWithin, context: Context) -> bool | None:
    match context.hop_limit:
        case None:
            return None
        case int(left):
            return left in range(condition.low, condition.high + 1)
        case _:
            return condition.of_sender


def _of_connection(condition: _OfConnection, case: _Case) -> bool | None:
    context = case.context
    match condition:
        case HasConnection():
            return case.connected
        case HasStatus():
            return _has_status(condition, case)
        case IsReply():
            return context.reply
        case InState():
            return _in_state(condition, case)
        case HasFlags():
            return case.flags & condition.mask == condition.value
        case HasMark():
            mark = context.connection_mark if condition.whose == "connection" else context.mark
            return None if mark is None else mark & condition.mask == condition.value
        case CameWith():
            return _sent_with(condition, case.packet, context)
        case _:
            assert_never(condition)


def _in_state(condition: InState, case: _Case) -> bool | None:
    """xt_conntrack: the state's bit, and those of the translations that the connection has had."""
    seen = {state in condition.states for state in case.seen_states}
    if len(seen) == 2:
        return None
    if True in seen:
        return True
    if not case.connected:
        return False
    had = {"DNAT": case.context.translated, "SNAT": case.context.source_changed}
    wanted = [had[name] for name in sorted(condition.states & had.keys())]
    if True in wanted:
        return True
    return None if None in wanted else False


def _sent_with(condition: CameWith, packet: Packet, context: Context) -> bool | None:
    """One end of the connection's first packet, which is one number where it is known."""
    sent: IntervalSet | None = getattr(context.original, condition.axis, None)
    changed = context.translated if condition.axis.startswith("destination") else context.source_translated
    if condition.unless_translated and (changed is not False or (
            is_icmp(packet.protocol) and condition.axis.endswith("ports"))):
        return None
    return sent.lowest in condition.numbers if sent is not None and sent.size == 1 else None


def _has_status(condition: HasStatus, case: _Case) -> bool | None:
    """The bits IPS_* that the kernel has set by now (nf_conntrack_core.c, nf_conntrack_proto_tcp.c)."""
    if not case.connected:
        return False
    later, state = case.context.recorded is not None, case.state
    set_by_now: dict[str, bool | None] = {
        "EXPECTED": state == RELATED,
        "CONFIRMED": state == ESTABLISHED or (None if later else False),
        "SEEN_REPLY": state == ESTABLISHED or (None if later and state != NEW else False),
        "ASSURED": None if later and state != NEW else False}
    wanted = [set_by_now[name] for name in condition.statuses]
    return True if True in wanted else None if None in wanted else False

"""Matches that ask for the packet's connection: what they say of a packet without one is part of each.

xt_conntrack.c decides a match as a whole: without a connection the test of the state alone decides where
there is one, and where there is none the match fails, negated too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, get_args

from aclproof.parsers.iptables.meaning.matched import Matched, Reader, doubted, one_by_one, value
from aclproof.parsers.iptables.text import addresses, names, states
from aclproof.parsers.iptables.text.addresses import OpaqueAddressError
from aclproof.parsers.iptables.text.words import RuleError, Test
from aclproof.parsers.model.conditions import (
    INVALID,
    UNTRACKED,
    CameWith,
    Condition,
    HasMark,
    InState,
    IsReply,
    Opaque,
)
from aclproof.parsers.model.effects import ALL_BITS
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packet_conditions import HasConnection, HasStatus, Status
from aclproof.parsers.model.services import ANY_PROTOCOL, Service
from aclproof.reason import Reason

_Axis = Literal["sources", "destinations", "source_ports", "destination_ports"]
_CONNECTED, _NOT_CONNECTED = HasConnection(), HasConnection(negated=True)


def _conntrack(matched: Matched, tests: Sequence[Test]) -> Iterable[Matched]:
    of_state = [_state(test) for test in tests if test.name in ("state", "ctstate")]
    others = [test for test in tests if test.name not in ("state", "ctstate")]
    if not others:
        matched.conditions += of_state
        return (matched,)
    found = []
    if any(each.negated or each.states & {INVALID, UNTRACKED} for each in of_state):
        found.append(matched.copy(_NOT_CONNECTED, *of_state))
    connected = matched.copy(_CONNECTED, *of_state)
    for test in others:
        try:
            connected.conditions += _of_connection(connected, test)
        except OpaqueAddressError as error:
            connected.conditions.append(Opaque(str(test), str(error)))
    return (*found, connected)


def _state(test: Test) -> InState:
    return InState(states.parse(value(test)), test.negated)


def _of_connection(matched: Matched, test: Test) -> Iterable[Condition]:
    """What a test asks of a packet that has a connection."""
    match test.name:
        case "ctproto":
            number = names.protocol(value(test))
            if number is None:
                raise RuleError(Reason("--ctproto takes a protocol"))
            only = IntervalSet.of((number, number))
            matched.meet((Service(ANY_PROTOCOL - only if test.negated else only),))
        case "ctorigsrc" | "ctrepldst":
            yield _end(matched, test, "sources")
        case "ctorigdst" | "ctreplsrc":
            yield _end(matched, test, "destinations")
        case "ctorigsrcport" | "ctrepldstport":
            yield _end(matched, test, "source_ports")
        case "ctorigdstport" | "ctreplsrcport":
            yield _end(matched, test, "destination_ports")
        case "ctdir":
            yield IsReply(negated=(value(test).upper() == "REPLY") is test.negated)
        case "ctstatus":
            yield HasStatus(_statuses(value(test)), test.negated)
        case _:
            yield doubted([test], test.module)


def _end(matched: Matched, test: Test, axis: _Axis) -> CameWith:
    """One end of the first packet; the other direction has it as well, unless it was translated."""
    if axis in ("sources", "destinations"):
        numbers = addresses.every(value(test), matched.family).of(matched.family)
    else:
        numbers = IntervalSet.of(names.ports(value(test)))
    return CameWith(axis, numbers, test.negated, unless_translated=test.name.startswith("ctrepl"))


def _statuses(text: str) -> frozenset[Status]:
    """Read `ASSURED,CONFIRMED`; NONE is no status, so a connection never has it."""
    words = {word for word in text.upper().split(",") if word != "NONE"}
    found = frozenset(status for status in get_args(Status) if status in words)
    if len(found) != len(words):
        raise RuleError(Reason("'{text}' is no status of a connection", text=text))
    return found


def _mark(matched: Matched, test: Test) -> None:
    wanted, _, mask = value(test).partition("/")
    bits = names.number(mask, ALL_BITS) if mask else ALL_BITS
    number = names.number(wanted, ALL_BITS)
    if bits is None or number is None:
        raise RuleError(Reason("'{value}' is no mark", value=value(test)))
    matched.conditions.append(HasMark("packet" if test.module == "mark" else "connection", number, bits,
                                      test.negated))


def _label(matched: Matched, tests: Sequence[Test]) -> Iterable[Matched]:
    """Without a connection there is no label, so the negated test holds (xt_connlabel.c)."""
    found = [matched.copy(_CONNECTED, doubted(tests, "connlabel"))]
    if any(test.name == "label" and test.negated for test in tests):
        found.append(matched.copy(_NOT_CONNECTED))
    return found


def _bytes(matched: Matched, tests: Sequence[Test]) -> Iterable[Matched]:
    """Without a connection nothing is counted, and the match fails, negated too (xt_connbytes.c)."""
    return (matched.copy(_CONNECTED, doubted(tests, "connbytes")),)


def _helper(matched: Matched, tests: Sequence[Test]) -> Iterable[Matched]:
    """Only a connection that a helper waited for has one; for all others the negated test holds
    (xt_helper.c)."""
    expected = frozenset[Status]({"EXPECTED"})
    found = [matched.copy(HasStatus(expected), doubted(tests, "helper"))]
    if any(test.negated for test in tests):
        found.append(matched.copy(HasStatus(expected, negated=True)))
    return found


READERS: Mapping[str, Reader] = {
    "state": _conntrack, "conntrack": _conntrack, "mark": one_by_one(_mark), "connmark": one_by_one(_mark),
    "connlabel": _label, "connbytes": _bytes, "helper": _helper,
}
"""Match to its reader."""

"""What became of methods and requirements between two judgements, and the lines that decide it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from aclproof.linter.baseline.comparing import first_packets
from aclproof.linter.baseline.gaps import of_demand
from aclproof.linter.demands.demands import answer
from aclproof.linter.diff.deciding import deciding_lines
from aclproof.linter.engine.algebra import minus
from aclproof.linter.engine.canonical import canonical
from aclproof.linter.history.judgement import Judged
from aclproof.linter.result import DemandResult, Line, MethodVerdict, Verdict
from aclproof.parsers.model.packets import Box
from aclproof.reason import Reason
from aclproof.rules.pack import Requirement, Text

Status: TypeAlias = Literal["met", "assumed", "missing", "undecided", "waived", "not-asked"]
"""Of a requirement: its verdict, `assumed` where it is met by the usual answers that the site assumes,
`waived` where somebody answers for it, and `not-asked` where the site does not ask for it."""

Kind: TypeAlias = Literal["broken", "undecided", "cured", "worse", "better", "shifted", "assumed", "waived",
                          "unwaived", "asked", "dropped"]
"""What a commit did to a requirement: `worse`, `better` and `shifted` (some packets pass now, others do not)
leave its status as it was; of one that is `unwaived` only the waiver is gone;
`asked` is one that is new and met, `dropped` one that the site does not ask for any more."""


class MethodChange(Struct, frozen=True):
    """A method whose verdict changed."""

    id: str
    title: Text
    before: MethodVerdict | None
    """None where the site did not have it."""
    after: MethodVerdict | None


class RequirementChange(Struct, frozen=True):
    """A requirement of which something changed."""

    requirement: Requirement
    methods: tuple[str, ...]
    kind: Kind
    before: Status
    after: Status
    lines: tuple[Line, ...]
    """Those that decide now; without any, `because` says why."""
    lines_before: tuple[Line, ...]
    """Those that decided about the same packets before, and do so no longer."""
    because: tuple[str, ...]
    """What is not known, where it is undecided."""


class Changes(Struct, frozen=True):
    """All that changed between two judgements."""

    methods: tuple[MethodChange, ...] = ()
    requirements: tuple[RequirementChange, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.methods or self.requirements)


def status_of(demand: DemandResult | None) -> Status:
    """Return what is told of a requirement."""
    if demand is None or demand.verdict is Verdict.NOT_APPLICABLE:
        return "not-asked"
    if demand.waiver:
        return "waived"
    if demand.verdict is Verdict.MET:
        return "assumed" if demand.assumed else "met"
    return "missing" if demand.verdict is Verdict.MISSING else "undecided"


def changes(old: Judged, new: Judged) -> Changes:
    """Compare two judgements: by verdicts and packets, not by names and lines."""
    if old is new:
        return Changes()
    names = dict.fromkeys((*new.demands, *old.demands))
    pairs = ((old.demands.get(each), new.demands.get(each)) for each in names)
    return Changes(tuple(_methods(old, new)),
                   tuple(change for before, after in pairs if (change := _requirement(before, after))))


def _methods(old: Judged, new: Judged) -> Iterator[MethodChange]:
    for name in dict.fromkeys((*new.methods, *old.methods)):
        before, after = old.methods.get(name), new.methods.get(name)
        if before is not after:
            yield MethodChange(name, {**old.titles, **new.titles}[name], before, after)


def _requirement(before: DemandResult | None, after: DemandResult | None) -> RequirementChange | None:
    was, now, known = status_of(before), status_of(after), after or before
    lost, won = _unproven(after, before), _unproven(before, after)
    if known is None or (was == now and (now == "not-asked" or not (lost or won))):
        return None
    kind = _kind(was, now, lost=bool(lost), won=bool(won))
    packets = lost or won or known.boxes
    about = [*packets, *map(answer, packets)]
    lines = _lines(after, about, stopping=now in _OPEN and kind != "better")
    kept = {(each.firewall, each.kind, each.text) for each in lines}
    lines_before = _lines(before, about, stopping=was in _OPEN and kind != "worse")
    return RequirementChange(
        known.requirement, known.methods, kind, was, now, lines,
        tuple(each for each in lines_before if (each.firewall, each.kind, each.text) not in kept),
        _reasons(after) if after and now == "undecided" else ())


def _kind(was: Status, now: Status, *, lost: bool, won: bool) -> Kind:
    if was == now:
        return "shifted" if lost and won else "worse" if lost else "better"
    if was == "waived" and now in _OPEN and not lost:
        return "unwaived"
    return "asked" if was == "not-asked" and now == "met" else _KINDS[now]


_OPEN: tuple[Status, ...] = ("missing", "undecided", "waived")
_KINDS: Mapping[Status, Kind] = {
    "met": "cured", "assumed": "assumed", "missing": "broken", "undecided": "undecided", "waived": "waived",
    "not-asked": "dropped"}


def _unproven(one: DemandResult | None, other: DemandResult | None) -> Sequence[Box]:
    """The packets, as they are sent, that are not proven to pass in the one and are proven in the other."""
    mine = _not_passing(one)
    return minus(mine, _not_passing(other)) if mine else ()


def _not_passing(demand: DemandResult | None) -> tuple[Box, ...]:
    if demand is None or demand.verdict is Verdict.NOT_APPLICABLE:
        return ()
    return canonical(box for gap in of_demand(demand) for box in first_packets(gap))


def _lines(demand: DemandResult | None, boxes: Sequence[Box], *, stopping: bool) -> tuple[Line, ...]:
    """The lines that decide about some packets; where they are stopped or left open, those that do it."""
    if demand is None:
        return ()
    if waiver := demand.waiver:
        return (Line("", waiver.span, "waiver", Reason("waiver {name}", name=waiver.id)),)
    found = tuple(deciding_lines(demand, boxes))
    at_fault = {*(each.blocked_by for each in demand.missing),
                *(each.line for each in demand.undecided if each.line)}
    return tuple(each for each in found if each in at_fault) or found if stopping else found


def _reasons(demand: DemandResult) -> tuple[str, ...]:
    return tuple(dict.fromkeys(why for each in demand.undecided for why in each.because))

"""Two examinations of a site, side by side: what became better, what became worse, for which packets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aclproof.linter.demands.demands import Demand, answer
from aclproof.linter.diff.changed_lines import ChangedLine, ChangedLines
from aclproof.linter.engine.algebra import split
from aclproof.linter.program import Analysis
from aclproof.linter.result import DemandResult, Line, MethodVerdict, Verdict
from aclproof.linter.verdict.coverage import Dispositions, classify
from aclproof.parsers.model.packets import Box
from aclproof.rules.pack import Requirement

_RANK = {Verdict.NOT_APPLICABLE: 0, Verdict.MET: 0, Verdict.UNDECIDED: 1, Verdict.MISSING: 2}
_METHOD_RANK = {MethodVerdict.WORKS: 0, MethodVerdict.UNDECIDED: 1, MethodVerdict.BLOCKED: 2}


@dataclass(frozen=True, slots=True)
class MethodChange:
    """One installation method before and after."""

    id: str
    title: str
    before: MethodVerdict
    after: MethodVerdict

    @property
    def worse(self) -> bool:
        """Whether it was nearer to working before."""
        return self._known and _METHOD_RANK[self.after] > _METHOD_RANK[self.before]

    @property
    def better(self) -> bool:
        """Whether it is nearer to working now."""
        return self._known and _METHOD_RANK[self.after] < _METHOD_RANK[self.before]

    @property
    def _known(self) -> bool:
        return {self.before, self.after} <= set(_METHOD_RANK)


@dataclass(frozen=True, slots=True)
class DemandChange:
    """One requirement before and after, and the packets for which it makes a difference, as they are sent."""

    requirement: Requirement
    before: Verdict | None
    """None where the site did not have the requirement at all."""
    after: Verdict | None
    permitted: tuple[Box, ...] = ()
    """What surely passes now and did not."""
    denied: tuple[Box, ...] = ()
    """What surely does not pass now and may have."""
    undecided: tuple[Box, ...] = ()
    """What nobody can vouch for now, and was known."""
    required: tuple[Box, ...] = ()
    """What has to pass now and had not to."""
    worse: bool = False
    unclear: bool = False
    """Whether some of it was open, is open, and other lines or reasons keep it so: it may be worse."""
    changed: tuple[ChangedLine, ...] = ()
    """The lines behind it, as far as they changed."""
    deciding: tuple[Line, ...] = ()
    """The lines that decide about these packets now."""

    @property
    def differs(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.before is not self.after or self.permitted or self.denied or self.undecided
                    or self.required or self.unclear)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that a change does to a site."""

    methods: tuple[MethodChange, ...]
    demands: tuple[DemandChange, ...]
    """All of them, in the pack's order."""

    @property
    def worse(self) -> bool:
        """Whether anything got worse."""
        return any(each.worse for each in self.methods) or any(each.worse for each in self.demands)

    @property
    def unclear(self) -> bool:
        """Whether something may have got worse, and nobody can tell."""
        return any(each.unclear for each in self.demands)


def compare(old: Analysis, new: Analysis, changes: Mapping[str, ChangedLines]) -> Comparison:
    """Put two examinations side by side; `changes` are the changed lines by the name of the firewall."""
    ids = dict.fromkeys(each.id for pack in (new.pack, old.pack) for each in pack.requirements)
    demands = [_DemandComparison(name, old, new, changes) for name in ids]
    return Comparison(tuple(_methods(old, new)), tuple(each.change() for each in demands if each.known))


def _methods(old: Analysis, new: Analysis) -> list[MethodChange]:
    before, after = ({each.id: each for each in side.methods()} for side in (old, new))
    return [MethodChange(name, (after.get(name) or before[name]).title, *(
        side[name].verdict if name in side else MethodVerdict.NOT_ASSESSED for side in (before, after)))
        for name in dict.fromkeys((*before, *after))]


class _DemandComparison:
    """One requirement on both sides."""

    def __init__(self, name: str, old: Analysis, new: Analysis, changes: Mapping[str, ChangedLines]) -> None:
        self._changes = changes
        self._results = [_result_of(name, side.results) for side in (old, new)]
        self._demands = [_demand_of(name, side) for side in (old, new)]
        self._proofs = [side.proofs.get(name, ()) for side in (old, new)]
        self.known = any(self._results)

    def change(self) -> DemandChange:
        """Say what became of it."""
        old, new = self._results
        some = new or old
        assert some is not None
        before, after = (each.verdict if each else None for each in self._results)
        worse = _rank(after) > _rank(before)
        if not all(self._demands):
            required = tuple(self._asked(1))
            deciding = _deciding(new, required) if new else []
            return DemandChange(some.requirement, before, after, required=required, worse=worse,
                                deciding=tuple(deciding))
        was, now = self._dispositions()
        required = _minus(self._asked(1), self._asked(0))
        permitted, denied, undecided = (
            _minus(_common(boxes, self._asked(0)), others) for boxes, others in (
                (now.passing, was.passing), (now.denied, was.denied), (now.undecided, was.undecided)))
        unclear = self._unclear(_common(was.undecided, now.undecided))
        boxes = [*permitted, *denied, *undecided, *required, *(now.undecided if unclear else ())]
        return DemandChange(
            some.requirement, before, after, permitted, denied, undecided, required,
            worse or bool(denied) or bool(_common(undecided, was.passing)), unclear, *self._lines(boxes))

    def _lines(self, boxes: Sequence[Box]) -> tuple[tuple[ChangedLine, ...], tuple[Line, ...]]:
        """The changed lines behind what became of packets, and those that decide about them now."""
        before, after = (_deciding(each, boxes) if each and boxes else [] for each in self._results)
        both_ways = [*boxes, *map(answer, boxes)]
        changed = [line for each in self._changes.values() for line in each.behind(before, after, both_ways)]
        return tuple(changed) if boxes else (), tuple(after)

    def _asked(self, side: int) -> Sequence[Box]:
        demand = self._demands[side]
        return demand.request.boxes if demand else ()

    def _dispositions(self) -> list[Dispositions]:
        return [classify(demand, proofs, result.verdict) for demand, proofs, result in zip(
            self._demands, self._proofs, self._results, strict=True) if demand and result]

    def _unclear(self, both: Sequence[Box]) -> bool:
        """Whether packets that are open on both sides are so by other lines, or for other reasons."""
        if not both:
            return False
        reasons = [{(part.leg, part.because, part.line.text if part.line else "") for part in result.undecided
                    if any(box & each for box in part.boxes for each in both)}
                   for result in self._results if result]
        return reasons[0] != reasons[1]


def _result_of(name: str, results: Sequence[DemandResult]) -> DemandResult | None:
    return next((each for each in results if each.requirement.id == name), None)


def _demand_of(name: str, side: Analysis) -> Demand | None:
    return next((each for each in side.work.demands if each.requirement.id == name), None)


def _rank(verdict: Verdict | None) -> int:
    return _RANK[verdict] if verdict else 0


def _minus(boxes: Sequence[Box], others: Sequence[Box]) -> tuple[Box, ...]:
    """The packets of disjoint boxes that lie in none of the others."""
    return tuple(part for box in boxes for part in split(box, others)[1])


def _common(boxes: Sequence[Box], others: Sequence[Box]) -> tuple[Box, ...]:
    """The packets of disjoint boxes that lie in one of the others."""
    return tuple(part for box in boxes for part in split(box, others)[0])


def _deciding(result: DemandResult, boxes: Sequence[Box]) -> list[Line]:
    """What decides about some packets; a line that sees them translated is named as well."""
    lines = [part.blocked_by for part in result.missing if part.translated_by or _touch(part.boxes, boxes)
             or part.leg == "reply"]
    lines += [part.line for part in result.undecided if part.line and (
        _touch(part.boxes, boxes) or part.leg == "reply")]
    lines += [part.permitted_by for part in result.evidence
              if part.leg != "request" or _touch(part.boxes, boxes)]
    return list(dict.fromkeys(lines))


def _touch(boxes: Sequence[Box], others: Sequence[Box]) -> bool:
    return any(box & other for box in boxes for other in others)

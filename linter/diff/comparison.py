"""Two analyses of a site, side by side: what became better, what became worse, for which packets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct

from aclproof.linter.demands.demands import Demand, answer
from aclproof.linter.diff.changed_lines import ChangedLine, ChangedLines
from aclproof.linter.diff.deciding import deciding_lines, overlap
from aclproof.linter.engine.algebra import minus, split
from aclproof.linter.program import Analysis
from aclproof.linter.result import DemandResult, HopVerdict, Line, MethodVerdict, Verdict
from aclproof.linter.verdict import decide
from aclproof.linter.verdict.coverage import Dispositions, classify
from aclproof.parsers.model.packets import Box
from aclproof.rules.pack import Requirement

_METHOD_RANK = {MethodVerdict.WORKS: 0, MethodVerdict.UNDECIDED: 1, MethodVerdict.BLOCKED: 2}


class MethodChange(Struct, frozen=True):
    """One method before and after."""

    id: str
    title: str
    before: MethodVerdict
    after: MethodVerdict
    still_asked: MethodVerdict
    """Before, by those of its requirements that the site still has."""

    @property
    def unclear(self) -> bool:
        """Whether it might work before, and nobody knows now: it lacks a role, or is not asked for."""
        return self.after is MethodVerdict.NOT_ASSESSED and self.before in _MIGHT_WORK

    @property
    def worse(self) -> bool:
        """Whether it was nearer to working before."""
        return self._known and _METHOD_RANK[self.after] > _METHOD_RANK[self.before]

    @property
    def better(self) -> bool:
        """Whether it is nearer to working now, and not only because less is asked."""
        return self._known and _METHOD_RANK[self.after] < _METHOD_RANK.get(self.still_asked, 0)

    @property
    def _known(self) -> bool:
        return {self.before, self.after} <= set(_METHOD_RANK)


_MIGHT_WORK = (MethodVerdict.WORKS, MethodVerdict.UNDECIDED)


class HopChange(Struct, frozen=True):
    """What one firewall on the path did with a requirement, and does now, whatever others do."""

    firewall: str
    before: HopVerdict
    after: HopVerdict


class DemandChange(Struct, frozen=True):
    """One requirement before and after, and the packets that fare differently, as they are sent."""

    requirement: Requirement
    before: Verdict | None
    """None where the site did not have the requirement at all."""
    after: Verdict | None
    permitted: tuple[Box, ...] = ()
    """What surely passes now and did not."""
    denied: tuple[Box, ...] = ()
    """What surely does not pass now and may have."""
    undecided: tuple[Box, ...] = ()
    """What is undecided now and was not."""
    required: tuple[Box, ...] = ()
    """What has to pass now and did not have to."""
    worse: bool = False
    unclear: bool = False
    """Whether it may be worse: some of it was undecided and still is, by other lines or for other reasons; or
    a method that might work needed it, it was not missing, and the site does not ask for it any more."""
    changed: tuple[ChangedLine, ...] = ()
    """The changed lines that explain it."""
    deciding: tuple[Line, ...] = ()
    """The lines that decide about these packets now, in the order in which packets come to them."""
    stopping: frozenset[Line] = frozenset()
    """Those of these lines that stop packets now, or leave them undecided."""
    hops: tuple[HopChange, ...] = ()
    """The firewalls on its path that do something else with it now."""
    stopped_at: tuple[str, ...] = ()
    """The firewalls that stop some of it now."""
    whole: tuple[Box, ...] = ()
    """All that has to pass, before or after."""

    @property
    def differs(self) -> bool:
        """Whether anything differs."""
        return bool(self._outcome_differs or self.unclear or self.hops)

    @property
    def better(self) -> bool:
        """Whether more of it passes now."""
        return bool(self.permitted) and not (self.worse or self.unclear)

    @property
    def nearer(self) -> bool:
        """Whether a firewall lets it pass now, though all in all it fares as before."""
        return not (self._outcome_differs or self.unclear) and any(
            hop.after is HopVerdict.PASSES for hop in self.hops)

    @property
    def _outcome_differs(self) -> bool:
        return bool(self.before is not self.after or self.permitted or self.denied or self.undecided
                    or self.required)


class Comparison(Struct, frozen=True):
    """Everything that a change does to a site."""

    methods: tuple[MethodChange, ...]
    demands: tuple[DemandChange, ...]
    """All of them, in the pack's order."""

    @property
    def worse(self) -> bool:
        """Whether anything got worse that is more than a warning."""
        return any(method.worse for method in self.methods) or any(demand.worse for demand in self._counting)

    @property
    def unclear(self) -> bool:
        """Whether something may have got worse, and that cannot be known."""
        return any(method.unclear for method in self.methods) or any(
            demand.unclear for demand in self._counting)

    @property
    def _counting(self) -> list[DemandChange]:
        return [demand for demand in self.demands if demand.requirement.severity == "error"]


def compare(old: Analysis, new: Analysis, changes: Mapping[str, ChangedLines]) -> Comparison:
    """Put two analyses side by side; `changes` are the changed lines by the name of the firewall."""
    ids = dict.fromkeys(requirement.id for pack in (new.pack, old.pack) for requirement in pack.requirements)
    might_work = {name for each in old.methods() if each.verdict in _MIGHT_WORK for name in each.requirements}
    demands = [_DemandComparison(name, old, new, changes, might_work) for name in ids]
    return Comparison(tuple(_methods(old, new)), tuple(demand.change() for demand in demands if demand.known))


def _methods(old: Analysis, new: Analysis) -> Iterator[MethodChange]:
    before, after = ({method.id: method for method in side.methods()} for side in (old, new))
    asked = {each.requirement.id for each in new.results}
    still_here = [each for each in old.results if each.requirement.id in asked]
    for name in dict.fromkeys((*before, *after)):
        title = (after.get(name) or before[name]).title
        was, now = (side[name].verdict if name in side else MethodVerdict.NOT_ASSESSED
                    for side in (before, after))
        still = decide.method(name, title, still_here, "")
        yield MethodChange(name, title, was, now, still.verdict)


class _DemandComparison:
    """One requirement on both sides."""

    def __init__(self, name: str, old: Analysis, new: Analysis, changes: Mapping[str, ChangedLines],
                 might_work: Collection[str]) -> None:
        """`might_work` has the requirements of methods that worked, or may have."""
        self._changes, self._was_needed = changes, name in might_work
        self._results = [_result_of(name, side.results) for side in (old, new)]
        self._demands = [_demand_of(name, side) for side in (old, new)]
        self._proofs = [side.proofs.get(name, ()) for side in (old, new)]
        self.known = any(self._results)

    def change(self) -> DemandChange:
        """Compute what changed."""
        if not all(self._demands):
            return self._on_one_side()
        was, now = self._dispositions()
        needed_before, needed = self._needed(0), self._needed(1)
        permitted = tuple(minus(_common(now.passing, needed_before), was.passing))
        denied = tuple(minus(_common(now.denied, needed_before), was.denied))
        undecided = tuple(minus(_common(now.undecided, needed_before), was.undecided))
        required = tuple(minus(needed, needed_before))
        unclear = self._unclear(_common(was.undecided, now.undecided))
        hops = self._hops()
        fared = [*permitted, *denied, *undecided, *required, *(now.undecided if unclear else ())]
        changed, deciding = self._lines(fared or (needed if hops else ()))
        return DemandChange(
            self._requirement, *self._verdicts, permitted, denied, undecided, required,
            worse=self._verdict_worse or bool(denied) or bool(_common(undecided, was.passing)),
            unclear=unclear, changed=changed, deciding=deciding, stopping=self._stopping(deciding),
            hops=hops, stopped_at=self._stopped_at(),
            whole=(*needed_before, *needed))

    def _hops(self) -> tuple[HopChange, ...]:
        """The firewalls that do something else with it now."""
        before, after = ({hop.firewall: hop.verdict for hop in result.hops} if result else {}
                         for result in self._results)
        return tuple(HopChange(name, before[name], verdict) for name, verdict in after.items()
                     if name in before and before[name] is not verdict)

    def _stopped_at(self) -> tuple[str, ...]:
        hops = self._results[1].hops if self._results[1] else ()
        return tuple(hop.firewall for hop in hops if hop.verdict is HopVerdict.STOPS)

    def _stopping(self, deciding: Sequence[Line]) -> frozenset[Line]:
        """Those of the lines that decide now that do not let packets pass."""
        new = self._results[1]
        if not new:
            return frozenset()
        return frozenset(deciding) & {*(each.blocked_by for each in new.missing),
                                      *(each.line for each in new.undecided if each.line)}

    def _on_one_side(self) -> DemandChange:
        """The change of a requirement that applies on at most one side."""
        new, required = self._results[1], tuple(self._needed(1))
        deciding = tuple(deciding_lines(new, required)) if new else ()
        return DemandChange(self._requirement, *self._verdicts, required=required, worse=self._verdict_worse,
                            unclear=self._not_asked_any_more, deciding=deciding,
                            stopping=self._stopping(deciding), whole=required)

    @property
    def _not_asked_any_more(self) -> bool:
        """Whether a method that might work needed it, and nobody knows what became of it."""
        before, after = self._verdicts
        return after is None and before in (Verdict.MET, Verdict.UNDECIDED) and self._was_needed

    @property
    def _requirement(self) -> Requirement:
        old, new = self._results
        result = new or old
        assert result is not None
        return result.requirement

    @property
    def _verdicts(self) -> tuple[Verdict | None, Verdict | None]:
        """Before and after."""
        old, new = self._results
        return old.verdict if old else None, new.verdict if new else None

    @property
    def _verdict_worse(self) -> bool:
        before, after = self._verdicts
        return _rank(after) > _rank(before)

    def _lines(self, boxes: Sequence[Box]) -> tuple[tuple[ChangedLine, ...], tuple[Line, ...]]:
        """The changed lines that explain what became of packets, and those that decide about them now."""
        if not boxes:
            return (), ()
        before, after = (deciding_lines(result, boxes) if result else [] for result in self._results)
        both_ways = [*boxes, *map(answer, boxes)]
        changed = [line for lines in self._changes.values()
                   for line in lines.explaining(before, after, both_ways)]
        return tuple(changed), tuple(after)

    def _needed(self, side: int) -> Sequence[Box]:
        demand = self._demands[side]
        return demand.request.boxes if demand else ()

    def _dispositions(self) -> list[Dispositions]:
        return [classify(demand, proofs, result.verdict) for demand, proofs, result in zip(
            self._demands, self._proofs, self._results, strict=True) if demand and result]

    def _unclear(self, boxes: Sequence[Box]) -> bool:
        """Whether packets that are undecided on both sides are so by other lines, or for other reasons."""
        if not boxes:
            return False
        before, after = (_reasons(result, boxes) for result in self._results if result)
        unordered = all(result.unordered for result in self._results if result)  # no line was evaluated
        return before != after or (unordered and any(lines.any for lines in self._changes.values()))


def _reasons(result: DemandResult, boxes: Sequence[Box]) -> set[tuple[str, tuple[str, ...], str]]:
    """Why some packets are undecided: leg, reasons and the text of the line."""
    return {(part.leg, part.because, part.line.text if part.line else "") for part in result.undecided
            if overlap(part.boxes, boxes)}


def _result_of(name: str, results: Sequence[DemandResult]) -> DemandResult | None:
    return next((result for result in results if result.requirement.id == name), None)


def _demand_of(name: str, side: Analysis) -> Demand | None:
    return next((demand for demand in side.work.demands if demand.requirement.id == name), None)


def _rank(verdict: Verdict | None) -> int:
    return verdict.rank if verdict else 0


def _common(boxes: Sequence[Box], others: Sequence[Box]) -> tuple[Box, ...]:
    """The packets of disjoint boxes that lie in one of the others."""
    return tuple(part for box in boxes for part in split(box, others)[0])

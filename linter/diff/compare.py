"""Two examinations of a site, side by side: what became better, what became worse, for which packets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linter import verdicts
from linter.check import Examined
from linter.demands import Demand
from linter.engine.algebra import split
from linter.engine.packets import Box
from linter.result import DemandResult, Line, MethodVerdict, Verdict
from rules.pack import Requirement

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
        return _METHOD_RANK.get(self.after, 0) > _METHOD_RANK.get(self.before, 0)


@dataclass(frozen=True, slots=True)
class DemandChange:
    """One requirement before and after, and the packets for which it makes a difference."""

    requirement: Requirement
    before: Verdict
    after: Verdict
    gained: tuple[Box, ...]
    """What surely passes now and did not before, as it is sent."""
    lost: tuple[Box, ...]
    by: tuple[Line, ...]
    """The lines that decide about these packets now."""

    @property
    def worse(self) -> bool:
        """Whether some packets are lost, or less is known."""
        return bool(self.lost) or _RANK[self.after] > _RANK[self.before]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that a change does to a site."""

    methods: tuple[MethodChange, ...]
    demands: tuple[DemandChange, ...]
    """Only those that changed, in the pack's order."""

    @property
    def worse(self) -> bool:
        """Whether anything got worse."""
        return any(each.worse for each in (*self.methods, *self.demands))


def compare(old: Examined, new: Examined) -> Comparison:
    """Put two examinations side by side."""
    before = {each.requirement.id: each for each in old.results}
    after = {each.requirement.id: each for each in new.results}
    demands = {each.requirement.id: each for each in (*old.work.demands, *new.work.demands)}
    order = [each.id for each in new.pack.requirements if each.id in before or each.id in after]
    changes = [_demand(name, demands.get(name), before.get(name), after.get(name), old, new) for name in order]
    changed = tuple(each for each in changes if each and (
        each.before is not each.after or each.gained or each.lost))
    return Comparison(tuple(_methods(old, new)), changed)


def _demand(name: str, what: Demand | None, before: DemandResult | None, after: DemandResult | None,
            old: Examined, new: Examined) -> DemandChange | None:
    known = after or before
    if known is None:
        return None
    gained: tuple[Box, ...] = ()
    lost: tuple[Box, ...] = ()
    if what is not None and before and after:
        open_before = verdicts.unproven(what, old.proofs.get(name, ()))
        open_after = verdicts.unproven(what, new.proofs.get(name, ()))
        gained, lost = _without(open_before, open_after), _without(open_after, open_before)
    return DemandChange(known.requirement, before.verdict if before else Verdict.NOT_APPLICABLE,
                        after.verdict if after else Verdict.NOT_APPLICABLE, gained, lost,
                        _deciding(after, gained, lost) if after else ())


def _without(boxes: Sequence[Box], others: Sequence[Box]) -> tuple[Box, ...]:
    """The packets of `boxes` that lie in none of the others, each once."""
    found: list[Box] = []
    for box in boxes:
        found += split(box, [*others, *found])[1]
    return tuple(found)


def _deciding(after: DemandResult, gained: Sequence[Box], lost: Sequence[Box]) -> tuple[Line, ...]:
    """What decides about changed packets; lines of hops that see them translated are named as well."""
    lines = [part.blocked_by for part in after.missing if _touch(part.boxes, lost) or part.translated_by]
    lines += [part.line for part in after.undecided if part.line and _touch(part.boxes, lost)]
    lines += [part.permitted_by for part in after.evidence
              if part.leg == "request" and _touch(part.boxes, gained)]
    return tuple(dict.fromkeys(lines))


def _touch(boxes: Sequence[Box], others: Sequence[Box]) -> bool:
    return any(box & other for box in boxes for other in others)


def _methods(old: Examined, new: Examined) -> list[MethodChange]:
    found: list[MethodChange] = []
    by_id: Mapping[str, MethodVerdict] = {each.id: each.verdict for each in old.methods()}
    for each in new.methods():
        found.append(MethodChange(each.id, each.title, by_id.get(each.id, MethodVerdict.NOT_ASSESSED),
                                  each.verdict))
    return found

"""What surely passes, what surely does not, and what nobody can tell: one walk for all three.

The walk keeps, for every packet, the fates that are still possible (`cells`). A rule that certainly
matches decides; a rule with an open condition only adds a possibility. So making a condition unknown can
only move packets to `undecided` (property test: tests/engine/test_sets_agree_with_walk.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from linter.engine import cells
from linter.engine.cells import DENIED, LIVE, PERMITTED, Area, Cells, Take
from linter.engine.compile import Program, Step, compile_chains
from linter.engine.packets import Box
from linter.engine.space import Answer
from parsers.model.conditions import Condition, Context
from parsers.model.rules import Action, Default, Rule, Stage


@dataclass(frozen=True, slots=True)
class Part:
    """Packets that one line decided, at one stage."""

    stage: Stage
    by: Rule | Default
    boxes: Sequence[Box]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A line that keeps packets undecided, and what would settle it."""

    stage: Stage
    by: Rule | Default
    open: tuple[Condition, ...]
    boxes: Sequence[Box]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The three disjoint parts of a demand, and the lines behind them."""

    permitted: Sequence[Box]
    denied: Sequence[Box]
    undecided: Sequence[Box]
    permits: tuple[Part, ...]
    denials: tuple[Part, ...]
    doubts: tuple[Doubt, ...]


def evaluate(stages: Sequence[Stage], chains: Mapping[str, Sequence[Rule]], demand: Box,
             context: Context) -> Outcome:
    """Walk `demand` through the stages; a packet passes when every stage lets it.

    `chains` holds the rules of every chain that the stages and their jumps name: all of them, or only
    those that can meet the demand (see `prefilter`). ValueError when chains call each other in a circle.
    """
    program = compile_chains(chains, demand, context)
    run = _Run(program, _depth(stages, program))
    for stage in stages:
        run.stage(stage)
    return run.outcome()


@dataclass(slots=True)
class _Taken:
    """What one line took: surely (and then what was already possible), or only maybe."""

    stage: Stage
    by: Rule | Default
    action: Action
    open: tuple[Condition, ...]
    parts: list[Take]


class _Run:
    def __init__(self, program: Program, depth: int) -> None:
        self._program = program
        self._everything = program.space.everything
        self._cells = Cells(self._everything, depth)
        self._taken: list[_Taken] = []
        self._stage: Stage | None = None

    def stage(self, stage: Stage) -> None:
        if self._stage is not None:
            self._cells.next_stage()
        self._stage = stage
        for name in stage.chains:
            self._cells.move(self._everything, LIVE, (LIVE + 1,), sure=True)
            self._chain(name, LIVE + 1, LIVE)
        default = stage.default
        taken = self._cells.move(self._everything, LIVE, (_SLOT[default.action],), sure=True)
        self._note(default, default.action, (), taken)

    def _chain(self, name: str, slot: int, back: int) -> None:
        """Run a chain on what is live in `slot`; what it does not decide goes to `back`."""
        for step in self._program.chains[name]:
            taken = self._step(step, slot, back)
            if taken and step.sure and not self._cells.any_in(slot):
                return
        self._cells.move(self._everything, slot, (back,), sure=True)

    def _step(self, step: Step, slot: int, back: int) -> bool:
        """Tell whether the step took anything."""
        action = step.rule.action
        match action:
            case Action.PERMIT | Action.DENY:
                to = _SLOT[action]
            case Action.RETURN:
                to = back
            case Action.JUMP | Action.GOTO:
                to = slot + 1
            case Action.CONTINUE:
                return False
            case _:
                assert_never(action)
        taken = self._cells.move(step.area, slot, (to,), sure=step.sure)
        self._note(step.rule, action, step.open, taken)
        if taken and step.rule.target:
            self._chain(step.rule.target, slot + 1, slot if action is Action.JUMP else back)
        return bool(taken)

    def _note(self, by: Rule | Default, action: Action, unsettled: tuple[Condition, ...],
              taken: list[Take]) -> None:
        if taken and self._stage and (action in _SLOT or unsettled):
            self._taken.append(_Taken(self._stage, by, action, unsettled, taken))

    def outcome(self) -> Outcome:
        def boxes(areas: list[Area]) -> Sequence[Box]:
            return Answer(self._program.space, areas)

        undecided = self._cells.undecided
        permits: list[Part] = []
        denials: list[Part] = []
        doubts: list[Doubt] = []
        for each in self._taken:
            if each.open:
                doubt = _common(each.parts, undecided)
                if doubt:
                    doubts.append(Doubt(each.stage, each.by, each.open, boxes(doubt)))
                continue
            deciding = _deciding(each)
            if deciding:
                found = permits if each.action is Action.PERMIT else denials
                found.append(Part(each.stage, each.by, boxes(deciding)))
        return Outcome(boxes(self._cells.permitted), boxes(self._cells.denied), boxes(undecided),
                       tuple(permits), tuple(denials), tuple(doubts))


_SLOT = {Action.PERMIT: PERMITTED, Action.DENY: DENIED}


def _deciding(taken: _Taken) -> list[Area]:
    """Where the line made the verdict sure: no other fate was possible before it."""
    areas = []
    for take in taken.parts:
        other = take.maybe_denied if taken.action is Action.PERMIT else take.maybe_permitted
        inner = take.area.inner & ~(other | take.elsewhere)
        if inner:
            areas.append(take.area._replace(inner=inner))
    return cells.merged(areas)


def _common(parts: Sequence[Take], areas: Sequence[Area]) -> list[Area]:
    """The part of what a line took that ended in `areas`."""
    common = []
    for take in parts:
        for area in areas:
            each = Area(*(one & other for one, other in zip(take.area, area, strict=True)))
            if all(each):
                common.append(each)
    return cells.merged(common)


def _depth(stages: Sequence[Stage], program: Program) -> int:
    """How deep chains call each other, counting the stage as one caller."""
    known: dict[str, int] = {}

    def measure(name: str, above: tuple[str, ...]) -> int:
        if name in above:
            raise ValueError(f"chain {name} calls itself")
        if name not in known:
            targets = {step.rule.target for step in program.chains[name] if step.rule.target}
            known[name] = 1 + max((measure(each, (*above, name)) for each in sorted(targets)), default=0)
        return known[name]

    return max((measure(name, ()) for stage in stages for name in stage.chains), default=0)

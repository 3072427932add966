"""What surely passes, what surely does not, and what nobody can tell: one walk for all three.

The walk keeps, for every packet, the fates that are still possible (`cells`). A rule that certainly
matches decides; a rule with an open condition only adds a possibility. So making a condition unknown can
only move packets to `undecided` (property test: tests/engine/test_sets_agree_with_walk.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linter.engine import cells
from linter.engine.cells import DENIED, LIVE, PERMITTED, Area, Cells
from linter.engine.compile import Program, Step, compile_chains
from linter.engine.packets import Box
from parsers.model.conditions import Condition, Context
from parsers.model.rules import Action, Default, Rule, Stage


@dataclass(frozen=True, slots=True)
class Part:
    """Packets that one line decided, at one stage."""

    stage: Stage
    by: Rule | Default
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A line that keeps packets undecided, and what would settle it."""

    stage: Stage
    by: Rule | Default
    open: tuple[Condition, ...]
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The three disjoint parts of a demand, and the lines behind them."""

    permitted: tuple[Box, ...]
    denied: tuple[Box, ...]
    undecided: tuple[Box, ...]
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
    return run.outcome(demand)


@dataclass(slots=True)
class _Taken:
    """What one line took: surely (and then what was already possible), or only maybe."""

    stage: Stage
    by: Rule | Default
    action: Action
    open: tuple[Condition, ...]
    parts: dict[cells.Take, int]


class _Run:
    def __init__(self, program: Program, depth: int) -> None:
        self._program = program
        everything = program.everything
        self._everything = everything
        self._cells = Cells(everything.sources.bit_length(), everything.destinations, everything.services,
                            depth)
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
        slots = (PERMITTED, DENIED) if default.conditions else (_SLOT[default.action],)
        taken = self._cells.move(self._everything, LIVE, slots, sure=True)
        self._note(default, default.action, default.conditions, taken)

    def _chain(self, name: str, slot: int, back: int) -> None:
        """Run a chain on what is live in `slot`; what it does not decide goes to `back`."""
        for step in self._program.chains[name]:
            self._step(step, slot, back)
            if step.sure and not self._cells.any_in(slot):
                return
        self._cells.move(self._everything, slot, (back,), sure=True)

    def _step(self, step: Step, slot: int, back: int) -> None:
        action = step.rule.action
        match action:
            case Action.PERMIT | Action.DENY:
                taken = self._cells.move(step.area, slot, (_SLOT[action],), sure=step.sure)
                self._note(step.rule, action, step.open, taken)
            case Action.RETURN:
                taken = self._cells.move(step.area, slot, (back,), sure=step.sure)
                self._note(step.rule, action, step.open, taken)
            case Action.JUMP | Action.GOTO:
                taken = self._cells.move(step.area, slot, (slot + 1,), sure=step.sure)
                self._note(step.rule, action, step.open, taken)
                if taken:
                    self._chain(step.rule.target, slot + 1, slot if action is Action.JUMP else back)
            case Action.CONTINUE:
                pass

    def _note(self, by: Rule | Default, action: Action, unsettled: tuple[Condition, ...],
              taken: dict[cells.Take, int]) -> None:
        if taken and self._stage and (action in _SLOT or unsettled):
            self._taken.append(_Taken(self._stage, by, action, unsettled, taken))

    def outcome(self, demand: Box) -> Outcome:
        def boxes(areas: list[Area]) -> tuple[Box, ...]:
            return self._program.boxes(demand, areas)

        undecided = self._cells.areas(PERMITTED, within=DENIED)
        permits: list[Part] = []
        denials: list[Part] = []
        doubts: list[Doubt] = []
        for each in self._taken:
            if each.open:
                doubt = _common(each.parts, undecided)
                if doubt:
                    doubts.append(Doubt(each.stage, each.by, each.open, boxes(doubt)))
                continue
            deciding = boxes(_deciding(each))
            if deciding:
                found = permits if each.action is Action.PERMIT else denials
                found.append(Part(each.stage, each.by, deciding))
        return Outcome(boxes(self._cells.areas(PERMITTED, without=DENIED)),
                       boxes(self._cells.areas(DENIED, without=PERMITTED)),
                       boxes(undecided), tuple(permits), tuple(denials), tuple(doubts))


_SLOT = {Action.PERMIT: PERMITTED, Action.DENY: DENIED}


def _deciding(taken: _Taken) -> list[Area]:
    """Where the line made the verdict sure: no other fate was possible before it."""
    areas = []
    for take, sources in taken.parts.items():
        other = take.maybe_denied if taken.action is Action.PERMIT else take.maybe_permitted
        services = take.services & ~(other | take.elsewhere)
        if services:
            areas.append(Area(sources, take.destinations, services))
    return cells.merged(areas)


def _common(parts: Mapping[cells.Take, int], areas: Sequence[Area]) -> list[Area]:
    """The part of what a line took that ended in `areas`."""
    common = []
    for take, sources in parts.items():
        for s, d, v in areas:
            area = Area(sources & s, take.destinations & d, take.services & v)
            if all(area):
                common.append(area)
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

"""What surely passes, what surely does not, and what is undecided: one evaluation for all three.

It keeps, for every packet, the fates that are still possible (`cells`). A rule that certainly
matches decides; a rule with an open condition only adds a possibility. So making a condition unknown can
only move packets to `undecided` (property test: tests/engine/test_sets_agree_with_tracer.py).

A called chain is evaluated once, for every packet of the demand; each call repeats only what its lines took.
So cost is linear in the chains, however often each is called.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

from msgspec import Struct

from aclproof.linter.engine import cells
from aclproof.linter.engine.cells import DENIED, LIVE, PERMITTED, RETURNED, Area, Cells, Take
from aclproof.linter.engine.compile import Program, Step, Use, compile_chains
from aclproof.linter.engine.outcomes import Doubt, EffectHit, Outcome, Part
from aclproof.linter.engine.space import LazyBoxes
from aclproof.parsers.model.conditions import Condition, Context, Place
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Action, Default, Rule, Stage


def evaluate(stages: Sequence[Stage], chains: Mapping[str, Sequence[Rule]], demand: Box,
             context: Context) -> Outcome:
    """Evaluate the stages for `demand`; a packet passes when every stage lets it pass.

    `chains` holds the rules of every chain that the stages and their jumps name: all of them, or only
    those that can meet the demand (see `prefilter`). ValueError when chains call each other in a circle.
    """
    uses = dict.fromkeys((stage.place, name) for stage in stages
                         for name in callees_first(chains, stage.chains))
    program = compile_chains(uses, chains, demand, context)
    targets = {(place, step.rule.target) for (place, _), steps in program.chains.items() for step in steps}
    called: dict[Use, _Called] = {}
    for use in uses:
        if use in targets:
            evaluation = _Evaluation(program, called)
            evaluation.chain(*use)
            called[use] = evaluation.summary()
    whole = _Evaluation(program, called)
    for stage in stages:
        whole.stage(stage)
    return whole.outcome()


def callees_first(chains: Mapping[str, Sequence[Rule]], roots: Sequence[str]) -> list[str]:
    """Order the chains that the roots reach so that each comes after those that it calls."""
    done: dict[str, None] = {}
    above: dict[str, None] = {}
    work = [(name, True) for name in reversed(roots)]
    while work:
        name, entering = work.pop()
        if not entering:
            del above[name]
            done[name] = None
        elif name in above:
            raise ValueError(f"chain {name} calls itself")
        elif name not in done:
            above[name] = None
            work.append((name, False))
            targets = dict.fromkeys(rule.target for rule in chains[name] if rule.target)
            work += [(target, True) for target in targets if target not in done]
    return list(done)


class _Entry(Struct):
    """What one line took, and the slot that it sent it to."""

    stage: Stage | None
    by: Rule | Default
    to: int
    open: tuple[Condition, ...]
    takes: list[Take]
    call: int = 0
    """By which call packets came to it last."""
    again: bool = False
    """Met on several ways, so its place in the order differs from packet to packet."""

    @property
    def has_effect(self) -> bool:
        """Whether the line changes packets."""
        return isinstance(self.by, Rule) and self.by.effect is not None

    @property
    def matters(self) -> bool:
        """Whether it matters for packets that only go on."""
        return bool(self.open) or self.has_effect

    def covers(self, area: Area) -> bool:
        """Whether the line took all of an area at once before."""
        return any(_inside(area, take.area) for take in self.takes)


class _Called(Struct, frozen=True):
    """What a chain does to packets that start it: what its lines take, and what may come out at its end."""

    entries: Sequence[_Entry]
    returned: Sequence[Area]


_SLOT = {Action.PERMIT: PERMITTED, Action.DENY: DENIED, Action.RETURN: RETURNED, Action.CONTINUE: LIVE}


class _Evaluation:
    """All packets of the demand, through one chain or through all stages."""

    def __init__(self, program: Program, called: Mapping[Use, _Called]) -> None:
        self._program, self._called = program, called
        self._everything = program.space.everything
        self._cells = Cells(self._everything)
        self._noted: dict[tuple[int, int], _Entry] = {}
        self._stage: Stage | None = None
        self._calls = 0

    def summary(self) -> _Called:
        """Summarise the evaluated chain, for the rules that call it."""
        returned = self._cells.areas_in(RETURNED) + self._cells.areas_in(LIVE)
        return _Called(list(self._noted.values()), returned)

    def stage(self, stage: Stage) -> None:
        if self._stage is not None:
            self._cells.next_stage()
        self._stage = stage
        for name in stage.chains:
            self.chain(stage.place, name)
            self._cells.move(self._everything, RETURNED, (LIVE,), sure=True)
        slot = _SLOT[stage.default.action]
        self._note(stage.default, slot, (), self._cells.move(self._everything, LIVE, (slot,), sure=True))

    def chain(self, place: Place, name: str) -> None:
        """Evaluate a chain; what it does not decide stays live or returns."""
        for step in self._program.chains[place, name]:
            if self._step(step, place) and step.sure and not self._cells.any_in(LIVE):
                return

    def _step(self, step: Step, place: Place) -> bool:
        """Evaluate one step; return whether it took anything."""
        action = step.rule.action
        match action:
            case Action.PERMIT | Action.DENY | Action.RETURN | Action.CONTINUE:
                return self._take(step.rule, _SLOT[action], step.open, step.area, sure=step.sure)
            case Action.JUMP | Action.GOTO:
                return self._call(step, self._called[place, step.rule.target])
            case _:
                assert_never(action)

    def _call(self, step: Step, called: _Called) -> bool:
        """Do to the packets of the step what the called chain does to every packet."""
        self._calls += 1
        taken = False
        if step.open:
            taken = self._take(step.rule, LIVE, step.open, step.area, sure=False)
        for entry in called.entries:
            taken |= self._repeat(entry, step)
        if step.rule.action is Action.GOTO:  # after a jump, what returns just stays live
            for area in called.returned:
                common = _meet(area, step.area)
                if common:
                    taken |= bool(self._cells.move(common, LIVE, (RETURNED,), sure=step.sure))
        return taken

    def _repeat(self, entry: _Entry, step: Step) -> bool:
        """Do to the packets of a call what one line of the called chain does to every packet."""
        to = LIVE if entry.to == RETURNED else entry.to  # what returns is handled at the end of the call
        taken = False
        if to != LIVE or entry.matters:
            sure = step.sure and not entry.open
            for take in entry.takes:
                for area, certain in _split(take, step.area, sure=sure):
                    taken |= self._take(entry.by, to, entry.open, area, sure=certain)
        if entry.again:
            known = self._noted.get((id(entry.by), id(self._stage)))
            if known:
                known.again = True
        return taken

    def _take(self, by: Rule | Default, to: int, unsettled: tuple[Condition, ...], area: Area, *,
              sure: bool) -> bool:
        """Send the live packets of an area where a line wants them; return whether there were any."""
        taken = self._cells.move(area, LIVE, (to,), sure=sure or to == LIVE)
        if not sure:
            taken = [each._replace(elsewhere=each.area.inner) for each in taken]
        self._note(by, to, unsettled, taken)
        return bool(taken)

    def _note(self, by: Rule | Default, to: int, unsettled: tuple[Condition, ...],
              taken: list[Take]) -> None:
        """Keep what a line took; a mere possibility is kept once."""
        if not taken:
            return
        key = id(by), id(self._stage)
        known = self._noted.get(key)
        if known is None:
            self._noted[key] = _Entry(self._stage, by, to, unsettled, taken, self._calls)
            return
        fresh: list[Take] = []
        for take in taken:
            decides = to != LIVE and take.elsewhere != take.area.inner
            if decides or not known.covers(take.area):
                fresh.append(take)
        if known.has_effect and known.call != self._calls:
            known.again, known.call = True, self._calls
            self._noted[key] = self._noted.pop(key)  # its last time counts
        known.takes += fresh

    def outcome(self) -> Outcome:
        undecided = self._cells.undecided
        permits: list[Part] = []
        denials: list[Part] = []
        doubts: list[Doubt] = []
        effect_hits: list[EffectHit] = []
        for entry in self._noted.values():
            stage, by = entry.stage, entry.by
            assert stage is not None
            if isinstance(by, Rule) and by.effect is not None:
                effect_hits.append(self._effect_hit(stage, by, entry))
            if entry.open:
                left_open = _common(entry.takes, undecided)
                if left_open:
                    doubts.append(Doubt(stage, by, entry.open, self._boxes(left_open)))
                continue
            deciding = _deciding(entry)
            if deciding:
                decided = permits if entry.to == PERMITTED else denials
                decided.append(Part(stage, by, self._boxes(deciding)))
        return Outcome(self._boxes(self._cells.permitted), self._boxes(self._cells.denied),
                       self._boxes(undecided), tuple(permits), tuple(denials), tuple(doubts),
                       tuple(effect_hits))

    def _effect_hit(self, stage: Stage, by: Rule, entry: _Entry) -> EffectHit:
        sure: list[Area] = []
        maybe: list[Area] = []
        for take in entry.takes:
            inner = take.area.inner
            unsure = inner & (take.maybe_permitted | take.maybe_denied | take.elsewhere)
            if entry.open or entry.again:
                unsure = inner
            certain = inner & ~unsure
            if certain:
                sure.append(take.area._replace(inner=certain))
            if unsure:
                maybe.append(take.area._replace(inner=unsure))
        return EffectHit(stage, by, entry.open, self._boxes(cells.merged(sure)),
                         self._boxes(cells.merged(maybe)))

    def _boxes(self, areas: list[Area]) -> Sequence[Box]:
        return LazyBoxes(self._program.space, areas)


def _split(take: Take, within: Area, *, sure: bool) -> Iterator[tuple[Area, bool]]:
    """The part of what a called line took inside an area: what it surely took, and what only maybe."""
    common = _meet(take.area, within)
    if common is None:
        return
    certain = common.inner & ~take.elsewhere if sure else 0
    possible = common.inner & ~certain
    if certain:
        yield common._replace(inner=certain), True
    if possible:
        yield common._replace(inner=possible), False


def _meet(one: Area, two: Area) -> Area | None:
    common = Area(one.rows & two.rows, one.columns & two.columns, one.inner & two.inner)
    return common if all(common) else None


def _inside(small: Area, large: Area) -> bool:
    return not any(one & ~other for one, other in zip(small, large, strict=True))


def _deciding(entry: _Entry) -> list[Area]:
    """Where the line made the verdict sure: no other fate was possible before it."""
    if entry.to not in (PERMITTED, DENIED):
        return []
    areas = []
    for take in entry.takes:
        other = take.maybe_denied if entry.to == PERMITTED else take.maybe_permitted
        inner = take.area.inner & ~(other | take.elsewhere)
        if inner:
            areas.append(take.area._replace(inner=inner))
    return cells.merged(areas)


def _common(takes: Sequence[Take], areas: Sequence[Area]) -> list[Area]:
    """The part of what a line took that ended in `areas`."""
    found: list[Area] = []
    for take in takes:
        for area in areas:
            common = _meet(take.area, area)
            if common:
                found.append(common)
    return cells.merged(found)

"""What surely passes, what surely does not, and what is undecided: one evaluation for all three.

It keeps, for every packet, the fates that are still possible (`cells`). A rule that certainly
matches decides; a rule with an open condition only adds a possibility. So making a condition unknown can
only move packets to `undecided` (property test: tests/engine/test_sets_agree_with_tracer.py).

A chain that is surely called in one place is evaluated there. One that is called more often, or only perhaps,
is evaluated once, for every packet of the demand, and each call repeats only what its lines took. So cost is
linear in the chains, in a row or however often each is called: of a chain that calls many others, lines that
surely decide alike are repeated together, and told apart at the end (`groups`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from aclproof.linter.engine import cells
from aclproof.linter.engine.cells import DENIED, LIVE, PERMITTED, RETURNED, Area, Cells, Take, meet
from aclproof.linter.engine.compile import Program, Step, Use, compile_chains
from aclproof.linter.engine.entries import Entry, Line, common, grouped, told_apart
from aclproof.linter.engine.outcomes import Doubt, EffectHit, Outcome, Part
from aclproof.linter.engine.space import LazyBoxes
from aclproof.parsers.model.conditions import Condition, Context, Place
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Action, Rule, Stage


def evaluate(stages: Sequence[Stage], chains: Mapping[str, Sequence[Rule]], demand: Box,
             context: Context) -> Outcome:
    """Evaluate the stages for `demand`; a packet passes when every stage lets it pass.

    `chains` holds the rules of every chain that the stages and their jumps name: all of them, or only
    those that can meet the demand (see `prefilter`). ValueError when chains call each other in a circle.
    """
    roots = dict.fromkeys((stage.place, name) for stage in stages for name in stage.chains)
    program = compile_chains(roots, chains, demand, context)
    called: dict[Use, _Called] = {}
    for use in program.called_often():
        evaluation = _Evaluation(program, called)
        evaluation.chain(*use)
        called[use] = evaluation.summary()
    whole = _Evaluation(program, called)
    for stage in stages:
        whole.stage(stage)
    return whole.outcome()


class _Called(Struct, frozen=True):
    """What a chain does to packets that start it: what its lines take, and what may come out at its end."""

    entries: Sequence[Entry]
    returned: Sequence[Area]


class _Frame(Struct):
    """A chain that is being evaluated: for all packets, or for those of the one call in an area."""

    place: Place
    steps: Iterator[Step]
    area: Area | None = None
    returned: list[Take] = field(default_factory=list)

    def end(self) -> None:
        """Leave out the steps that are left: no packets come to them."""
        self.steps = iter(())


_SLOT = {Action.PERMIT: PERMITTED, Action.DENY: DENIED, Action.RETURN: RETURNED, Action.CONTINUE: LIVE}


class _Evaluation:
    """All packets of the demand, through one chain or through all stages."""

    def __init__(self, program: Program, called: Mapping[Use, _Called]) -> None:
        self._program, self._called = program, called
        self._everything = program.space.everything
        self._cells = Cells(self._everything, to_the_end=program.changes_packets)
        self._noted: dict[tuple[int, int, int], Entry] = {}
        self._stage: Stage | None = None
        self._turn = 0
        """Lines that change packets are noted anew in each turn: in the order in which packets meet them."""

    def summary(self) -> _Called:
        """Summarise the evaluated chain, for the rules that call it."""
        returned = self._cells.areas_in(RETURNED) + self._cells.areas_in(LIVE)
        return _Called(grouped(list(self._noted.values())), returned)

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
        frames = [_Frame(place, iter(self._program.chains[place, name]))]
        while frames:
            step = next(frames[-1].steps, None)
            if step is not None:
                entered = self._step(step, frames[-1])
                if entered:
                    frames.append(entered)
            else:
                self._give_back(frames.pop())
                if frames and not self._cells.any_in(LIVE):
                    frames[-1].end()

    def _step(self, step: Step, frame: _Frame) -> _Frame | None:
        """Evaluate one step; return the chain that it calls where that is to be evaluated here."""
        area = step.area if frame.area is None else meet(step.area, frame.area)
        if area is None:
            return None
        rule, sure = step.rule, step.sure
        if rule.target:
            taken = True
            if step.open or rule.effect is not None:
                self._take(rule, LIVE, step.open, area, sure=sure)
            entered = self._call(rule, frame, area, sure=sure)
            if entered:
                return entered
        else:
            takes = self._take(rule, _SLOT[rule.action], step.open, area, sure=sure)
            taken = bool(takes)
            if rule.action is Action.RETURN:
                frame.returned += takes
        if taken and sure and not self._cells.any_in(LIVE):
            frame.end()
        return None

    def _call(self, rule: Rule, frame: _Frame, area: Area, *, sure: bool) -> _Frame | None:
        """Do to the packets of a call what the called chain does; or return it, to be evaluated here."""
        use = frame.place, rule.target
        called = self._called.get(use)
        if called is None:
            return _Frame(frame.place, iter(self._program.chains[use]), area)
        for entry in called.entries:
            self._repeat(entry, area, sure=sure)
        if rule.action is Action.GOTO:  # after a jump, what returns just stays live
            for returned in called.returned:
                common = meet(returned, area)
                if common:
                    frame.returned += self._cells.move(common, LIVE, (RETURNED,), sure=sure)
        return None

    def _give_back(self, frame: _Frame) -> None:
        """Make live again what returned from a called chain; what may have returned before may still have."""
        if frame.area is None:
            return
        for area, _, _, before in frame.returned:
            for inner, sure in ((area.inner & ~before, True), (area.inner & before, False)):
                if inner:
                    self._cells.move(area._replace(inner=inner), RETURNED, (LIVE,), sure=sure)

    def _repeat(self, entry: Entry, within: Area, *, sure: bool) -> None:
        """Do to the packets of a call what one line of the called chain does to every packet."""
        self._turn += 1
        to = LIVE if entry.to == RETURNED else entry.to  # what returns is handled at the end of the call
        if to != LIVE or entry.matters:
            for take in entry.takes:
                for area, certain in _split(take, within, sure=sure and not entry.open):
                    self._take(entry.by, to, entry.open, area, sure=certain)

    def _take(self, by: Line, to: int, unsettled: tuple[Condition, ...], area: Area, *,
              sure: bool) -> list[Take]:
        """Send the live packets of an area where a line wants them; return those that there were."""
        taken = self._cells.move(area, LIVE, (to,), sure=sure or to == LIVE)
        noted = taken if sure else [each._replace(elsewhere=each.area.inner) for each in taken]
        self._note(by, to, unsettled, noted)
        return taken

    def _note(self, by: Line, to: int, unsettled: tuple[Condition, ...],
              taken: list[Take]) -> None:
        """Keep what a line took; a mere possibility is kept once."""
        if not taken:
            return
        changes = isinstance(by, Rule) and by.effect is not None
        key = id(by), id(self._stage), self._turn if changes else 0
        known = self._noted.get(key)
        if known is None:
            self._noted[key] = Entry(self._stage, by, to, unsettled, taken)
            return
        fresh: list[Take] = []
        for take in taken:
            decides = to != LIVE and take.elsewhere != take.area.inner
            if decides or not known.covers(take.area):
                fresh.append(take)
        known.takes += fresh

    def outcome(self) -> Outcome:
        undecided = self._cells.undecided
        doubts: list[Doubt] = []
        effect_hits: list[EffectHit] = []
        for entry in self._noted.values():
            stage, by = entry.stage, entry.by
            assert stage is not None
            if isinstance(by, Rule) and by.effect is not None:
                effect_hits.append(self._effect_hit(stage, by, entry))
            if entry.open:
                assert isinstance(by, Rule)
                left_open = common(entry.takes, undecided)
                if left_open:
                    doubts.append(Doubt(stage, by, entry.open, self._boxes(left_open)))
        decided = told_apart(self._noted.values())
        permits, denials = (tuple(Part(each.stage, each.by, self._boxes(each.areas)) for each in decided
                                  if each.to == to) for to in (PERMITTED, DENIED))
        return Outcome(self._boxes(self._cells.permitted), self._boxes(self._cells.denied),
                       self._boxes(undecided), permits, denials, tuple(doubts), tuple(effect_hits))

    def _effect_hit(self, stage: Stage, by: Rule, entry: Entry) -> EffectHit:
        sure: list[Area] = []
        maybe: list[Area] = []
        for take in entry.takes:
            inner = take.area.inner
            unsure = inner & (take.maybe_permitted | take.maybe_denied | take.elsewhere)
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
    common = meet(take.area, within)
    if common is None:
        return
    certain = common.inner & ~take.elsewhere if sure else 0
    possible = common.inner & ~certain
    if certain:
        yield common._replace(inner=certain), True
    if possible:
        yield common._replace(inner=possible), False

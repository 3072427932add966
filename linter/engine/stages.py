"""All packets of a demand through all filters of a firewall, with what rules do to them on the way.

Most demands meet no line that marks or translates, and one `evaluate` answers. Where they do, the packets
are cut by what those lines took, and each part goes on with what is known of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.engine import budget, changes, compose
from aclproof.linter.engine.algebra import split
from aclproof.linter.engine.call_order import callees_first
from aclproof.linter.engine.changes import Rewriting
from aclproof.linter.engine.evaluate import evaluate
from aclproof.linter.engine.outcomes import Doubt, EffectHit, Outcome
from aclproof.linter.engine.tested import about_changes, about_source
from aclproof.parsers.model.addresses import NOWHERE, AddressSet
from aclproof.parsers.model.conditions import NEW, RELATED, UNTRACKED, Condition, Context, Opaque
from aclproof.parsers.model.effects import Divert, Effect, Notice, Translate
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Rule, Stage
from aclproof.reason import Reason


class ForwardedFlow(Struct, frozen=True):
    """Packets as they came and as they left, and what was known of them in the end."""

    before: Box
    after: Box
    context: Context
    translations: tuple[Rule, ...] = ()
    known: bool = True
    """Whether it is certain that they left so."""


Reroute = Callable[[Box, Rule], Sequence[Stage] | None]
"""Where packets go once a rule has rewritten their destination; None: on, as all others do."""

def no_reroute(box: Box, rule: Rule) -> None:
    """Translated or not, packets pass the same stages."""


_MOST_PARTS = 256
"""Packets cut into more parts than this are undecided where marks or translations matter."""


class Rerouting(Struct, frozen=True):
    """What a firewall does with packets that it translated."""

    own: AddressSet = NOWHERE
    """The firewall's addresses, where they are known."""
    reroute: Reroute = no_reroute


_NO_REROUTING = Rerouting()


def evaluate_stages(stages: Sequence[Stage], rules: Mapping[str, Sequence[Rule]], demand: Box,
                    context: Context,
                    rerouting: Rerouting = _NO_REROUTING) -> tuple[Outcome, list[ForwardedFlow]]:
    """Return what becomes of the demand, in the demand's own packets, and how all of it came through.

    ValueError as in `evaluate`.
    """
    first = NEW in context.states or RELATED in context.states
    evaluated = [stage for stage in stages if first or not stage.once]
    return _Traversal(rules, rerouting).run(evaluated, demand, context)


class _Piece(Struct, frozen=True):
    """Packets that went through some stages together, and what rewrites them there."""

    box: Box
    context: Context
    translation: EffectHit | None = None
    """Of the destination."""
    sure: bool = True
    """Whether they surely meet it, as long as they pass."""
    source: tuple[Rule, ...] = ()
    """Rules that may rewrite the source, after all filters."""


class _Traversal(Struct, frozen=True):
    rules: Mapping[str, Sequence[Rule]]
    rerouting: Rerouting

    def run(self, stages: Sequence[Stage], box: Box, context: Context) -> tuple[Outcome, list[ForwardedFlow]]:
        if not stages:
            return Outcome((box,), (), (), (), (), ()), [ForwardedFlow(box, box, context)]
        outcome = evaluate(stages, self.rules, box, context)
        at = _first_with_effects(stages, outcome)
        if at is None:
            return outcome, [ForwardedFlow(box, box, context)]
        alone = self._tests_its_changes(stages[at], outcome)
        if alone and at == 0:
            outcome, pieces = self._stepwise(stages[0], box, context)
        else:
            at -= alone
            if at + 1 < len(stages):
                outcome = evaluate(stages[:at + 1], self.rules, box, context)
            pieces = _pieces(outcome, context)
        later = stages[at + 1:]
        outcomes: list[Outcome] = []
        flows: list[ForwardedFlow] = []
        for piece in pieces:
            for part in self._unchanged_apart(piece):
                of_part, forwarded = self._go_on(part, later)
                outcomes.append(of_part)
                flows += forwarded
        flows += [ForwardedFlow(denied, denied, context) for denied in outcome.denied]
        return compose.after(outcome, outcomes), flows

    def _stepwise(self, stage: Stage, box: Box, context: Context) -> tuple[Outcome, list[_Piece]]:
        """Evaluate a filter that tests its own changes; where that fails, nothing is known of them."""
        from aclproof.linter.engine import stepwise
        from aclproof.linter.engine.canonical import canonical

        try:
            outcome, passed, left = stepwise.evaluate_by_rule(stage, self.rules, box, context)
        except stepwise.StepwiseError:
            outcome, passed, left = Outcome((), (), (), (), (), ()), [], [box]
        pieces = [piece for passing, known, by in passed for piece in _left(stage, passing, known, by)]
        context = replace(context, place=stage.place)
        for effect in self._notices(stage):
            context = changes.noticed(effect, context, sure=False)
        for part in canonical(left):
            of_part = evaluate([stage], self.rules, part, context)
            outcome = compose.beside(outcome, of_part)
            pieces += _pieces(of_part, context)
        return outcome, pieces

    def _notices(self, stage: Stage) -> list[Notice]:
        """All that a filter may do to what is known of packets."""
        effects = [rule.effect for name in callees_first(self.rules,
                                                         stage.chains) for rule in self.rules[name]]
        return [effect for effect in dict.fromkeys(effects) if isinstance(effect, Notice)]

    def _go_on(self, piece: _Piece, stages: Sequence[Stage]) -> tuple[Outcome, list[ForwardedFlow]]:
        """Send a piece on, and bring the answer back to the packets before their translation."""
        if piece.translation is not None:
            return self._translate(piece, piece.translation, stages)
        if piece.context.states == {UNTRACKED} or piece.context.source_translated:
            # What is not tracked is not translated, and after one translation nobody is asked for another.
            stages = [stage for stage in stages if not stage.once]
        asking = next((stage for stage in stages if piece.source and self._asks_for_source(stage)), None)
        if asking:
            return compose.open_because(piece.box, asking, piece.source[-1], _NEW_SOURCE), [
                ForwardedFlow(piece.box, piece.box, piece.context, piece.source, known=False)]
        outcome, flows = self.run(stages, piece.box, piece.context)
        return outcome, [replace(flow, translations=piece.source + flow.translations) for flow in flows]

    def _asks_for_source(self, stage: Stage) -> bool:
        """Whether a filter asks from where packets come; some do so after that was rewritten."""
        return any(about_source(rule) for name in callees_first(self.rules, stage.chains)
                   for rule in self.rules[name])

    def _translate(self, piece: _Piece, hit: EffectHit,
                   stages: Sequence[Stage]) -> tuple[Outcome, list[ForwardedFlow]]:
        stage, by = hit.stage, hit.by
        rewriting = self._rewriting(piece)
        unresolved = _unresolved(piece, hit)
        if unresolved is not None or rewriting is None:
            unresolved = unresolved or Opaque("", Reason("to which address it translates"))
            left = ForwardedFlow(piece.box, piece.box, piece.context, known=False)
            return compose.open_because(piece.box, stage, by, unresolved), [left]
        rerouted = self.rerouting.reroute(rewriting.after, by)
        context = piece.context
        if rewriting.after != piece.box:
            changed = True if rewriting.exact else None  # to what it was already is no translation
            context = replace(context, translated=changed)
        outcome, flows = self.run(stages if rerouted is None else rerouted, rewriting.after, context)
        which = Opaque("", Reason("which of its targets the translation picks"))
        outcome = compose.before_translation(outcome, rewriting, Doubt(stage, by, (which,), ()))
        return outcome, [replace(flow, before=rewriting.back(flow.before),
                                 translations=(by, *flow.translations)) for flow in flows]

    def _rewriting(self, piece: _Piece) -> Rewriting | None:
        """What the translation of a piece does to it; None where there is none, or it is not known."""
        effect = piece.translation.by.effect if piece.translation else None
        if not isinstance(effect, Translate):
            return None
        own = self.rerouting.own.of(piece.box.family)
        return changes.rewriting(effect, piece.box, own)

    def _unchanged_apart(self, piece: _Piece) -> list[_Piece]:
        """Take apart the packets that a translation leaves as they were."""
        rewriting = self._rewriting(piece)
        if rewriting is None or not rewriting.exact or rewriting.shift:
            return [piece]
        same = piece.box & rewriting.after
        if same is None or same == piece.box:
            return [piece]
        unchanged, changed = split(piece.box, [same])
        return [replace(piece, box=box) for box in (*unchanged, *changed)]

    def _tests_its_changes(self, stage: Stage, outcome: Outcome) -> bool:
        """Whether a filter changes what is known of packets of the demand, and tests it as well."""
        effects = [hit.by.effect for hit in outcome.effect_hits if hit.stage is stage]
        if not any(isinstance(effect, Notice) for effect in effects):
            return False
        for name in callees_first(self.rules, stage.chains):
            if any(about_changes(rule) for rule in self.rules[name]):
                return True
        return False


_NEW_SOURCE = Opaque("", Reason("what filters after the translation of the source make of the new one"))


def _first_with_effects(stages: Sequence[Stage], outcome: Outcome) -> int | None:
    """The index of the first stage at which packets met a line with an effect."""
    for number, stage in enumerate(stages):
        if any(hit.stage is stage for hit in outcome.effect_hits):
            return number
    return None


def _unresolved(piece: _Piece, hit: EffectHit) -> Condition | None:
    """What is unknown of a piece that met a translation or a diversion, or None."""
    effect = hit.by.effect
    if isinstance(effect, Divert):
        return Opaque("", effect.because)
    if UNTRACKED in piece.context.states:
        return Opaque("", Reason("whether the packets are tracked, and so translated here"))
    if not piece.sure and hit.open:
        return hit.open[0]
    sure = piece.sure and piece.context.source_translated is not None  # else nobody may be asked here
    return None if sure else Opaque("", Reason("whether the packets are translated here"))


def _pieces(outcome: Outcome, context: Context) -> list[_Piece]:
    """Cut what may have passed by the effects that it met, in their order."""
    pieces = [_Piece(box, context) for box in (*outcome.permitted, *outcome.undecided)]
    for hit in outcome.effect_hits:
        parts: list[_Piece] = []
        budget.current().spend(len(pieces))
        for piece in pieces:
            parts += _cut(piece, hit)
        pieces = parts if len(parts) <= _MOST_PARTS else _joined(parts)
        if len(pieces) > _MOST_PARTS:
            return [_Piece(piece.box, piece.context, sure=False, translation=hit) for piece in pieces]
    return pieces


def _joined(pieces: Sequence[_Piece]) -> list[_Piece]:
    from aclproof.linter.engine.canonical import joined

    any_box = pieces[0].box
    found = joined((piece.box, replace(piece, box=any_box)) for piece in pieces)
    return [replace(piece, box=box) for box, piece in found]


def _left(stage: Stage, box: Box, context: Context, by: Rule | None) -> list[_Piece]:
    """Packets that left a filter which was evaluated rule by rule."""
    piece = _Piece(box, context)
    return [piece] if by is None else _cut(piece, EffectHit(stage, by, (), (box,), ()))


def _cut(piece: _Piece, hit: EffectHit) -> list[_Piece]:
    if piece.translation is not None:
        return [piece]
    found: list[_Piece] = []
    rest: Sequence[Box] = (piece.box,)
    for boxes, sure in ((hit.sure, True), (hit.maybe, False)):
        remaining: list[Box] = []
        for part in rest:
            if not any(part & box for box in boxes):
                remaining.append(part)
                continue
            inside, outside = split(part, boxes)
            found += [_after_hit(replace(piece, box=box), hit, sure=sure) for each in inside
                      for box in _kept_apart(hit.by.effect, each)]
            remaining += outside
        rest = remaining
    return found + [replace(piece, box=box) for box in rest]


def _kept_apart(effect: Effect | None, box: Box) -> Sequence[Box]:
    """Take apart the packets that a translation of the source may leave as they are."""
    kept = isinstance(effect, Translate) and effect.end == "source" and changes.may_stay(effect, box)
    if not kept:
        return (box,)
    inside, outside = split(box, [kept])
    return *inside, *outside


def _after_hit(piece: _Piece, hit: EffectHit, *, sure: bool) -> _Piece:
    effect = hit.by.effect
    assert effect is not None
    if isinstance(effect, Translate) and effect.end == "source":
        kept = changes.may_stay(effect, piece.box) or (effect.itself and hit.stage.place.from_itself)
        context = replace(piece.context, source_translated=True if sure else None,
                          source_changed=True if sure and not kept else None)
        return replace(piece, context=context, source=(*piece.source, hit.by))
    if isinstance(effect, Translate | Divert):
        return replace(piece, sure=sure, translation=hit)
    context = replace(piece.context, place=hit.stage.place)
    return replace(piece, context=changes.noticed(effect, context, sure=sure))

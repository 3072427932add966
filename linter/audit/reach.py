"""Which packets of a rule come to it, and what would become of them without it.

Only rules of its own chain, and of those that it calls, are looked at: whoever calls the chain, and with
which packets, what takes all packets before it always does. Doubts count against an answer: a rule whose
tests are not known to hold takes nothing surely, and may take everything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property

from msgspec import Struct

from aclproof.linter.audit.assumed import Lasting
from aclproof.linter.audit.pieces import Piece
from aclproof.linter.audit.recast import AFTER, BEFORE, Recast
from aclproof.linter.audit.search import InTurn, Point, Taker, left_over, only, taker
from aclproof.linter.engine.budget import Budget
from aclproof.linter.engine.relevant import RulesByChain
from aclproof.parsers.model.besides import NOTHING
from aclproof.parsers.model.conditions import Condition
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import DENY_REST, Action, Rule

_LEAVING = (Action.PERMIT, Action.DENY, Action.RETURN, Action.GOTO)
"""What a packet does not come back from to the rules after it."""


class Reaches(Struct, frozen=True):
    """A packet surely, or perhaps, comes to the rule; or fares otherwise without it."""


class Covered(Struct, frozen=True):
    """No packet of the piece comes to the rule, or needs it."""

    by: tuple[Rule, ...]
    """The rules that take them instead, those that take most first."""


class Surroundings:
    """The rules that can meet a piece: those before it in its chain, those after it, and what they call."""

    def __init__(self, piece: Piece, own: Sequence[Rule], called: RulesByChain, lasting: Lasting,
                 given: Sequence[Condition] = ()) -> None:
        """`own` and `called` have the rules that meet the piece's box, of its chain and of those it calls.

        Of the packets of the piece only those count for which all that is `given` holds.
        """
        self.piece = piece
        at = next(number for number, each in enumerate(own) if each is piece.rule)
        self._held = [*lasting.held(piece.rule.conditions), *given]
        self.is_met = lasting.seen(piece.rule, given) is not None
        """Whether the rule matches any of these packets."""
        self._known, self._called, self._before, self._after = lasting, called, own[:at], own[at + 1:]

    @cached_property
    def before(self) -> list[Rule]:
        """The rules before it."""
        return list(self._seen(self._before))

    @cached_property
    def takers(self) -> Iterable[Taker]:
        """The rules before it that surely keep what they match from it."""
        return InTurn(taker(each, self.piece.box) for each in self._seen(self._before)
                      if each.action in _LEAVING and not each.conditions)

    @cached_property
    def left_over(self) -> Point | Taker | None:
        """A packet that no rule before it surely keeps from it, but perhaps those that they call."""
        return left_over(self.piece.box, self.takers)

    def boxes(self) -> Iterator[Box]:
        """Yield one packet that may come to it, where one is at hand, then all: what holds for all of them
        needs to hold for that one, which takes less work to see."""
        if isinstance(self.left_over, tuple):
            yield only(self.piece.box, self.left_over)
        yield self.piece.box

    def after(self, without: Collection[int]) -> list[Rule]:
        """The rules after it, but for some that are left out by their identity."""
        return list(self._seen(each for each in self._after if id(each) not in without))

    @cached_property
    def called(self) -> dict[str, Sequence[Rule]]:
        """The rules of the chains that rules call."""
        return {name: list(self._seen(some)) for name, some in self._called.items()}

    def _seen(self, rules: Iterable[Rule]) -> Iterator[Rule]:
        found = (self._known.seen(each, self._held) for each in rules)
        return (each for each in found if each is not None)

    def stands_for_it(self, rule: Rule) -> bool:
        """Whether packets may meet a rule instead of the one in question, and nobody sees that.

        One that decides must do the same besides, and one that only passes them on nothing.
        """
        if not rule.in_file:
            return rule.effect is None
        if rule.effect is not None or rule.action is Action.CONTINUE:
            return False
        of_it, own = (self._known.besides.get(each.line, NOTHING).deeds for each in (rule, self.piece.rule))
        return of_it == own if rule.action is self.piece.rule.action else not of_it


def reach(around: Surroundings, steps: Budget) -> Reaches | Covered | None:
    """Return whether any packet of a piece comes to its rule; None where it would take too long to tell."""
    found = around.left_over
    if isinstance(found, Taker):
        return Covered((found.rule,))
    if found and not any(each.action is Action.JUMP for each in around.before):
        return Reaches()
    filters = Recast()
    filters.add(around.before, around.called, BEFORE, _AS_IT_WAS, _AS_IT_WAS_BELOW)
    return _instead(around, filters, BEFORE, steps)


def without_rule(around: Surroundings, without: Collection[int], steps: Budget) -> Reaches | Covered | None:
    """Return whether packets of a piece may fare otherwise without its rule; None as above.

    `without` are rules that are left out as well, by their identity.
    """
    after = around.after(without)
    if not any(each.target for each in (*around.before, *after)) and _shown_needed(around, after):
        return Reaches()
    own = around.piece.rule.action
    alike = {each: Action.PERMIT if each is own else Action.DENY for each in (Action.PERMIT, Action.DENY)}
    filters = Recast()
    filters.add(around.before, around.called, BEFORE, _AS_IT_WAS, _AS_IT_WAS_BELOW)
    filters.add(after, around.called, AFTER, {**alike, Action.RETURN: Action.DENY}, alike,
                around.stands_for_it)
    return _instead(around, filters, AFTER, steps)


def _instead(around: Surroundings, filters: Recast, where: str, steps: Budget) -> Reaches | Covered | None:
    """What takes all packets of a piece, where the filters permit all that do without its rule."""
    found: tuple[Rule, ...] = ()
    for box in around.boxes():
        outcome = filters.evaluate(box, DENY_REST, steps)
        if outcome is None:
            return None
        if outcome.denied or outcome.undecided:
            return Reaches()
        found = filters.origin(outcome.permits, where)
    return Covered(found)


def _shown_needed(around: Surroundings, after: Sequence[Rule]) -> bool:
    """Whether a packet is at hand that comes to the rule, and would meet one of another action next, or
    none."""
    box, action = around.piece.box, around.piece.rule.action
    takers = list(around.takers)
    for rule in after:
        each = taker(rule, box)
        differs = rule.action is not action or not around.stands_for_it(rule)
        if differs and any(_is_left(common, takers) for axes in each.axes
                           if (common := box & Box(box.family, box.protocol, *axes))):
            return True
        if not rule.conditions and rule.action in _LEAVING:
            takers.append(each)
    return _is_left(box, takers)


def _is_left(box: Box, takers: Sequence[Taker]) -> bool:
    return isinstance(left_over(box, takers), tuple)


_AS_IT_WAS_BELOW = {Action.DENY: Action.PERMIT}
_AS_IT_WAS = {**_AS_IT_WAS_BELOW, Action.RETURN: Action.PERMIT, Action.GOTO: Action.PERMIT}
"""What does not come to it fares as it did."""

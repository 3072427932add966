"""Rules with other actions than they have: for questions that are not the firewall's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from aclproof.linter.engine import budget
from aclproof.linter.engine.budget import Budget, OverBudgetError
from aclproof.linter.engine.evaluate import evaluate
from aclproof.linter.engine.outcomes import Outcome, Part
from aclproof.linter.engine.relevant import RulesByChain
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.packets import Box, size
from aclproof.parsers.model.rules import Action, Default, Rule, Stage

BEFORE, AFTER = "before ", "after "
"""Rules before the one in question, and after it; chains that both call are not the same."""


class Recast:
    """Rules with other actions than they have, and which rules they were."""

    def __init__(self) -> None:
        self._own: list[Rule] = []
        self._chains: dict[str, Sequence[Rule]] = {}
        self._origin: dict[int, tuple[str, Rule]] = {}

    def add(self, own: Sequence[Rule], called: RulesByChain, prefix: str, actions: Mapping[Action, Action],
            below: Mapping[Action, Action], serves: Callable[[Rule], bool] = bool) -> None:
        """Add rules of the chain itself, and those that it calls, which get a prefix before their names.

        What does not serve denies.
        """
        self._own += [self._made(each, actions if serves(each) else _NO_SERVICE, prefix) for each in own]
        for name, rules in called.items():
            self._chains[prefix + name] = [self._made(each, below if serves(each) else _NO_SERVICE, prefix)
                                           for each in rules]

    def evaluate(self, box: Box, rest: Default, steps: Budget) -> Outcome | None:
        """Put all packets of a box through them; None where that takes more steps than it may."""
        try:
            with budget.part_of(steps):
                return evaluate([Stage("", ("",), rest)], {"": self._own, **self._chains}, box, Context())
        except OverBudgetError:
            return None

    def origin(self, parts: Sequence[Part], prefix: str) -> tuple[Rule, ...]:
        """What the rules were that decide some parts, as far as they were added with a prefix."""
        found = [self._origin[id(part.by)] for part in sorted(parts, key=lambda part: -size(part.boxes))
                 if id(part.by) in self._origin]
        return tuple(rule for where, rule in found if where == prefix)

    def _made(self, rule: Rule, actions: Mapping[Action, Action], prefix: str) -> Rule:
        """A rule with another action."""
        action = actions.get(rule.action, rule.action)
        target = prefix + rule.target if action in (Action.JUMP, Action.GOTO) else ""
        made = rule._replace(action=action, target=target, effect=None)
        self._origin[id(made)] = prefix, rule
        return made


_NO_SERVICE = dict.fromkeys(Action, Action.DENY)

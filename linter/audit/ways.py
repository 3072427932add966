"""Ways on which packets come to a rule: from a chain that the kernel calls, by the rules that call the next.

A rule at the end of a way matches what all of its calls match as well; what is asked before it is all that
stands before each call and before the rule itself.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct

from aclproof.linter.engine.relevant import RulesByChain
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.model.services import common

MOST = 256
"""So many ways to one rule are looked at, and some more."""


class Way(Struct, frozen=True):
    """One of them: the rule of each chain that leads on, and last the rule itself."""

    steps: tuple[tuple[str, Rule], ...]

    @property
    def base(self) -> str:
        """The chain that the kernel calls."""
        return self.steps[0][0]

    def whole(self) -> Rule:
        """The last rule, for what all of its calls match as well."""
        _, rule = self.steps[-1]
        for _, call in self.steps[:-1]:
            rule = rule._replace(
                sources=rule.sources & call.sources, destinations=rule.destinations & call.destinations,
                services=tuple(common(rule.services, call.services)),
                conditions=(*call.conditions, *rule.conditions))
        return rule

    def before(self, met: RulesByChain) -> list[Rule]:
        """Return what is asked before it, of the rules that its packets meet by their chains."""
        found: list[Rule] = []
        for chain, rule in self.steps:
            for each in met[chain]:
                if each is rule:
                    break
                found.append(each)
        return found


class Ways:
    """All of a firewall."""

    def __init__(self, chains: RulesByChain, bases: Collection[str]) -> None:
        self._bases = frozenset(bases)
        self._callers: dict[str, list[tuple[str, Rule]]] = {}
        for name, rules in chains.items():
            for rule in rules:
                if rule.target and rule.enabled:
                    self._callers.setdefault(rule.target, []).append((name, rule))

    def to(self, chain: str, rule: Rule) -> tuple[Sequence[Way], bool]:
        """Return the ways to a rule of a chain, the shortest first, and whether these are all."""
        work: list[tuple[tuple[str, Rule], ...]] = [((chain, rule),)]
        whole = True
        for steps in work:  # it grows
            callers = self._callers.get(steps[0][0], ())
            if callers and len(work) >= MOST:
                whole = False
            else:
                work += [(call, *steps) for call in callers]
        return [Way(steps) for steps in work if steps[0][0] in self._bases], whole


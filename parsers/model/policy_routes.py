"""Routing by policy: packets that a firewall may send out elsewhere than its routes say.

Only what opens connections is asked, and only where it comes in; answers go back by their connection's way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from aclproof.parsers.model.addresses import ANY
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import ANY_SERVICE
from aclproof.reason import Reason


class Clause(Struct, frozen=True):
    """One entry of a policy: of the packets that any of its lists permits it decides the way."""

    by_policy: bool
    """Whether it decides it; else the routes do, and no later clause is asked."""
    lists: tuple[Sequence[Rule], ...]
    """What is open in them counts as permitted where the policy decides, and as denied where routes do."""
    ways: frozenset[str] | None = None
    """The interfaces by which it may send them out, besides that of the routes; None where not known."""


class PolicyRoute(Struct, frozen=True):
    """What decides the way of packets that come in by an interface."""

    interface: str
    line: int
    clauses: tuple[Clause, ...]

    def other_than(self, leave: str) -> Sequence[Clause]:
        """Return the clauses that matter where the routes lead out by an interface."""
        return [each for each in self.clauses
                if not each.by_policy or each.ways is None or each.ways - {leave}]

    def reason(self, line: int | str, role: str) -> Reason:
        """Say why it is not known by which interface packets to a role leave."""
        return Reason("line {line} routes some packets that come in by {interface} by policy, these perhaps "
                      "among them; name the interface that they leave by: 'interfaces: {{{role}: NAME}}'",
                      line=line, interface=self.interface, role=role)


FIRST = "policy"
"""The chain to begin with."""


def chains(clauses: Sequence[Clause], *, any_service: bool = False) -> Mapping[str, Sequence[Rule]]:
    """Write clauses as chains that permit what they may send elsewhere; `any_service`: by addresses alone."""
    found: dict[str, list[Rule]] = {FIRST: []}
    for clause in clauses:
        for rules in clause.lists:
            name = str(len(found))
            found[name] = [each for rule in rules for each in _step(rule, clause, any_service=any_service)]
            found[FIRST].append(Rule(Action.JUMP, ANY, ANY, (ANY_SERVICE,), 0, target=name))
    return found


def _step(rule: Rule, clause: Clause, *, any_service: bool) -> Sequence[Rule]:
    """What a line of a list does: takes packets for its clause, or leaves them to the next list."""
    permits = rule.action is not Action.DENY
    sure = not rule.conditions and rule.action in (Action.PERMIT, Action.DENY)
    narrow = any_service and rule.services != (ANY_SERVICE,)
    taken = permits and clause.by_policy
    if not rule.enabled or (not taken and (not sure or narrow)):
        return ()
    action = Action.RETURN if not permits else Action.PERMIT if clause.by_policy else Action.DENY
    return (rule._replace(action=action, conditions=(), target="", effect=None,
                          services=(ANY_SERVICE,) if any_service else rule.services),)

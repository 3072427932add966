"""Which packets come to a list, as far as their ends tell, and which of them its permits decide about."""

from __future__ import annotations

from collections.abc import Sequence, Set

from msgspec.structs import replace

from aclproof import parsers
from aclproof.linter.audit.pieces import within
from aclproof.linter.engine.algebra import minus
from aclproof.linter.engine.call_order import callees_first
from aclproof.linter.engine.canonical import canonical
from aclproof.linter.engine.evaluate import evaluate
from aclproof.linter.engine.relevant import every_rule, relevant
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.hook_point import HookPoint
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.plain_rules import special
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import ANY_PORT, is_icmp


class Arrival:
    """The lists of one firewall, with what leads to them."""

    def __init__(self, firewall: Firewall) -> None:
        self._firewall, self._rules = firewall, every_rule(firewall)
        bound = {each.chain for each in firewall.bindings}
        self._points: dict[str, list[HookPoint]] = {}
        for point, first in ((each.point, each.chain) for each in firewall.bindings if each.point):
            for name in callees_first(self._rules, [first]):
                self._points.setdefault(name, []).append(point)
        self._callers: dict[str, list[tuple[str, Rule]]] = {}
        for name, rules in self._rules.items():
            for rule in special(rules):
                if rule.target and rule.enabled and rule.target not in bound:
                    self._callers.setdefault(rule.target, []).append((name, rule))

    @property
    def calls(self) -> list[Rule]:
        """All rules that call lists to which packets come by no other way."""
        return [rule for some in self._callers.values() for _, rule in some]

    def of(self, chain: str, boxes: Sequence[Box]) -> Sequence[Box]:
        """Leave out the packets that no rule leads to a list."""
        if not boxes or chain not in self._callers:
            return boxes
        return canonical(box for caller, rule in self._callers[chain] for box in self.of(
            caller, [part for each in boxes for part in within(rule, each)]))

    def hooks(self, chain: str) -> Set[str] | None:
        """Return the hooks of a host from which packets come to a list; None where it only translates."""
        points = self._points.get(chain, [])
        if points and all(each.translates for each in points):
            return None
        return {each.hook for each in points}

    def decided_by_permits(self, chain: str, boxes: Sequence[Box]) -> Sequence[Box]:
        """Leave out the packets that a list lets pass at its end where it permits nothing before."""
        stages = parsers.through(self._firewall, chain)
        if stages[-1].default.action is not Action.PERMIT:
            return boxes
        found: list[Box] = []
        met = relevant(self._firewall, [(stages, box) for box in boxes])
        for box, rules in zip(boxes, met, strict=True):
            stopping = {name: [rule for rule in some if rule.action is not Action.PERMIT]
                        for name, some in rules.items()}
            found += minus([box], evaluate(stages, stopping, box, Context()).permitted)
        return found


def without_own_end(boxes: Sequence[Box], hooks: Set[str]) -> list[Box]:
    """Free packets of what no other packet differs by: the code of an echo, and the host's own end."""
    own = {"input": "destinations", "output": "sources"}.get(next(iter(hooks))) if len(hooks) == 1 else None
    found = []
    for box in boxes:
        if is_icmp(box.protocol):
            box = replace(box, destination_ports=ANY_PORT)
        found.append(replace(box, **{own: IntervalSet.of((0, box.family.last))}) if own else box)
    return found

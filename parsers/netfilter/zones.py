"""In which zone packets are that enter or leave by an interface, where chains of zones are called by it."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.parsers.model.conditions import OnInterface
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Action, Rule


def target(firewall: Firewall, chain: str, box: Box, ingress: str, egress: str) -> str:
    """Return the chain that a chain hands these packets to, by its own name; empty where that is not one."""
    for rule, whole in _meeting(firewall, chain, box, ingress, egress):
        return rule.target.rpartition(" ")[2] if whole else ""
    return ""


def between(firewall: Firewall, chain: str, box: Box, ingress: str, egress: str) -> str:
    """Return the chain that a chain hands all that goes between two interfaces to; empty for none."""
    for rule, whole in _meeting(firewall, chain, box, ingress, egress):
        ways = {each.way for each in rule.conditions if isinstance(each, OnInterface)}
        if whole and ways == {"in", "out"}:
            return rule.target.rpartition(" ")[2]
    return ""


def _meeting(firewall: Firewall, chain: str, box: Box, ingress: str,
             egress: str) -> Iterator[tuple[Rule, bool]]:
    """Yield the calls that some of the packets meet, and whether all of them do."""
    found = firewall.chains.get(chain)
    for rule in found.rules if found else ():
        if rule.action not in (Action.JUMP, Action.GOTO):
            continue
        sources, destinations = rule.sources.of(box.family), rule.destinations.of(box.family)
        met = [_is_met(each, ingress, egress) if isinstance(each, OnInterface) else None
               for each in rule.conditions]
        if False in met or not (sources & box.sources) or not (destinations & box.destinations):
            continue
        yield rule, None not in met and not (box.sources - sources) and not (box.destinations - destinations)


def _is_met(condition: OnInterface, ingress: str, egress: str) -> bool | None:
    """Whether an interface is the one that a rule asks for; None where it is not known."""
    name = ingress if condition.way == "in" else egress
    if not name:
        return None
    wanted = condition.name
    alike = name.startswith(wanted[:-1]) if wanted.endswith("+") else name == wanted
    return alike is not condition.negated

"""Permits of everything from everywhere to everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.parsers.model.addresses import ANY, Family
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import ANY_PORT, ANY_PROTOCOL


def lines(firewall: Firewall) -> list[int]:
    """Return the lines of those that test nothing else."""
    return [rule.line for rule in rules(firewall) if not rule.conditions]


def rules(firewall: Firewall) -> Iterator[Rule]:
    """Yield those of lists that are bound: to others their callers may send some packets only. What a table
    accepts that translates goes untranslated, and is not let through by that."""
    filters = dict.fromkeys(each.chain for each in firewall.bindings
                            if not (each.point and each.point.translates))
    bound = filters if firewall.bindings else firewall.lists
    return (rule for name in bound if name in firewall.lists for rule in firewall.chains[name].rules
            if rule.enabled and rule.in_file and _permits_everything(rule))


def takes_everything(rule: Rule, family: Family) -> bool:
    """Whether a rule decides all packets of a family that come to it, or may do so."""
    return rule.enabled and rule.action in (Action.PERMIT, Action.DENY) and _is_for_everything(rule, family)


def _permits_everything(rule: Rule) -> bool:
    return rule.action is Action.PERMIT and rule.effect is None and any(
        _is_for_everything(rule, family) for family in Family)


def _is_for_everything(rule: Rule, family: Family) -> bool:
    return rule.sources.of(family) == rule.destinations.of(family) == ANY.of(family) and any(
        each.protocols == ANY_PROTOCOL and each.source_ports == each.destination_ports == ANY_PORT
        for each in rule.services)

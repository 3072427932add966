"""Which rules test what a rule before them may have changed."""

from __future__ import annotations

from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.conditions import CameWith, HasMark, InState, IsItself, IsReply, Membership
from aclproof.parsers.model.packet_conditions import HasConnection, HasStatus, HopLimitWithin
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.model.services import ANY_PORT

_CHANGED = (HasMark, InState, HasConnection, HasStatus, IsReply, CameWith, HopLimitWithin)
"""Tests of marks, of hop limits, and of a connection: what is not tracked has none."""


def about_changes(rule: Rule) -> bool:
    """Return whether a rule tests what is known of packets besides their ends, and rules change."""
    return any(isinstance(condition, _CHANGED) for condition in rule.conditions)


def about_source(rule: Rule) -> bool:
    """Return whether a rule tests from where packets come: the address, or the port."""
    if any(isinstance(condition, IsItself | Membership) and condition.side == "source"
           for condition in rule.conditions):
        return True
    if any(service.source_ports != ANY_PORT and not service.of_icmp for service in rule.services):
        return True
    return any(0 < rule.sources.of(family).size <= family.last for family in Family)

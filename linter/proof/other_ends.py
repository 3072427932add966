"""Filters that answers meet with other ends than they have elsewhere: netfilter undoes what it translated.

What asks for such an end is open. That of the destination is undone where destinations are translated, that
of the source where sources are, so after nearly all of a host's filters.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from aclproof.linter.engine.call_order import callees_first
from aclproof.linter.engine.relevant import every_rule
from aclproof.parsers.model.addresses import ANY, Family
from aclproof.parsers.model.conditions import Condition, IsItself, Membership, Opaque
from aclproof.parsers.model.effects import End, Notice
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.plain_rules import special
from aclproof.parsers.model.rules import Action, Rule, Stage
from aclproof.parsers.model.services import ANY_PORT, Service
from aclproof.reason import Reason

_UNDONE = Opaque("", Reason("which ends answers have there: what was translated of them is undone before it, "
                            "or after it"))

Blurred = tuple[Stage, Mapping[str, Sequence[Rule]]]
"""A filter, and the chains that it has in place of the firewall's."""


def doubtful(firewall: Firewall, stage: Stage, family: Family, translated: Collection[End]) -> Blurred:
    """Return a filter of which it is open what it asks of an end of answers that may be undone by then;
    `translated` are ends of the request."""
    if stage.undone is None or stage.undone not in translated:
        return stage, {}
    end = _End("source" if stage.undone == "destination" else "destination", family,
               IntervalSet.of((0, family.last)))
    return _blurred(firewall, stage, end, stops=True)


def notices(firewall: Firewall, stages: Sequence[Stage], answers: Sequence[Box]) -> Iterator[Blurred]:
    """Yield what filters note of answers, as they come in, before their destination is translated back.

    What these filters stop is not asked again.
    """
    chains = every_rule(firewall)
    names = callees_first(chains, [name for stage in stages for name in stage.chains])
    if any(isinstance(rule.effect, Notice) for name in names for rule in special(chains[name])):
        there = IntervalSet.union(each.destinations for each in answers)
        for stage in stages:
            yield _blurred(firewall, stage, _End("destination", answers[0].family, there), stops=False)


class _End(NamedTuple):
    """One end of answers, and the addresses that it may have there."""

    name: End
    family: Family
    addresses: IntervalSet


def _blurred(firewall: Firewall, stage: Stage, end: _End, *, stops: bool) -> Blurred:
    chains = every_rule(firewall)
    made = {_name(name): [_rule(rule, end) for rule in chains[name]
                          if stops or rule.action is not Action.DENY]
            for name in callees_first(chains, stage.chains)}
    default = stage.default if stops else replace(stage.default, action=Action.PERMIT)
    return replace(stage, chains=tuple(map(_name, stage.chains)), default=default), made


def _name(chain: str) -> str:
    return f"{chain} (of answers)"


def _rule(rule: Rule, end: _End) -> Rule:
    """The same rule, with what it asks of one end left open."""
    if rule.target:
        rule = rule._replace(target=_name(rule.target))
    asked = (rule.sources if end.name == "source" else rule.destinations).of(end.family)
    services = tuple(_any_port(each, end.name) for each in rule.services)
    known = tuple(each for each in rule.conditions if not _asks(each, end.name))
    if not asked & end.addresses:
        return rule._replace(enabled=False)
    rule = rule._replace(sources=ANY) if end.name == "source" else rule._replace(destinations=ANY)
    if not end.addresses - asked and services == rule.services and known == rule.conditions:
        return rule
    return rule._replace(services=services, conditions=(*known, _UNDONE))


def _asks(condition: Condition, end: End) -> bool:
    return isinstance(condition, IsItself | Membership) and condition.side == end


def _any_port(service: Service, end: End) -> Service:
    if service.of_icmp:  # types and codes stay what they are
        return service
    return replace(service, source_ports=ANY_PORT) if end == "source" else \
        replace(service, destination_ports=ANY_PORT)

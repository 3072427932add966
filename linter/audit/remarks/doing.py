"""What rules do, to be held against what is said of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclproof.linter.audit.remarks.claims import HasAddress
from aclproof.linter.audit.remarks.services import asked_for
from aclproof.linter.proof.near.wording import few_ports
from aclproof.parsers.model.addresses import AddressSet, Family, single, spell
from aclproof.parsers.model.conditions import IsItself, Membership, Opaque, TimeRange
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import ANY_PORT, PROTOCOL_NAMES, Service, is_icmp

_MOST = 3
"""So many services or addresses are written out."""


def one_action(rules: Sequence[Rule]) -> Action | None:
    """Return what all rules do that are in force; None where they do not all permit, or all deny, or where
    one does so at times, to what is left over by a `not`, or on a test that nobody knows the answer to."""
    found = {rule.action for rule in rules if rule.enabled}
    if len(found) > 1 or not found <= {Action.PERMIT, Action.DENY} or any(map(_asks_more, rules)):
        return None
    return found.pop()


def has_ports(rules: Sequence[Rule], protocols: IntervalSet, ports: IntervalSet) -> bool:
    """Return whether some rule is for some of these ports, on a side where it asks for any."""
    return any(each.protocols & protocols and asked_for(each) & ports
               for rule in rules for each in rule.services)


def has_addresses(rules: Sequence[Rule], claim: HasAddress) -> bool:
    """Return whether some rule has one of these at the end that is meant, or may have; where no end is said,
    at one that is not all addresses."""
    return any(_has(rule, claim) or any(isinstance(each, Opaque | Membership | IsItself)
                                        for each in rule.conditions) for rule in rules)


def _has(rule: Rule, claim: HasAddress) -> bool:
    if claim.end:
        return bool((rule.sources if claim.end == "sources" else rule.destinations) & claim.addresses)
    some = list(single_ends((rule,)))
    return not some or any(each & claim.addresses for each in some)


def single_ends(rules: Sequence[Rule]) -> Iterator[AddressSet]:
    """Yield the ends of rules, family by family, that are not all addresses."""
    for rule in rules:
        for side in (rule.sources, rule.destinations):
            for family in Family:
                if (found := side.of(family)) and found.size <= family.last:
                    yield single(family, found)


def service_text(rules: Sequence[Rule]) -> str:
    """Write the first services of rules: `TCP 8080, UDP 53`."""
    return _few([_service(each) for rule in rules for each in rule.services])


def ends_text(rules: Sequence[Rule]) -> str:
    """Write the first ends of rules that are not all addresses."""
    return _few([text for each in single_ends(rules) for family in Family
                 for text in spell(family, each.of(family).ranges[:_MOST + 1])])


def _few(texts: Sequence[str]) -> str:
    found = list(dict.fromkeys(texts))
    return ", ".join(found[:_MOST]) + (", ..." if len(found) > _MOST else "")


def _service(service: Service) -> str:
    numbers = [low for low, high in service.protocols.ranges for low in range(low, high + 1)]
    name = "/".join(PROTOCOL_NAMES.get(each, str(each)).upper() for each in numbers[:_MOST])
    if len(numbers) > _MOST:
        return "IP"
    if is_icmp(numbers[0]) or service.destination_ports == service.source_ports == ANY_PORT:
        return name
    ports = service.source_ports if service.destination_ports == ANY_PORT else service.destination_ports
    return f"{name} {few_ports(ports)}"


def leave_over(rules: Sequence[Rule]) -> bool:
    """Return whether one is for most addresses or ports, and so perhaps for all but those that are meant."""
    return any(
        any(family.last < 2 * found.size <= 2 * family.last for side in (rule.sources, rule.destinations)
            for family in Family if (found := side.of(family)))
        or any(2 * ports.size > ANY_PORT.size != ports.size for each in rule.services
               for ports in (each.source_ports, each.destination_ports)) for rule in rules)


def _asks_more(rule: Rule) -> bool:
    return any(isinstance(each, Opaque | TimeRange) or getattr(each, "negated", False)
               for each in rule.conditions) or leave_over((rule,))

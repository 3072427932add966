"""Bridge groups in routed mode: what enters by a member meets its list and then the bridge's own.

On the way out the bridge's list is first, then the member's (ASA Firewall CLI guide, access rules). By which
member packets come or go is not in the file, unless the site file names it: they are surely stopped only
where every member stops them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclproof.parsers.cisco_asa.meaning.alternatives import ANY_SERVICES
from aclproof.parsers.model.addresses import ANY
from aclproof.parsers.model.conditions import Condition, Opaque, by_interface
from aclproof.parsers.model.firewall import Binding, Direction, Interface
from aclproof.parsers.model.rules import Action, Chain, Rule


def chain_of(bridge: str, way: Direction) -> str:
    """The chain of the members' lists, one of which packets meet."""
    return f"(members {way} {bridge})"


def members(interfaces: Sequence[Interface], bridge: str) -> list[Interface]:
    """The interfaces that are members of a bridge."""
    return [each for each in interfaces if each.bridge == bridge]


def chains(interfaces: Sequence[Interface], bindings: Sequence[Binding]) -> Iterator[Chain]:
    """Build the chains of every bridge that has members with a list."""
    for bridge in dict.fromkeys(each.bridge for each in interfaces if each.bridge):
        ways: tuple[Direction, ...] = ("in", "out")
        for way in ways:
            yield from _chains(bridge, way, members(interfaces, bridge), bindings)


def _chains(bridge: str, way: Direction, ports: Sequence[Interface],
            bindings: Sequence[Binding]) -> Iterator[Chain]:
    rules: list[Rule] = []
    for number, port in enumerate(ports):
        bound = [each for each in bindings if each.interface == port.name and each.direction == way]
        which: tuple[Condition, ...] = () if number == len(ports) - 1 else (_which(port.name, way),)
        if not bound:
            rules.append(Rule(Action.RETURN, ANY, ANY, ANY_SERVICES, port.line, which))
            continue
        name = f"(member {way} {port.name})"
        yield Chain(name, [*(Rule(Action.JUMP, ANY, ANY, ANY_SERVICES, each.line, target=each.chain)
                             for each in bound),
                           Rule(Action.DENY, ANY, ANY, ANY_SERVICES, bound[-1].line)], synthetic=True)
        rules.append(Rule(Action.GOTO, ANY, ANY, ANY_SERVICES, bound[-1].line, which, target=name))
    if any(rule.action is Action.GOTO for rule in rules):
        yield Chain(chain_of(bridge, way), rules, synthetic=True)


def _which(member: str, way: Direction) -> Condition:
    return Opaque("", by_interface(way, member))

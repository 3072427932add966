"""Whether a policy of routing may send one packet another way than the routes: clause by clause."""

from __future__ import annotations

from collections.abc import Sequence

from aclproof.linter.trace.scene import Scene
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.policy_routes import Clause, PolicyRoute
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import ANY_SERVICE
from aclproof.reason import Reason


def why_elsewhere(scene: Scene, seen: Sequence[Packet], entry: str, leave: str
                  ) -> tuple[Reason, tuple[int, ...]] | None:
    """Say why a packet may leave by another interface than the routes say, or come in by another one.

    `seen` are the packet, and what a translation of its destination makes of it.
    """
    firewall, roles, named = scene.firewall, scene.connection, scene.place.interfaces
    for policy in firewall.policy_routes:
        line = firewall.number(policy.line)
        if policy.interface == entry and roles.destination not in named and any(
                _takes(policy, leave, packet) for packet in seen):
            return policy.reason(line, roles.destination), (policy.line,)
        if policy.interface == leave and roles.source not in named and not _at(scene, seen[-1], entry) \
                and _takes(policy, entry, _back(seen[-1]), any_service=True):
            return policy.reason(line, roles.source), (policy.line,)
    return None


def _back(packet: Packet) -> Packet:
    return Packet(packet.family, packet.protocol, packet.destination, packet.source, packet.destination_port,
                  packet.source_port)


def _at(scene: Scene, packet: Packet, interface: str) -> bool:
    """Whether a packet's source is in a network of an interface."""
    return any(route.interface == interface and route.metric == 0 and not route.tunnel
               and route.family is packet.family and packet.source in route.addresses
               for route in scene.firewall.routes)


def _takes(policy: PolicyRoute, routed: str, packet: Packet, *, any_service: bool = False) -> bool:
    """Whether a policy may take a packet that routes send out by `routed`."""
    for clause in policy.clauses:
        if clause.by_policy and clause.ways is not None and not clause.ways - {routed}:
            continue
        if any(_permits(rules, clause, packet, any_service=any_service) for rules in clause.lists):
            return clause.by_policy
    return False


def _permits(rules: Sequence[Rule], clause: Clause, packet: Packet, *, any_service: bool) -> bool:
    """Whether a list permits a packet: where that is open, it does if its clause then takes the packet."""
    for rule in rules:
        if not (rule.enabled and packet.source in rule.sources.of(packet.family)
                and packet.destination in rule.destinations.of(packet.family)):
            continue
        meets = any_service or any(
            packet.protocol in each.protocols and packet.source_port in each.source_ports
            and packet.destination_port in each.destination_ports for each in rule.services)
        sure = not rule.conditions and rule.action in (Action.PERMIT, Action.DENY) and (
            not any_service or rule.services == (ANY_SERVICE,))
        if meets and rule.action is Action.DENY and sure:
            return False
        if meets and rule.action is not Action.DENY and (sure or clause.by_policy):
            return True
    return False

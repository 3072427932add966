"""One packet through a firewall that routes: interfaces, translation table, and the stages between them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from aclproof import parsers
from aclproof.linter.proof.route_lookup import across_bridge, by_translation, hands_over, turned_back
from aclproof.linter.trace import nat_table, policy_ways
from aclproof.linter.trace.interfaces import Lookup, interface_towards
from aclproof.linter.trace.once import by_firewall, own_addresses, stages
from aclproof.linter.trace.representatives import box_of, lowest_packet
from aclproof.linter.trace.scene import Scene
from aclproof.parsers.model import routing
from aclproof.parsers.model.addresses import AddressSet, join, spell_few
from aclproof.parsers.model.effects import Translate
from aclproof.parsers.model.firewall import Firewall, MetTranslations, Transit, Translation
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box, Packet
from aclproof.parsers.model.rules import Stage
from aclproof.parsers.model.services import is_icmp
from aclproof.reason import Reason


class Routed(Struct, frozen=True):
    """A packet between two interfaces, or at a list of a listing."""

    stages: tuple[Stage, ...]
    way: str
    """Such as `inside -> outside`, for people."""
    transit: Transit | None
    """None for a list of a listing."""
    filtered: Packet
    """As the filters see it."""
    left: Box | None
    """As it leaves, with every address that it may have; None where that is not known."""
    lines: tuple[Translation, ...] = ()
    """The lines that rewrite it, or may: the destination's first."""


class Unroutable(Struct, frozen=True):
    """A packet whose interfaces or addresses are not known, and why."""

    because: str
    lines: tuple[int, ...] = ()
    """That make it so."""


class NotCrossing(Struct, frozen=True):
    """A packet that does not pass the firewall: both of its ends lie behind one interface."""

    interface: str
    certain: bool
    """Whether routes to these very networks say so, and no default route."""


def route_request(scene: Scene, packet: Packet) -> Routed | Unroutable | NotCrossing:
    """Route the first packet of a connection, and translate it as the firewall's table says."""
    firewall, roles = scene.firewall, scene.connection
    named = _of_listing(scene, roles.source, packet)
    if named:
        return named
    entry = interface_towards(firewall, scene.place, roles.source, packet.family, packet.source)
    line = None if entry.because else nat_table.destination_line(firewall, packet, entry.interface)
    if line and line.because:
        return Unroutable(Reason("to which address this line translates: {because}", because=line.because),
                          (line.line,))
    dialled = nat_table.rewritten(line.effect, box_of(packet)) if line and line.effect else box_of(packet)
    if line and line.leave and not line.by_route:
        [way] = by_translation(firewall, scene.place, roles.destination, packet.family,
                               IntervalSet.of((dialled.destinations.lowest,) * 2), line.leave)
        leave = Lookup(way.interface, because=way.reason)
        line = replace(line, refuses=way.refused) if way.refused else line
    else:
        leave = interface_towards(firewall, scene.place, roles.destination, packet.family,
                                  dialled.destinations.lowest)
    changed = line is not None and line.effect is not None
    nobody = None if changed else _nobody(scene, packet, leave.interface)
    by_line = line is not None and line.leave is not None and not line.by_route
    unsure = None if nobody or by_line else _policy(scene, packet, dialled, entry, leave)
    obstacle = nobody or unsure or _obstacle(scene, packet, entry, leave)
    if line and changed and isinstance(obstacle, NotCrossing):
        return Unroutable(turned_back(entry.interface), (line.line,))
    return obstacle or _translated(scene, packet, dialled, line, (entry.interface, leave.interface),
                                   scene.place.acl.get(roles.source, ""))


def _policy(scene: Scene, packet: Packet, dialled: Box, entry: Lookup, leave: Lookup) -> Unroutable | None:
    """Why routes may not decide the way of a packet, as a policy may."""
    if entry.because or leave.because:
        return None
    seen = [packet] if dialled == box_of(packet) else [packet, lowest_packet(dialled)]
    found = policy_ways.why_elsewhere(scene, seen, entry.interface, leave.interface)
    return Unroutable(*found) if found else None


def _nobody(scene: Scene, packet: Packet, egress: str) -> Unroutable | None:
    """Why no host has the packet's destination, which nothing translates; None where one may have it.

    An address in the midst of a role's network is just not meant.
    """
    firewall, family = scene.firewall, packet.family
    own = own_addresses(firewall).of(family)
    mapped, taken = _mapped(firewall, egress)
    if packet.destination not in own and packet.destination not in taken.of(family):
        return None
    beside = [ends for ends in scene.goal.of(family).ranges if ends[0] <= packet.destination <= ends[1]]
    whole = IntervalSet.of(*(beside or [(packet.destination, packet.destination)]))
    if whole <= own:
        return Unroutable(Reason("{some} is the firewall's own: what it does with packets to itself is not "
                                 "in its access lists", some=spell_few(family, whole)))
    if not whole <= taken.of(family) | own:
        return None
    number = next(line.line for line in mapped if line.mapped.of(family).overlaps(whole))
    return Unroutable(Reason("no host has {some}: line {line} translates it, and not for these packets",
                             some=spell_few(family, whole), line=firewall.number(number)), (number,))


def _mapped(firewall: Firewall, egress: str) -> tuple[Sequence[Translation], AddressSet]:
    """The lines whose addresses stand for others beyond an interface, and all these addresses."""
    known = _mapped_by_egress(firewall)
    if egress not in known:
        lines = [line for line in firewall.translations if line.mapped and
                 (line.entry if line.end == "destination" else line.leave) in (None, egress)]
        known[egress] = lines, join(line.mapped for line in lines)
    return known[egress]


@by_firewall
def _mapped_by_egress(firewall: Firewall) -> dict[str, tuple[Sequence[Translation], AddressSet]]:
    return {}


def route_reply(scene: Scene, packet: Packet, request: Routed | None = None
                ) -> Routed | Unroutable | NotCrossing:
    """Route a reply: its connection has been translated, so no line of the table is met again.

    It comes back by the way that the request took, where that is known.
    """
    firewall, roles = scene.firewall, scene.connection
    named = _of_listing(scene, roles.destination, packet)
    if named:
        return named
    if request and request.transit:
        ways = request.transit.egress or "", request.transit.ingress or ""
    else:
        entry = interface_towards(firewall, scene.place, roles.destination, packet.family, packet.source)
        leave = interface_towards(firewall, scene.place, roles.source, packet.family, packet.destination)
        obstacle = _obstacle(scene, packet, entry, leave)
        if obstacle:
            return obstacle
        ways = entry.interface, leave.interface
    transit = Transit(packet.family, *ways, translated=True,
                      named_list=scene.place.acl.get(roles.destination, ""))
    return Routed(stages(firewall, transit), f"{ways[0]} -> {ways[1]}", transit, packet,
                  box_of(packet))


def _of_listing(scene: Scene, role: str, packet: Packet) -> Routed | None:
    """The list that the site file names for packets from a role, where nothing shows interfaces; or None."""
    if role not in scene.place.acl or scene.firewall.interfaces:
        return None
    name = scene.place.acl[role]
    way = Reason("access-list {acl}", acl=name)
    hiding = [line for line in scene.firewall.translations if line.end == "source" and not line.keeps
              and packet.source in line.sources.of(packet.family)]
    return Routed(parsers.through(scene.firewall, name), way, None, packet,
                  None if hiding else box_of(packet), tuple(hiding[:1]))


def _obstacle(scene: Scene, packet: Packet, entry: Lookup, leave: Lookup) -> Unroutable | NotCrossing | None:
    firewall = scene.firewall
    if entry.because or leave.because:
        return Unroutable(entry.because or leave.because)
    if entry.interface == leave.interface and firewall.is_bridge(entry.interface):
        return Unroutable(across_bridge(firewall, entry.interface))
    if entry.interface == leave.interface and not _in_tunnels(firewall, packet, entry.interface):
        certain = entry.certain and leave.certain and firewall.placement_doubt is None and not hands_over(
            scene.before, firewall, packet.family, IntervalSet.of((packet.destination, packet.destination)))
        return NotCrossing(entry.interface, certain)
    return None


def _in_tunnels(firewall: Firewall, packet: Packet, interface: str) -> bool:
    """Whether a packet between hosts behind one interface comes out of a tunnel there, or goes into one."""
    far = routing.in_tunnels(firewall, packet.family, interface)
    source, destination = (IntervalSet.of((end, end)) for end in (packet.source, packet.destination))
    return packet.source in far or packet.destination in far or any(
        routing.turning(firewall, interface, packet.family, source, destination))


def _known_effect(line: Translation | None) -> Translate | None:
    """What a line makes of packets, where it does anything that is known."""
    return line.effect if line and not line.because else None


def _translated(scene: Scene, packet: Packet, dialled: Box, destination: Translation | None,
                interfaces: tuple[str, str], named_list: str) -> Routed | Unroutable:
    """Put a packet between two interfaces, with what the table makes of its two ends."""
    firewall, (ingress, egress) = scene.firewall, interfaces
    source = nat_table.source_line(firewall, packet, ingress, egress)
    changed = _known_effect(destination) is not None
    lines = tuple(line for line in (destination, source) if line and (line.effect or line.because))
    if firewall.lists_before_translation and source and source.because and any(
            binding.interface == egress and binding.direction == "out" for binding in firewall.bindings):
        return Unroutable(Reason("which addresses the access list out of {egress} sees: this line "
                                 "translates", egress=egress), (source.line,))
    left, rewriting = _as_it_leaves(dialled, lines)
    answers = _answers(firewall, dialled, left, (egress, ingress))
    if len(answers) > 1:
        return Unroutable(Reason("which line translates the answers: it depends on the address that these "
                                 "packets get"))
    way = f"{ingress} -> {egress}"
    if changed and destination:
        way = Reason("{way}, to {some} by line {line}", way=way,
                     some=spell_few(dialled.family, dialled.destinations),
                     line=firewall.number(destination.line))
    transit = Transit(packet.family, ingress, egress, translated=changed,
                      met=MetTranslations(destination, source, answers[0]), named_list=named_list)
    filtered = packet if firewall.lists_before_translation else lowest_packet(dialled)
    return Routed(stages(firewall, transit), way, transit, filtered, left, rewriting)


def _answers(firewall: Firewall, dialled: Box, left: Box | None,
             ways: tuple[str, str]) -> list[Translation | None]:
    """The lines that the real server's packets to the client would meet, were they a new connection's."""
    client = lowest_packet(dialled)
    ports = client.source_port, client.destination_port
    if not is_icmp(client.protocol):
        ports = ports[::-1]
    server = Packet(client.family, client.protocol, client.destination, client.source, *ports)
    clients = left.sources if left else IntervalSet.of((0, client.family.last))
    return nat_table.answer_lines(firewall, server, clients, *ways)


def _as_it_leaves(dialled: Box, lines: tuple[Translation, ...]
                  ) -> tuple[Box | None, tuple[Translation, ...]]:
    """The packet as it leaves, None where a line does not say; and the lines up to there."""
    left = dialled
    for number, line in enumerate(lines):
        effect = _known_effect(line)
        if effect is None:
            return None, lines[:number + 1]
        if line.end == "source":
            left = nat_table.rewritten(effect, left)
    return left, lines

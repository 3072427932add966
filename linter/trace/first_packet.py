"""The first packet of a connection at one firewall of a site: how it is placed, goes through, and leaves."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from aclproof.linter.demands.demands import Leg
from aclproof.linter.proof import dcom, hooked
from aclproof.linter.proof.routed import Beside, Placed, Segment, Unplaced, segments
from aclproof.linter.site.site import SiteFirewall
from aclproof.linter.trace.nat_table import rewritten, translate
from aclproof.linter.trace.records import Connection, Hop, HopVerdict
from aclproof.linter.trace.representatives import box_of
from aclproof.linter.trace.tracer import PacketTrace, trace_packet
from aclproof.parsers.model.addresses import NOWHERE, AddressSet
from aclproof.parsers.model.conditions import Context, ForListener
from aclproof.parsers.model.conditions import Ends as Came
from aclproof.parsers.model.effects import Divert, End, Translate
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box, Packet
from aclproof.parsers.model.rules import Chain, Rule, Stage
from aclproof.parsers.model.ternary import Ternary, settle


@dataclass(frozen=True, slots=True)
class Scene:
    """A firewall on the way of a packet, and what is known there."""

    place: SiteFirewall
    firewall: Firewall
    connection: Connection
    """Of the connection: who opened it, and to whom."""
    context: Context
    """The facts, the day and the listener; the rest is the packet's."""
    goal: AddressSet = NOWHERE
    """All addresses of the role that it is sent to: a translation may choose among them."""
    no_neighbours: str = ""
    """Why the packet may not reach it, where IPv6 needs what it drops."""


@dataclass(frozen=True, slots=True)
class FirstPacket:
    """How the first packet of a connection fares."""

    packet: Packet
    """As it comes."""
    placed: Placed
    seen: Packet
    """As the filters see it."""
    packet_trace: PacketTrace | None
    left: Box | None
    """As it leaves; None where that is not known, and where it does not get so far."""
    lines: tuple[int, ...] = ()
    """That rewrite it."""
    because: tuple[str, ...] = ()
    """What keeps it open, or out of the firewall, beside the rules."""

    @property
    def verdict(self) -> HopVerdict:
        """What the firewall does with it."""
        if isinstance(self.placed, Beside):
            return "beside" if self.placed.certain else "undecided"
        if self.packet_trace is not None and self.packet_trace.verdict == "deny":
            return "deny"
        if self.packet_trace is None or self.because or self.packet_trace.verdict == "undecided":
            return "undecided"
        return "permit"

    def hop(self, scene: Scene) -> Hop:
        """Tell it as one step of the way."""
        left = self.left.witness() if self.left and self.verdict != "deny" else None
        hop = Hop(scene.place.name, scene.firewall, self.packet, self.verdict, packet_trace=self.packet_trace,
                  because=self.because, left=left, translated_by=self.lines)
        return hop.by(self.placed) if isinstance(self.placed, Segment) else hop


def trace_first_packet(scene: Scene, packet: Packet) -> FirstPacket:
    """Send the first packet of a connection through one firewall."""
    return _by_hook(scene, packet) if scene.firewall.on_host else _by_routes(scene, packet)


def _leg(scene: Scene, *boxes: Box) -> Leg:
    return Leg("request", scene.connection.source, scene.connection.destination, boxes)


def _by_routes(scene: Scene, packet: Packet) -> FirstPacket:
    firewall = scene.firewall
    placed, = segments(firewall, scene.place, _leg(scene, box_of(packet)))
    if isinstance(placed, Unplaced):
        return FirstPacket(packet, placed, packet, None, None, (placed.line,) if placed.line else (),
                     (placed.because,))
    if isinstance(placed, Beside):
        vague = "" if placed.certain else ", as far as a default route tells"
        beside = f"both of its ends lie behind interface {placed.interface}{vague}: it does not cross it"
        return FirstPacket(packet, placed, packet, None, box_of(packet), (), (beside,))
    found = translate(firewall, placed.transit, packet)
    seen = trace_packet(placed.stages, firewall.chains, found.seen, scene.context)
    because = () if found.left else (_why_lost(found.by[-1].because),)
    dialled = any(each.end == "destination" and each.effect for each in found.by)
    return FirstPacket(packet, placed, found.seen, seen, found.left, tuple(each.line for each in found.by),
                 (*because, *_dcom(scene, seen, dialled=dialled)))


def _why_lost(because: str) -> str:
    return f"with which addresses it goes on: {because}"


def _by_hook(scene: Scene, packet: Packet) -> FirstPacket:
    box = box_of(packet)
    goal = replace(box, destinations=scene.goal.of(packet.family) | box.destinations)
    placed, _ = hooked.requests(scene.firewall, scene.place, _leg(scene, box, goal))
    context = replace(scene.context, original=original_ends(packet))
    seen = trace_through(scene.firewall, placed, packet, context)
    left, trouble = _leaves(scene.firewall, seen)
    dialled = translating_rules(seen, "destination") if seen.packet != packet else []
    lines = tuple(each.line for each in (*dialled, *translating_rules(seen, "source")))
    because = tuple(filter(None, (trouble, scene.no_neighbours)))
    return FirstPacket(packet, placed, packet, seen, left, lines,
                 (*because, *_dcom(scene, seen, dialled=bool(dialled))))


def original_ends(packet: Packet) -> Came:
    """Return the ends of a packet as a condition asks for them."""
    box = box_of(packet)
    return Came(box.sources, box.destinations, box.source_ports, box.destination_ports)


def trace_through(firewall: Firewall, placed: Segment, packet: Packet, context: Context) -> PacketTrace:
    """Walk one packet through what a crossing has to pass, translations of its destination included."""
    chains: Mapping[str, Chain] = ChainMap(
        {name: Chain(name, rules, synthetic=True) for name, rules in placed.arrival_chains.items()},
        dict(firewall.chains))

    def reroute(changed: Packet, rule: Rule) -> Sequence[Stage] | None:
        return placed.reroute(box_of(changed), rule)

    return trace_packet(placed.stages, chains, packet, context, placed.own, reroute)


def translating_rules(seen: PacketTrace, end: End) -> list[Rule]:
    """The rules on a packet's way that rewrite one of its ends."""
    return [step.by for step in seen.steps if isinstance(step.by, Rule)
            and isinstance(step.by.effect, Translate) and step.by.effect.end == end]


def _leaves(firewall: Firewall, seen: PacketTrace) -> tuple[Box | None, str]:
    """How a packet leaves a host's firewall, or why nobody can say."""
    sources = translating_rules(seen, "source")
    if seen.diverted:
        line = next(step.by for step in reversed(seen.steps) if isinstance(step.by, Rule)
                    and isinstance(step.by.effect, Translate | Divert))
        if isinstance(line.effect, Divert):
            return None, line.effect.because
        return None, f"what line {line.line} makes of the packet"
    if seen.verdict == "deny":  # it never gets to where sources are translated
        return (None if rewrites_sources(firewall) else box_of(seen.packet)), ""
    if not sources:
        return box_of(seen.packet), ""
    if len(sources) > 1 or seen.context.source_translated is not True:
        number = sources[-1].line
        return None, f"with which addresses it goes on: what line {number} makes of it is not certain"
    effect = sources[0].effect
    assert isinstance(effect, Translate)
    return rewritten(effect, box_of(seen.packet)), ""


def rewrites_sources(firewall: Firewall) -> bool:
    """Whether any rule rewrites sources, which is the last thing that happens to a packet."""
    return any(isinstance(rule.effect, Translate) and rule.effect.end == "source"
               for chain in firewall.chains.values() for rule in chain.rules)


def _dcom(scene: Scene, seen: PacketTrace, *, dialled: bool) -> tuple[str, ...]:
    """Why an RPC client may not get further than this packet, or nothing."""
    if not dialled or scene.context.listener != dcom.LISTENER or _inspected(seen):
        return ()
    doubt = dcom.doubt(scene.place.name)
    return () if settle(doubt, scene.context) is Ternary.YES else (doubt.because,)


def _inspected(seen: PacketTrace) -> bool:
    by = seen.deciding.by if seen.deciding else None
    return isinstance(by, Rule) and any(isinstance(each, ForListener) and each.sure for each in by.conditions)

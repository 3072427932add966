"""The first packet of a connection at one firewall: how it comes, what it meets, how it leaves."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.demands.demands import Leg
from aclproof.linter.proof import dcom, hooked
from aclproof.linter.proof.routed import Segment
from aclproof.linter.trace.conditions import holds
from aclproof.linter.trace.connection_tracking import tcp_flags
from aclproof.linter.trace.hooks import way_through_host
from aclproof.linter.trace.nat_table import rewritten
from aclproof.linter.trace.records import Hop, HopVerdict
from aclproof.linter.trace.representatives import box_of, representatives
from aclproof.linter.trace.routed import NotCrossing, Routed, Unroutable, route_request
from aclproof.linter.trace.scene import Scene
from aclproof.linter.trace.tracer import Fate, PacketTrace, TraceStep, trace_packet
from aclproof.parsers.model.conditions import NEW, Context, Ends, ForListener
from aclproof.parsers.model.effects import Divert, End, Translate
from aclproof.parsers.model.firewall import Firewall, Translation
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box, Packet
from aclproof.parsers.model.plain_rules import special
from aclproof.parsers.model.rules import Chain, Rule, Stage
from aclproof.parsers.model.services import ANY_PORT, is_icmp
from aclproof.reason import Reason


class FirstPacket(Struct, frozen=True):
    """What one firewall does with the first packet of a connection."""

    packet: Packet
    """As it comes."""
    placed: Routed | Segment | Unroutable | NotCrossing
    """A segment at a firewall that runs on a host."""
    filtered: Packet
    """As the filters see it."""
    packet_trace: PacketTrace | None
    left: Box | None
    """As it leaves; None where that is not known, and where it does not get so far."""
    lines: tuple[int, ...] = ()
    """That rewrite it; of what is denied only those that do so before."""
    because: tuple[str, ...] = ()
    """What leaves it open besides the rules, or why it does not cross the firewall."""

    @property
    def verdict(self) -> HopVerdict:
        """What the firewall does with it."""
        if isinstance(self.placed, NotCrossing):
            return "beside" if self.placed.certain else "undecided"
        if self.packet_trace is None:
            return "undecided"
        if self.packet_trace.verdict == "deny":
            return "deny"
        return "undecided" if self.because or self.packet_trace.verdict == "undecided" else "permit"

    def hop(self, scene: Scene) -> Hop:
        """Return the record of this hop."""
        left = self.left.witness() if self.left and self.verdict != "deny" else None
        hop = Hop(scene.place.name, scene.firewall, self.packet, self.verdict,
                  packet_trace=self.packet_trace, because=self.because, left=left, translated_by=self.lines)
        if isinstance(self.placed, Routed | Segment):
            return hop.through(self.placed.way, self.placed.transit)
        return hop


def trace_first_packet(scene: Scene, packet: Packet) -> FirstPacket:
    """Send the first packet of a connection through one firewall."""
    context = replace(scene.context, states=frozenset({NEW}), flags=tcp_flags("request"))
    scene = replace(scene, context=context)
    return _by_hook(scene, packet) if scene.firewall.on_host else _by_routes(scene, packet)


def _by_routes(scene: Scene, packet: Packet) -> FirstPacket:
    placed = route_request(scene, packet)
    if isinstance(placed, Unroutable):
        return FirstPacket(packet, placed, packet, None, None, placed.lines, (placed.because,))
    if isinstance(placed, NotCrossing):
        return _beside(packet, placed)
    trace = trace_both_ways(scene, placed.stages, placed.filtered, placed.left)
    because = () if placed.left else (_why_unknown(placed.lines[-1].because),)
    dialled = [line.line for line in placed.lines if line.end == "destination" and line.effect]
    trace, names = _dcom(scene, trace, dialled)
    lines = tuple(line.line for line in placed.lines
                  if trace.verdict != "deny" or _precedes_filters(scene.firewall, line))
    return FirstPacket(packet, placed, placed.filtered, trace, placed.left, lines, (*because, *names))


def _beside(packet: Packet, placed: NotCrossing) -> FirstPacket:
    because = Reason("both of its ends lie behind interface {interface}: it does not cross it",
                     interface=placed.interface) if placed.certain else \
        Reason("both of its ends lie behind interface {interface}, as far as a default route tells: it "
               "does not cross it", interface=placed.interface)
    return FirstPacket(packet, placed, packet, None, box_of(packet), (), (because,))


def _precedes_filters(firewall: Firewall, line: Translation) -> bool:
    """Whether a line has rewritten what the filters then deny."""
    return line.end == "destination" and not firewall.lists_before_translation


def trace_both_ways(scene: Scene, stages: Sequence[Stage], packet: Packet, left: Box | None) -> PacketTrace:
    """Trace a packet through what sees it as it comes, then through what sees it as it leaves."""
    chains = scene.firewall.chains
    leaving = [stage for stage in stages if stage.leaving]
    trace = trace_packet([stage for stage in stages if not stage.leaving], chains, packet, scene.context)
    if not leaving or Fate.PERMIT not in trace.fates:
        return trace
    packets = representatives(left, scene.firewall, scene.context.facts) if left else None
    later = [trace_packet(leaving, chains, each, scene.context) for each in packets or ()]
    fates = frozenset(fate for each in later for fate in each.fates) or frozenset({Fate.PERMIT, Fate.DENY})
    steps = later[0].steps if later else ()
    return replace(trace, fates=trace.fates - {Fate.PERMIT} | fates, steps=(*trace.steps, *steps))


def _why_unknown(because: str) -> str:
    return Reason("with which addresses it goes on: {because}", because=because)


def _by_hook(scene: Scene, packet: Packet) -> FirstPacket:
    box = box_of(packet)
    goal = replace(box, destinations=scene.goal.of(packet.family) | box.destinations)
    leg = Leg("request", scene.connection.source, scene.connection.destination, (box, goal))
    way = way_through_host(scene, packet)
    if isinstance(way, Unroutable):
        return FirstPacket(packet, way, packet, None, None, (), (way.because,))
    if isinstance(way, NotCrossing):
        return _beside(packet, way)
    placed = hooked.segment(scene.firewall, leg, box, way)
    context = replace(scene.context, original=original_ends(packet))
    trace = trace_through(scene.firewall, placed, packet, context)
    left, obstacle = _as_it_leaves(scene.firewall, trace)
    dialled = translating_rules(trace, "destination") if trace.packet != packet else []
    lines = tuple(rule.line for rule in (*dialled, *translating_rules(trace, "source")))
    trace, names = _dcom(scene, trace, [rule.line for rule in dialled])
    because = tuple(filter(None, (obstacle, scene.no_neighbours)))
    return FirstPacket(packet, placed, packet, trace, left, lines, (*because, *names))


def original_ends(packet: Packet) -> Ends:
    """Return the ends of a packet as conditions on the connection's first packet test them.

    For ICMP those are an identifier, which may be any, and type * 256 + code (nf_conntrack_tuple.h).
    """
    box = box_of(packet)
    if is_icmp(packet.protocol):
        number = packet.source_port << 8 | packet.destination_port & 0xFF
        return Ends(box.sources, box.destinations, ANY_PORT, IntervalSet.of((number, number)))
    return Ends(box.sources, box.destinations, box.source_ports, box.destination_ports)


def trace_through(firewall: Firewall, placed: Segment, packet: Packet, context: Context) -> PacketTrace:
    """Trace one packet through the stages of a host's firewall, translations of its destination included."""
    chains: Mapping[str, Chain] = ChainMap(
        {name: Chain(name, rules, synthetic=True) for name, rules in placed.arrival_chains.items()},
        dict(firewall.chains))

    def reroute(changed: Packet, rule: Rule) -> Sequence[Stage] | None:
        return placed.reroute(box_of(changed), rule)

    return trace_packet(placed.stages, chains, packet, context, placed.own, reroute)


def translating_rules(trace: PacketTrace, end: End) -> list[Rule]:
    """The rules that a packet meets and that rewrite one of its ends."""
    return [step.by for step in trace.steps if isinstance(step.by, Rule)
            and isinstance(step.by.effect, Translate) and step.by.effect.end == end]


def _as_it_leaves(firewall: Firewall, trace: PacketTrace) -> tuple[Box | None, str]:
    """How a packet leaves a host's firewall, or why that is not known."""
    if trace.diverted:
        return None, _why_diverted(firewall, trace)
    if trace.verdict == "deny":  # it never gets to where sources are translated
        return (None if _rewrites_sources(firewall) else box_of(trace.packet)), ""
    rules = translating_rules(trace, "source")
    if not rules:
        return box_of(trace.packet), ""
    effect = rules[0].effect
    if len(rules) > 1 or trace.context.source_translated is not True or not isinstance(effect, Translate):
        return None, _why_unknown(Reason("what line {line} makes of it is not certain",
                                         line=firewall.number(rules[-1].line)))
    return rewritten(effect, box_of(trace.packet)), ""


def _why_diverted(firewall: Firewall, trace: PacketTrace) -> str:
    rule = next(step.by for step in reversed(trace.steps) if isinstance(step.by, Rule)
                and isinstance(step.by.effect, Translate | Divert))
    return rule.effect.because if isinstance(rule.effect, Divert) else \
        Reason("what line {line} makes of the packet", line=firewall.number(rule.line))


def _rewrites_sources(firewall: Firewall) -> bool:
    """Whether any rule rewrites sources, which is the last thing that happens to a packet."""
    return any(isinstance(rule.effect, Translate) and rule.effect.end == "source"
               for chain in firewall.chains.values() for rule in special(chain.rules))


def _dcom(scene: Scene, trace: PacketTrace, dialled: Sequence[int]) -> tuple[PacketTrace, tuple[str, ...]]:
    """What becomes of a packet to an RPC server whose address these lines rewrite, and why its client may
    fail although it passes."""
    if not dialled or scene.context.listener != dcom.LISTENER or _inspected(trace):
        return trace, ()
    doubt = dcom.doubt(scene.place.name)
    works = holds(doubt, trace.packet, scene.context)
    if works is False and Fate.PERMIT in trace.fates and trace.steps:
        stop = dcom.refused(scene.place.name, scene.firewall, dialled[0])
        step = TraceStep(trace.steps[0].stage, "", stop, ())
        return replace(trace, fates=frozenset({Fate.DENY}), steps=(*trace.steps, step)), ()
    return trace, () if works else (doubt.because,)


def _inspected(trace: PacketTrace) -> bool:
    by = trace.deciding.by if trace.deciding else None
    return isinstance(by, Rule) and any(isinstance(condition, ForListener) and condition.sure
                                        for condition in by.conditions)

"""The first packet of a connection at one firewall of a site: how it is placed, goes through, and leaves."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from aclproof.linter.demands.demands import Leg
from aclproof.linter.engine.tracer import Walk, walk
from aclproof.linter.proof import dcom, hooked
from aclproof.linter.proof.routed import Beside, Crossing, Placed, Unplaced, crossings
from aclproof.linter.site.site import FirewallPlace
from aclproof.linter.trace.nat_table import rewritten, translated
from aclproof.linter.trace.records import Ends, Hop, HopVerdict
from aclproof.linter.trace.representatives import one
from aclproof.parsers.model.addresses import NOWHERE, AddressSet
from aclproof.parsers.model.answers import Answer, settle
from aclproof.parsers.model.conditions import Context, ForListener
from aclproof.parsers.model.conditions import Ends as Came
from aclproof.parsers.model.effects import Divert, End, Translate
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box, Packet
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.model.rules import Chain, Rule, Stage


@dataclass(frozen=True, slots=True)
class Station:
    """A firewall on the way of a packet, and what is known there."""

    place: FirewallPlace
    firewall: Firewall
    ends: Ends
    """Of the connection: who opened it, and to whom."""
    context: Context
    """The facts, the day and the listener; the rest is the packet's."""
    goal: AddressSet = NOWHERE
    """All addresses of the role that it is sent to: a translation may choose among them."""
    no_neighbours: str = ""
    """Why the packet may not reach it, where IPv6 needs what it drops."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How the first packet of a connection fares."""

    packet: Packet
    """As it comes."""
    placed: Placed
    seen: Packet
    """As the filters see it."""
    walk: Walk | None
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
        if self.walk is not None and self.walk.verdict == "deny":
            return "deny"
        if self.walk is None or self.because or self.walk.verdict == "undecided":
            return "undecided"
        return "permit"

    def hop(self, station: Station) -> Hop:
        """Tell it as one step of the way."""
        left = self.left.witness() if self.left and self.verdict != "deny" else None
        hop = Hop(station.place.name, station.firewall, self.packet, self.verdict, walk=self.walk,
                  because=self.because, left=left, translated_by=self.lines)
        return hop.by(self.placed) if isinstance(self.placed, Crossing) else hop


def ask(station: Station, packet: Packet) -> Asked:
    """Send the first packet of a connection through one firewall."""
    return _by_hook(station, packet) if station.firewall.on_host else _by_routes(station, packet)


def _leg(station: Station, *boxes: Box) -> Leg:
    return Leg("request", station.ends.source, station.ends.destination, boxes)


def _by_routes(station: Station, packet: Packet) -> Asked:
    firewall = station.firewall
    placed, = crossings(firewall, station.place, _leg(station, one(packet)))
    if isinstance(placed, Unplaced):
        return Asked(packet, placed, packet, None, None, (placed.line,) if placed.line else (),
                     (placed.because,))
    if isinstance(placed, Beside):
        beside = Reason("both of its ends lie behind interface {interface}: it does not cross it",
                        interface=placed.interface) if placed.certain else \
            Reason("both of its ends lie behind interface {interface}, as far as a default route tells: it "
                   "does not cross it", interface=placed.interface)
        return Asked(packet, placed, packet, None, one(packet), (), (beside,))
    found = translated(firewall, placed.passage, packet)
    seen = walk(placed.stages, firewall.chains, found.seen, station.context)
    because = () if found.left else (_why_lost(found.by[-1].because),)
    dialled = any(each.end == "destination" and each.effect for each in found.by)
    return Asked(packet, placed, found.seen, seen, found.left, tuple(each.line for each in found.by),
                 (*because, *_dcom(station, seen, dialled=dialled)))


def _why_lost(because: str) -> str:
    return Reason("with which addresses it goes on: {because}", because=because)


def _by_hook(station: Station, packet: Packet) -> Asked:
    box = one(packet)
    goal = replace(box, destinations=station.goal.of(packet.family) | box.destinations)
    placed, _ = hooked.requests(station.firewall, station.place, _leg(station, box, goal))
    context = replace(station.context, original=came(packet))
    seen = through(station.firewall, placed, packet, context)
    left, trouble = _leaves(station.firewall, seen)
    dialled = translating(seen, "destination") if seen.packet != packet else []
    lines = tuple(each.line for each in (*dialled, *translating(seen, "source")))
    because = tuple(filter(None, (trouble, station.no_neighbours)))
    return Asked(packet, placed, packet, seen, left, lines,
                 (*because, *_dcom(station, seen, dialled=bool(dialled))))


def came(packet: Packet) -> Came:
    """Return the ends of a packet as a condition asks for them."""
    box = one(packet)
    return Came(box.sources, box.destinations, box.source_ports, box.destination_ports)


def through(firewall: Firewall, placed: Crossing, packet: Packet, context: Context) -> Walk:
    """Walk one packet through what a crossing has to pass, translations of its destination included."""
    chains: Mapping[str, Chain] = ChainMap(
        {name: Chain(name, rules) for name, rules in placed.arrivals.items()}, dict(firewall.chains))

    def onward(changed: Packet, rule: Rule) -> Sequence[Stage] | None:
        return placed.onward(one(changed), rule)

    return walk(placed.stages, chains, packet, context, placed.own, onward)


def translating(seen: Walk, end: End) -> list[Rule]:
    """The rules on a packet's way that rewrite one of its ends."""
    return [step.by for step in seen.steps if isinstance(step.by, Rule)
            and isinstance(step.by.effect, Translate) and step.by.effect.end == end]


def _leaves(firewall: Firewall, seen: Walk) -> tuple[Box | None, str]:
    """How a packet leaves a host's firewall, or why nobody can say."""
    sources = translating(seen, "source")
    if seen.diverted:
        line = next(step.by for step in reversed(seen.steps) if isinstance(step.by, Rule)
                    and isinstance(step.by.effect, Translate | Divert))
        if isinstance(line.effect, Divert):
            return None, line.effect.because
        return None, Reason("what line {line} makes of the packet", line=line.line)
    if seen.verdict == "deny":  # it never gets to where sources are translated
        return (None if hides(firewall) else one(seen.packet)), ""
    if not sources:
        return one(seen.packet), ""
    if len(sources) > 1 or seen.context.source_translated is not True:
        number = sources[-1].line
        return None, Reason("with which addresses it goes on: what line {number} makes of it is not "
                            "certain", number=number)
    effect = sources[0].effect
    assert isinstance(effect, Translate)
    return rewritten(effect, one(seen.packet)), ""


def hides(firewall: Firewall) -> bool:
    """Whether any rule rewrites sources, which is the last thing that happens to a packet."""
    return any(isinstance(rule.effect, Translate) and rule.effect.end == "source"
               for chain in firewall.chains.values() for rule in chain.rules)


def _dcom(station: Station, seen: Walk, *, dialled: bool) -> tuple[str, ...]:
    """Why an RPC client may not get further than this packet, or nothing."""
    if not dialled or station.context.listener != dcom.LISTENER or _inspected(seen):
        return ()
    doubt = dcom.doubt(station.place.name)
    return () if settle(doubt, station.context) is Answer.YES else (doubt.because,)


def _inspected(seen: Walk) -> bool:
    by = seen.deciding.by if seen.deciding else None
    return isinstance(by, Rule) and any(isinstance(each, ForListener) and each.sure for each in by.conditions)

"""The side of the product: what it says of a ruleset and a packet. Only planted faults know it besides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import NamedTuple

from aclproof import parsers
from aclproof.linter.engine.stages import Rerouting, evaluate_stages
from aclproof.linter.trace.first_packet import original_ends
from aclproof.linter.trace.notices import states_in_zone
from aclproof.linter.trace.tracer import PacketTrace, trace_packet
from aclproof.parsers.model.addresses import NOWHERE, AddressSet, Family, single
from aclproof.parsers.model.conditions import ESTABLISHED, NEW, Context, Ends, Fact
from aclproof.parsers.model.firewall import Firewall, Transit
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packet_conditions import Recorded
from aclproof.parsers.model.packets import Box, Packet
from aclproof.parsers.model.rules import Rule, Stage
from aclproof.parsers.model.services import ANY_PORT, is_icmp
from aclproof.parsers.source import from_bytes
from tests.oracle.plan import EGRESS, INGRESS, LOOPBACK, PLANS, Hook
from tests.oracle.probes import Probe

HOP_LIMITS = (1, 2, 3, 5, 100, 200)
"""What rules compare the hop limit of packets with; routing's one less is on the same side of each."""
_SENT_WITH = 64



def _hop_limits() -> Iterator[tuple[str, bool]]:
    """Each test of the hop limit in words, and whether packets pass it as they were sent."""
    for name in ("ttl", "hl"):
        for number in HOP_LIMITS:
            yield from ((f"{name} --{name}-eq {number}", False), (f"{name} ! --{name}-eq {number}", True),
                        (f"{name} --{name}-lt {number}", number > _SENT_WITH),
                        (f"{name} --{name}-gt {number}", number < _SENT_WITH))


WORLD: dict[str, Fact] = {
    "native nft tables": False, "hop limit": False, "bridged packets": False, **dict(_hop_limits()),
    **{f"policy --dir {way} --pol {kind}": kind == "none"
       for way in ("in", "out") for kind in ("none", "ipsec")}}
"""What is true of the oracle's own little network, besides its addresses."""


def _same_text(text: str) -> str:
    return text


def _same_firewall(firewall: Firewall) -> Firewall:
    return firewall


def _same_stages(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    return stages


class Fault(NamedTuple):
    """A mistake made on purpose, to see whether the oracle sees it: in reading, in meaning, or in order."""

    text: Callable[[str], str] = _same_text
    firewall: Callable[[Firewall], Firewall] = _same_firewall
    stages: Callable[[tuple[Stage, ...]], tuple[Stage, ...]] = _same_stages


class Verdict(NamedTuple):
    """`permit`, `deny` or `undecided`, and the line of every rule or policy that was met, in order."""

    verdict: str
    lines: tuple[int, ...]
    doubts: tuple[str, ...] = ()
    """What leaves it open."""


class Range(NamedTuple):
    """Whole numbers from low to high."""

    low: int
    high: int


class Demand(NamedTuple):
    """All packets of a protocol between some ranges."""

    family: int
    protocol: int
    axes: tuple[Range, Range, Range, Range]
    """Sources, destinations, source ports, destination ports."""


class Product(NamedTuple):
    """A part of a demand: on each axis some ranges, in the order of `Demand.axes`."""

    axes: tuple[tuple[Range, ...], ...]


@dataclass(frozen=True, slots=True)
class Way:
    """How packets go through the firewall."""

    hook: Hook
    ingress: str
    egress: str
    profile: str = ""
    listener: str = ""
    """Of Windows: what gets the packet, or sends it; empty where that is not known."""

    @classmethod
    def by(cls, hook: Hook, ingress: str) -> Way:
        """Complete the way of a packet that comes by an interface: clients' go to servers, and back."""
        egress = INGRESS[0] if ingress == EGRESS else EGRESS
        return cls(hook, "" if hook == "output" else ingress, "" if hook == "input" else egress)


NO_FAULT = Fault()


class Judge:
    """One firewall, read from some files by name."""

    def __init__(self, texts: Mapping[str, str], family: int, fault: Fault = NO_FAULT,
                 own: Mapping[str, int] | None = None, facts: Mapping[str, Fact] | None = None) -> None:
        sources = [from_bytes(fault.text(text).encode(), name) for name, text in texts.items() if text]
        self._firewall = fault.firewall(parsers.parse_all(sources))
        self._order = fault.stages
        self._family = Family(family)
        owned = PLANS[family].own
        self._facts: dict[str, Fact] = {
            "own addresses": single(self._family, IntervalSet.of((owned.low, owned.high))), **WORLD,
            **(facts or {})}
        self._own = {name: single(self._family, IntervalSet.of((address, address)))
                     for name, address in (PLANS[family].own_addresses if own is None else own).items()}
        self._stages = cache(self._ask_for_stages)

    def judge(self, way: Way, probe: Probe, state: str) -> Verdict:
        """Send the first packet of a connection, which is then in this state."""
        return _verdict(self._walk(way, probe, self._first(probe, state, way.listener)))

    def judge_within(self, probe: Probe, state: str) -> str:
        """Send a packet from the firewall to itself, through both of its hooks; return the verdict."""
        sent = self._walk(Way("output", "", LOOPBACK), probe, self._first(probe, state))
        if sent.verdict != "permit":
            return sent.verdict
        return trace_packet(self._stages(Way("input", LOOPBACK, "")), self._firewall.chains, sent.packet,
                    sent.context).verdict

    def leaves(self, way: Way, probe: Probe, state: str) -> Probe:
        """Say how a packet comes out, where it was translated on the way."""
        packet = self._walk(way, probe, self._first(probe, state)).packet
        return probe._replace(destination=packet.destination, destination_port=packet.destination_port)

    def reply(self, way: Way, request: Probe, state: str, back: Way, reply: Probe) -> Verdict | None:
        """Send a reply to a request; None when no connection came of that, undecided where that is open."""
        there = self._walk(way, request, self._first(request, state))
        if there.verdict == "undecided":
            return Verdict(there.verdict, (), _doubts(there))
        if there.verdict != "permit" or there.context.states != {NEW}:
            return None
        recorded = Recorded(frozenset({ESTABLISHED}), there.context.zones[1])
        context = Context(self._facts, reply=True, states=states_in_zone(recorded, 0), recorded=recorded,
                          flags=frozenset({reply.flags}), connection_mark=there.context.connection_mark,
                          translated=there.context.translated, original=there.context.original,
                          source_translated=there.context.source_translated)
        return _verdict(self._walk(back, reply, context))

    def sets(self, way: Way, demand: Demand, state: str, flags: frozenset[int]) -> dict[str, list[Product]]:
        """Judge by the engine of sets: the permitted, denied and undecided parts of a demand."""
        axes = [IntervalSet.of((low, high)) for low, high in demand.axes]
        box = Box(self._family, demand.protocol, *axes)
        original = Ends(*axes) if not is_icmp(demand.protocol) else Ends(
            axes[0], axes[1], ANY_PORT, IntervalSet.of(*((kind * 256 + demand.axes[3].low,
                                                          kind * 256 + demand.axes[3].high)
                                                         for kind in range(demand.axes[2].low,
                                                                           demand.axes[2].high + 1))))
        context = Context(self._facts, listener=way.listener, states=frozenset({state}), flags=flags,
                          original=original)
        rules = {name: chain.rules for name, chain in self._firewall.chains.items()}
        outcome, _ = evaluate_stages(self._stages(way), rules, box, context,
                                     Rerouting(self._at(way), lambda box, rule: self._ahead(way)))
        return {name: [_product(each) for each in getattr(outcome, name)]
                for name in ("permitted", "denied", "undecided")}

    def _first(self, probe: Probe, state: str, listener: str = "") -> Context:
        original = original_ends(Packet(self._family, *probe[1:6]))
        return Context(self._facts, listener=listener, states=frozenset({state}),
                       flags=frozenset({probe.flags}), original=original)

    def _walk(self, way: Way, probe: Probe, context: Context) -> PacketTrace:
        packet = Packet(self._family, *probe[1:6])
        return trace_packet(self._stages(way), self._firewall.chains, packet, context, self._at(way),
                            lambda changed, rule: self._ahead(way))

    def _ask_for_stages(self, way: Way) -> tuple[Stage, ...]:
        transit = Transit(self._family, way.ingress, way.egress, way.hook, profile=way.profile)
        return self._order(parsers.stages(self._firewall, transit))

    def _ahead(self, way: Way) -> tuple[Stage, ...]:
        """What a packet meets once its destination is another: nothing else translates it."""
        transit = Transit(self._family, way.ingress, way.egress, way.hook, translated=True)
        return self._order(parsers.stages(self._firewall, transit))

    def _at(self, way: Way) -> AddressSet:
        """The address of the firewall where the packet comes in: what REDIRECT chooses."""
        return self._own.get(way.ingress, NOWHERE)


def of_iptables(family: int, rules: str, sets: str = "", second: str = "") -> dict[str, str]:
    """Name the files of one family: its rules, its sets, and the rules of a second back end."""
    return {f"rules.v{family}": rules, "ipsets": sets, f"other.v{family}": second}


def _verdict(found: PacketTrace) -> Verdict:
    lines = (step.by.line if isinstance(step.by, Rule) else step.by.span.first_line for step in found.steps
             if not step.stage.name.startswith("("))
    doubts = _doubts(found) if found.verdict == "undecided" else ()
    once = tuple(line for line, _ in groupby(lines))  # the rules that one line is
    return Verdict(found.verdict, once, doubts)


def _doubts(found: PacketTrace) -> tuple[str, ...]:
    doubts = [str(each.because) for step in found.steps for each in step.unresolved]
    return tuple(dict.fromkeys([*doubts, *(["what a rule makes of it"] if found.diverted else [])]))


def _product(box: Box) -> Product:
    axes = (box.sources, box.destinations, box.source_ports, box.destination_ports)
    return Product(tuple(tuple(Range(*each) for each in axis.ranges) for axis in axes))

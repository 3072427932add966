"""What was proven of one packet, at one firewall or on its whole way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.engine.algebra import minus
from aclproof.linter.engine.outcomes import Outcome, Part
from aclproof.linter.program import Analysis
from aclproof.linter.proof.records import Judged, Proof, line
from aclproof.linter.trace import single
from aclproof.linter.trace.representatives import box_of
from aclproof.linter.verdict.coverage import classify
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.packets import Box, Packet
from aclproof.parsers.model.services import ANY_PORT, TCP, UDP

Ours = Literal["permit", "deny", "undecided"]


class Proven(Struct, frozen=True):
    """The verdict of the configurations."""

    verdict: Ours
    by: Span | None = None
    """The line that surely decides."""
    requirements: tuple[str, ...] = ()
    """Those that send the packet."""
    egress: str = ""
    """By which interface it leaves; empty where that is not known."""
    leaves: tuple[Box, ...] = ()
    """What it may be as it leaves; empty where that is not known."""


def at_firewall(site: Analysis, name: str, packet: Packet, ends: tuple[str, str], day: date) -> Proven:
    """Say what a firewall does with a packet that comes in, by named interfaces or where empty by routes."""
    box = box_of(packet)
    of_service = replace(box, source_ports=ANY_PORT) if packet.protocol in (TCP, UDP) else box
    sent = [(requirement, proof, judged) for requirement, proof, judged in site.judged_at(name)
            if proof.leg.kind == "request" and _comes_in(judged, ends[0])]
    requirements = tuple(dict.fromkeys(
        each for each, _, judged in sent if judged.segment.box & of_service))
    met = [(proof, judged) for _, proof, judged in sent if judged.segment.box & box]
    if not met:
        return replace(_traced(site, name, packet, ends, day), requirements=requirements)
    found = {_verdict(proof, judged.outcome, box) for proof, judged in met}
    verdict, by = found.pop() if len(found) == 1 else ("undecided", None)
    ways = {judged.segment.transit.egress if judged.segment.transit else None for _, judged in met}
    egress = ways.pop() if len(ways) == 1 else None
    flows = [flow for _, judged in met for flow in judged.forwarded if flow.before & box]
    leaves = tuple(flow.after for flow in flows) if all(flow.known for flow in flows) else ()
    return Proven(verdict, by, requirements, egress or "", leaves)


def _comes_in(judged: Judged, ingress: str) -> bool:
    """Whether packets come in by an interface, as far as that is known."""
    transit = judged.segment.transit
    return not ingress or transit is None or transit.ingress in (None, ingress)


def on_the_way(site: Analysis, box: Box) -> Proven:
    """Say what becomes of the packets of a connection, as they are sent, at all firewalls together.

    Its source port need not be known: those count from which requirements send.
    """
    verdicts: set[Ours] = set()
    requirements: dict[str, None] = {}
    results = {each.requirement.id: each for each in site.results}
    for demand in site.work.demands:
        sent = [common for each in demand.request.boxes if (common := each & box)]
        if not sent:
            continue
        requirement = demand.requirement.id
        requirements[requirement] = None
        parts = classify(demand, site.proofs[requirement], results[requirement].verdict)
        verdicts.add("permit" if not minus(sent, parts.passing) else
                     "deny" if not minus(sent, parts.denied) else "undecided")
    return Proven(verdicts.pop() if len(verdicts) == 1 else "undecided", None, tuple(requirements))


def _verdict(proof: Proof, outcome: Outcome, box: Box) -> tuple[Ours, Span | None]:
    if not minus((box,), outcome.denied):
        return "deny", _decides(proof, box, outcome.denials)
    if not minus((box,), outcome.permitted):
        return "permit", _decides(proof, box, outcome.permits)
    return "undecided", None


def _decides(proof: Proof, box: Box, parts: Sequence[Part]) -> Span | None:
    by = next((part.by for part in parts if not minus((box,), part.boxes)), None)
    return line(proof.name, proof.firewall, by).span if by else None


def _traced(site: Analysis, name: str, packet: Packet, ends: tuple[str, str], day: date) -> Proven:
    """Of a packet that no requirement sends: followed rule by rule, out by the routes where these show it."""
    place = next(each for each in site.site.firewalls if each.name == name)
    question = single.Question(ends[0], profile=place.profile, as_of=day, facts=site.known.facts)
    hop = single.trace(site.asking[name], packet, question)
    if hop.verdict not in ("permit", "deny") and ends[1]:
        hop = single.trace(site.asking[name], packet, replace(question, egress=ends[1]))
    if hop.verdict not in ("permit", "deny"):
        return Proven("undecided")
    deciding = hop.packet_trace.deciding if hop.packet_trace else None
    by = line(name, hop.firewall, deciding.by).span if deciding else None
    egress = hop.transit.egress or "" if hop.transit else ""
    return Proven("permit" if hop.verdict == "permit" else "deny", by, (), egress,
                  (box_of(hop.left),) if hop.left else ())

"""Which packets and questions to ask about: one for each line that decides something, and for each doubt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from aclproof.linter.engine.outcomes import Doubt, Part
from aclproof.linter.probing import hosts
from aclproof.linter.probing.records import Expected, Machine, Probe
from aclproof.linter.program import Analysis
from aclproof.linter.proof.records import Judged, Proof, line
from aclproof.linter.result import DemandResult
from aclproof.linter.verdict.coverage import classify
from aclproof.parsers.model.addresses import write
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.shell import POWERSHELL
from aclproof.parsers.vendor import door

_WORST_FIRST: Mapping[Expected, int] = {"deny": 0, "undecided": 1, "permit": 2}
_COMMAND = re.compile(
    r"show [a-z -]+(?: \| include [a-z-]+)?|nft list (?:ruleset|tables|sets)|"
    r"nft list set [a-z0-9]+(?: [A-Za-z_][\w./-]*){2}|ip (?:addr|address|route|rule|xfrm policy)|ipset list|"
    r"ip6?tables-save|sysctl(?: [a-z0-9._-]+)+|bridge link|Get-\w+(?: -PolicyStore ActiveStore)?", re.ASCII)
"""Of what questions name to find an answer, what can be entered as it stands and changes nothing: some of it
names places, and what inputs name may be anything."""


def probes(site: Analysis) -> tuple[Machine, ...]:
    """Return what to ask each firewall of a site, and the hosts that open connections."""
    firewalls = [Machine(name, "", door(each.vendor).shell(), tuple(_merged(_of_firewall(site, name))))
                 for name, each in site.asking.items()]
    return tuple(each for each in (*firewalls, *_of_hosts(site)) if each.probes)


def _of_firewall(site: Analysis, name: str) -> Iterator[Probe]:
    for result in site.results:
        requirement = result.requirement.id
        for proof in site.proofs.get(requirement, ()):
            if proof.name == name and proof.leg.kind == "request" and isinstance(proof.finding, Judged):
                yield from _of_proof(requirement, proof, proof.finding)
        yield from _questions(site, result, name)


def _of_proof(requirement: str, proof: Proof, judged: Judged) -> Iterator[Probe]:
    """One packet for each line that stops, leaves open or permits some of it."""
    room, outcome = door(proof.firewall.vendor), judged.outcome
    kinds: tuple[tuple[Expected, tuple[Part | Doubt, ...]], ...] = (
        ("deny", outcome.denials), ("undecided", outcome.doubts), ("permit", outcome.permits))
    for expected, parts in kinds:
        for part in parts:
            packet = part.boxes[0].witness()
            commands = tuple(room.probe(proof.firewall, judged.segment.transit, packet))
            if commands:
                yield Probe(commands, (requirement,), expected, packet,
                            line(proof.name, proof.firewall, part.by))


def _questions(site: Analysis, result: DemandResult, name: str) -> Iterator[Probe]:
    """What answers the questions that a firewall leaves open, as far as it can be entered as it stands."""
    kinds = list(door(site.asking[name].vendor).fact_kinds())
    for question in dict.fromkeys(question for each in result.undecided if each.firewall == name
                                  for question in each.questions):
        shown_by = question.find_out or next(
            (kind.find_out for kind in kinds if question.key and kind.fits(question.key)), "")
        commands = commands_in(shown_by)
        if commands:
            yield Probe(commands, (result.requirement.id,), "undecided", question=question.because,
                        key=question.key)


def commands_in(find_out: str) -> tuple[str, ...]:
    """Return what can be entered as it stands, of what shows the answer to a question."""
    return tuple(part for part in re.split(r", (?:and )?|; ", find_out) if _COMMAND.fullmatch(part))


def _of_hosts(site: Analysis) -> Iterator[Machine]:
    """One host of each role that opens connections, as it stands for all of it."""
    found: dict[tuple[str, str], list[Probe]] = {}
    results = {each.requirement.id: each for each in site.results}
    for demand in site.work.demands:
        requirement = demand.requirement.id
        parts = classify(demand, site.proofs[requirement], results[requirement].verdict)
        kinds: tuple[tuple[Expected, Sequence[Box]], ...] = (
            ("deny", parts.denied), ("undecided", parts.undecided), ("permit", parts.passing))
        for expected, boxes in kinds:
            packet = boxes[0].witness() if boxes else None
            commands = tuple(hosts.commands(packet)) if packet else ()
            if packet and commands:
                key = write(packet.family, packet.source), demand.request.source
                found.setdefault(key, []).append(Probe(commands, (requirement,), expected, packet))
    for (address, role), some in found.items():
        yield Machine(address, role, POWERSHELL, tuple(_merged(some)))


def _merged(probes: Iterable[Probe]) -> list[Probe]:
    """Those with the same commands as one, what is worst first."""
    found: dict[tuple[str, ...], Probe] = {}
    for each in probes:
        known = found.get(each.commands)
        if known is None:
            found[each.commands] = each
            continue
        worse = min(known, each, key=lambda one: _WORST_FIRST[one.expected])
        requirements = dict.fromkeys((*known.requirements, *each.requirements))
        found[each.commands] = replace(worse, requirements=tuple(requirements))
    return sorted(found.values(), key=lambda each: _WORST_FIRST[each.expected])


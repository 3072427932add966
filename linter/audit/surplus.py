"""What a permit opens besides the packets that requirements send, through it or elsewhere.

Source ports do not count: hosts choose these. Of a line that also lets answers or later packets pass, or that
sees packets otherwise than as they come (translated), nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.audit.pieces import ProtocolClasses, pieces
from aclproof.linter.engine.algebra import minus
from aclproof.linter.engine.canonical import canonical
from aclproof.linter.engine.outcomes import Part
from aclproof.linter.program import Analysis
from aclproof.linter.proof.records import Judged, Proof
from aclproof.linter.proof.routed import Bypassing, Unplaced
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Action, Rule, Stage
from aclproof.parsers.model.services import ANY_PORT, is_icmp


class Surplus(Struct, frozen=True):
    """A line that opens more than is needed."""

    chain: str
    line: int
    requirements: tuple[str, ...]
    """Those that send packets through it."""
    needed: tuple[Box, ...]
    more: tuple[Box, ...]
    """What it opens besides; one protocol stands for all that no rule and no requirement tells from it."""
    packets: int
    """How many these are, of all protocols."""
    opened: int
    """How many packets it permits."""


def surpluses(name: str, site: Analysis) -> Iterator[Surplus]:
    """Yield the lines of a firewall that requirements need, and that open more."""
    firewall = site.firewalls[name]
    carried = _carried(name, site)
    needed = {line: canonical(box for boxes in of_it.values() for box in boxes)
              for line, of_it in carried.items()}
    demanded = [*(box for boxes in needed.values() for box in boxes), *_demanded(name, site)]
    protocols = {box.protocol for box in demanded}
    for chain in firewall.lists.values() if needed else ():
        classes = ProtocolClasses(chain.rules, protocols)
        of_line: dict[int, list[Rule]] = {}
        for rule in chain.rules:
            if rule.enabled and rule.line in needed:
                of_line.setdefault(rule.line, []).append(rule)
        for line, rules in of_line.items():
            if all(rule.action is Action.PERMIT and rule.effect is None for rule in rules):
                opened = canonical(_from_any_port(each.box) for each in pieces(rules, classes))
                more = () if minus(needed[line], opened) else canonical(minus(opened, demanded))
                if more:
                    yield Surplus(chain.name, line, tuple(carried[line]), needed[line], more,
                                  _count(more, classes), _count(opened, classes))


def _count(boxes: Sequence[Box], classes: ProtocolClasses) -> int:
    return sum(box.size * classes.count(box.protocol) for box in boxes)


def _carried(name: str, site: Analysis) -> Mapping[int, Mapping[str, Sequence[Box]]]:
    """The first packets that each line lets pass, by requirement, where it lets no others pass."""
    found: dict[int, dict[str, list[Box]]] = {}
    later: dict[int, list[Box]] = {}
    others: set[int] = set()
    for requirement, proof, judged in judged_at(name, site):
        for part in judged.outcome.permits:
            if not isinstance(part.by, Rule) or not part.by.in_file:
                continue
            line, boxes = part.by.line, list(map(_from_any_port, part.boxes))
            if proof.leg.kind == "request" and not is_translated(judged, part.stage, part):
                found.setdefault(line, {}).setdefault(requirement, []).extend(boxes)
            elif proof.leg.kind == "follow-up":
                later.setdefault(line, []).extend(boxes)
            else:
                others.add(line)
    for line, boxes in later.items():
        if minus(boxes, [box for some in found.get(line, {}).values() for box in some]):
            others.add(line)
    return {line: of_it for line, of_it in found.items() if line not in others}


def judged_at(name: str, site: Analysis) -> Iterator[tuple[str, Proof, Judged]]:
    """Yield what a firewall was found to do with packets, each with its requirement."""
    for requirement, proofs in site.proofs.items():
        for proof in proofs:
            if proof.name == name and isinstance(proof.finding, Judged):
                yield requirement, proof, proof.finding


def is_translated(judged: Judged, stage: Stage, part: Part) -> bool:
    """Whether a filter sees some of these packets with another destination than they came with, or source."""
    segment = judged.segment
    if (segment.as_leaving if stage.leaving else segment.as_filtered) != segment.box:
        return True
    return any((flow.before.destinations, flow.before.destination_ports)
               != (flow.after.destinations, flow.after.destination_ports)
               and any(flow.before & box for box in part.boxes) for flow in judged.forwarded)


def _demanded(name: str, site: Analysis) -> Iterator[Box]:
    """All first packets that requirements send by way of a firewall, whether they pass or not."""
    for result in site.results:
        if any(hop.firewall == name for hop in result.hops):
            yield from map(_from_any_port, result.boxes)
        for proof in site.proofs.get(result.requirement.id, ()):
            if proof.name == name and proof.leg.kind == "request":
                yield _from_any_port(proof.finding.box if isinstance(proof.finding, Unplaced | Bypassing)
                                     else proof.finding.segment.box)


def _from_any_port(box: Box) -> Box:
    return box if is_icmp(box.protocol) else replace(box, source_ports=ANY_PORT)

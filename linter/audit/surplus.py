"""What a permit opens besides the packets that requirements send, through it or elsewhere.

Source ports do not count: hosts choose these. Of a line that also lets answers or later packets pass, that
is for some source ports only, or that sees packets otherwise than as they come (translated), nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from aclproof.linter.audit.arrival import Arrival, without_own_end
from aclproof.linter.audit.pieces import ProtocolClasses, pieces
from aclproof.linter.engine.algebra import minus
from aclproof.linter.engine.canonical import canonical
from aclproof.linter.engine.outcomes import Part
from aclproof.linter.observation import Observation
from aclproof.linter.program import Analysis
from aclproof.linter.proof.records import Judged, Proof
from aclproof.linter.proof.routed import Bypassing, Unplaced
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.conditions import OnInterface
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import ANY_PORT, ICMP, ICMP6, is_icmp
from aclproof.parsers.vendor import door


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
    demanded = [*(box for of_line in carried.values() for box in of_line.needed), *_demanded(name, site)]
    protocols = {box.protocol for box in demanded}
    if not carried:
        return
    arrival = Arrival(firewall)
    for chain in firewall.lists.values():
        of_rules: dict[int, list[Rule]] = {}
        for rule in chain.rules:
            if rule.enabled and rule.line in carried:
                of_rules.setdefault(rule.line, []).append(rule)
        hooks = arrival.hooks(chain.name)
        if hooks is None or not of_rules:
            continue
        classes = ProtocolClasses((*chain.rules, *arrival.calls), protocols)
        for line, rules in of_rules.items():
            of_line, needed = carried[line], carried[line].needed
            if all(rule.action is Action.PERMIT and rule.effect is None for rule in rules):
                opened = canonical(_from_any_port(box) for box in arrival.of(
                    chain.name, [each.box for each in pieces(rules, classes) if _is_sent(each.box, classes)]))
                free = without_own_end(demanded, hooks | of_line.hooks)
                more = [] if minus(needed, opened) else arrival.decided_by_permits(
                    chain.name, minus(opened, free))
                if more:
                    yield Surplus(chain.name, line, tuple(of_line.by_requirement), needed,
                                  canonical(more), _count(more, classes), _count(opened, classes))


def _is_sent(box: Box, classes: ProtocolClasses) -> bool:
    """Whether hosts send such packets: each family has an ICMP of its own, and not the other's."""
    return box.protocol != _OTHER_ICMP[box.family] or classes.count(box.protocol) > 1


_OTHER_ICMP: Mapping[Family, int] = {Family.V4: ICMP6, Family.V6: ICMP}


def observed(name: str, firewall: Firewall, found: Surplus) -> Observation:
    """Name a line, with all that was found of it."""
    return Observation("surplus", name, firewall.quote(found.line), requirements=found.requirements,
                       needed=found.needed, surplus=found.more, size=found.packets, opened=found.opened,
                       hits=door(firewall.vendor).hits(firewall, found.line))


def _count(boxes: Sequence[Box], classes: ProtocolClasses) -> int:
    return sum(box.size * classes.count(box.protocol) for box in boxes)


class _Carried(Struct):
    """What one line lets pass for requirements."""

    by_requirement: dict[str, list[Box]] = field(default_factory=dict)
    """First packets."""
    later: list[Box] = field(default_factory=list)
    hooks: set[str] = field(default_factory=set)
    others: bool = False
    """Whether it lets others pass as well, or sees translated ones, or some of their ports only."""

    @property
    def needed(self) -> tuple[Box, ...]:
        """The first packets of all requirements."""
        return canonical(box for boxes in self.by_requirement.values() for box in boxes)


def _carried(name: str, site: Analysis) -> Mapping[int, _Carried]:
    """The lines that let first packets pass and no others, but those that come after them."""
    found: dict[int, _Carried] = {}
    for requirement, proof, judged in site.judged_at(name):
        transit = judged.segment.transit
        for part in judged.outcome.permits:
            if not isinstance(part.by, Rule) or not part.by.in_file:
                continue
            of_line = found.setdefault(part.by.line, _Carried())
            boxes = map(_from_any_port, part.boxes)
            if is_sent_alone(proof, part) and _as_sent(judged, part):
                of_line.by_requirement.setdefault(requirement, []).extend(boxes)
                of_line.hooks |= {transit.hook} if transit else set()
            elif proof.leg.kind == "follow-up":
                of_line.later.extend(boxes)
            else:
                of_line.others = True
    return {line: each for line, each in found.items()
            if each.by_requirement and not each.others and not minus(each.later, each.needed)}


def is_sent_alone(proof: Proof, part: Part) -> bool:
    """Whether a rule lets packets pass for themselves: first ones, and answers of echoes where it asks for no
    connection."""
    if proof.leg.kind == "request":
        return True
    return (proof.leg.kind == "reply" and all(is_icmp(box.protocol) for box in part.boxes)
            and isinstance(part.by, Rule)
            and all(isinstance(each, OnInterface) for each in part.by.conditions))


def _as_sent(judged: Judged, part: Part) -> bool:
    """Whether these are packets as their hosts send them, from whatever port: not translated, and not those
    from some ports only, as a rule for answers of another service lets pass."""
    ports = judged.segment.box.source_ports
    return not _is_translated(judged, part) and all(
        ports <= box.source_ports for box in part.boxes if not is_icmp(box.protocol))


def _is_translated(judged: Judged, part: Part) -> bool:
    """Whether a filter sees some of these packets otherwise than they came."""
    segment = judged.segment
    if (segment.as_leaving if part.stage.leaving else segment.as_filtered) != segment.box:
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
            if proof.name == name and proof.leg.kind in ("request", "reply"):
                box = proof.finding.box if isinstance(proof.finding, Unplaced | Bypassing) \
                    else proof.finding.segment.box
                if proof.leg.kind == "request" or is_icmp(box.protocol):
                    yield _from_any_port(box)


def _from_any_port(box: Box) -> Box:
    return box if is_icmp(box.protocol) else replace(box, source_ports=ANY_PORT)

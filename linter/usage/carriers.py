"""The lines of one firewall that have to do with what passes it for the requirements of a site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from aclproof.linter.engine.algebra import minus
from aclproof.linter.engine.outcomes import Outcome
from aclproof.linter.engine.prefilter import in_batches
from aclproof.linter.proof import neighbour_discovery
from aclproof.linter.proof.records import Judged, Proof
from aclproof.linter.usage.records import Role
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Action, Default, Rule


class Carriers(Struct, frozen=True):
    """By line what it does for which requirement, each in the order in which it was found."""

    lines: dict[int, dict[str, dict[Role, None]]] = field(default_factory=dict)
    defaults: dict[Default, dict[str, None]] = field(default_factory=dict)
    """What no line decides and passes nevertheless; without those that a rule has permitted or will."""
    steering: Sequence[int] = ()
    """Other lines on which they may hang: jumps, exceptions, marks, what lets neighbour discovery pass."""

    def add(self, line: int, requirement: str, role: Role) -> None:
        """Keep that a line does something for a requirement."""
        self.lines.setdefault(line, {}).setdefault(requirement, {})[role] = None


def carriers(firewall: Firewall, proofs: Mapping[str, Sequence[Proof]]) -> Carriers:
    """Find them in the proofs at the firewall, which are by requirement."""
    found = Carriers()
    boxes: dict[Box, None] = {}
    for requirement, of_it in proofs.items():
        for proof in of_it:
            if isinstance(proof.finding, Judged):
                _permits(found, requirement, proof.finding.outcome)
                for line in _translating(proof, proof.finding):
                    found.add(line, requirement, "translates")
                boxes |= dict.fromkeys(_seen(proof.finding))
    steering = dict.fromkeys(_steering(firewall, list(boxes)))
    return Carriers(found.lines, found.defaults, sorted(steering.keys() - found.lines.keys()))


def _permits(found: Carriers, requirement: str, outcome: Outcome) -> None:
    by_rules: list[Box] = []
    for part in outcome.permits:
        if isinstance(part.by, Rule):
            by_rules += part.boxes
            if part.by.in_file:
                found.add(part.by.line, requirement, "permits")
    for doubt in outcome.doubts:
        if doubt.by.in_file and doubt.by.action is Action.PERMIT:
            found.add(doubt.by.line, requirement, "permits")
    for part in outcome.permits:
        if isinstance(part.by, Default) and minus(part.boxes, by_rules):
            found.defaults.setdefault(part.by, {})[requirement] = None


def _translating(proof: Proof, judged: Judged) -> Iterator[int]:
    """The lines that decide what the ends of the packets become, those that keep them among them."""
    segment = judged.segment
    met = segment.transit.met if segment.transit else None
    for line in (*(each.by for each in segment.translations),
                 *((met.destination, met.source, met.answer) if met else ())):
        if line is not None:
            yield line.line
    for flow in (*judged.forwarded, *([proof.request] if proof.request else [])):
        yield from (rule.line for rule in flow.translations if rule.in_file)


def _seen(judged: Judged) -> Iterator[Box]:
    """The packets as any rule may see them."""
    yield from (judged.segment.box, judged.segment.as_filtered, judged.segment.as_leaving)
    for flow in judged.forwarded:
        yield from (flow.before, flow.after)


def _steering(firewall: Firewall, boxes: Sequence[Box]) -> Iterator[int]:
    """Lines of lists that these packets may meet and that do not just let them pass or stop them."""
    listed = {rule.line for chain in firewall.lists.values() for rule in chain.rules if rule.in_file}
    for name, rule in _meeting(firewall, boxes):
        steers = rule.target or rule.action is Action.RETURN or rule.effect is not None
        if rule.line in listed and (steers or name in firewall.list_uses):
            yield rule.line
    if any(box.family is Family.V6 for box in boxes):
        yield from (rule.line for _, rule in _meeting(firewall, [neighbour_discovery.PACKETS])
                    if rule.line in listed and rule.action is not Action.DENY)


def _meeting(firewall: Firewall, boxes: Sequence[Box]) -> Iterator[tuple[str, Rule]]:
    for _, axes in in_batches(boxes):
        for name, chain in firewall.chains.items():
            yield from ((name, rule) for rule, mask in axes.meeting(chain.rules, disabled=False) if mask)

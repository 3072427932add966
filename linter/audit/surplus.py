"""What a permit opens besides the packets that requirements send through it, or through another one.

Source ports do not count: hosts choose these. Of a line that also lets answers or later packets pass, or that
sees packets otherwise than it is written (translated), nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.audit.pieces import ProtocolClasses, pieces
from aclproof.linter.engine.algebra import minus
from aclproof.linter.engine.canonical import canonical
from aclproof.linter.result import DemandResult
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import ANY_PORT, is_icmp


class Surplus(Struct, frozen=True):
    """A line that opens more than is needed."""

    span: Span
    needed: tuple[Box, ...]
    more: tuple[Box, ...]
    """What it opens besides; one protocol stands for all that no rule tells from it."""


def surpluses(name: str, firewall: Firewall, results: Sequence[DemandResult]) -> Iterator[Surplus]:
    """Yield the lines of a firewall that requirements need, and that open more."""
    needed = _needed(name, results)
    by_any = [box for boxes in needed.values() for box in boxes]
    lines = {span.first_line for span in needed}
    for chain in firewall.lists.values() if needed else ():
        classes = ProtocolClasses(chain.rules)
        of_line: dict[Span, list[Rule]] = {}
        for rule in chain.rules:
            if rule.in_file and rule.enabled and (span := firewall.quote(rule.line)).first_line in lines:
                of_line.setdefault(span, []).append(rule)
        for span, rules in of_line.items():
            boxes = needed.get(span)
            if boxes and all(rule.action is Action.PERMIT and rule.effect is None for rule in rules):
                opened = [_any_source_port(each.box) for each in pieces(rules, classes)]
                more = () if minus(boxes, opened) else canonical(minus(opened, by_any))
                if more:
                    yield Surplus(span, boxes, more)


def _needed(name: str, results: Sequence[DemandResult]) -> Mapping[Span, tuple[Box, ...]]:
    """The first packets that each line of a firewall lets pass, where it lets no others pass."""
    found: dict[Span, list[Box]] = {}
    others: set[Span] = set()
    for demand in results:
        for each in demand.evidence:
            if each.permitted_by.firewall != name:
                continue
            if each.leg == "request":
                found.setdefault(each.permitted_by.span, []).extend(map(_any_source_port, each.boxes))
            else:
                others.add(each.permitted_by.span)
    return {span: canonical(boxes) for span, boxes in found.items() if span not in others}


def _any_source_port(box: Box) -> Box:
    return box if is_icmp(box.protocol) else replace(box, source_ports=ANY_PORT)

"""The lines of a result that decide about some packets."""

from __future__ import annotations

from collections.abc import Sequence

from aclproof.linter.result import DemandResult, Line
from aclproof.parsers.model.packets import Box


def deciding_lines(result: DemandResult, boxes: Sequence[Box]) -> list[Line]:
    """The lines that decide about some packets; also a line that gets them translated, or their replies.

    In the order in which the packets come to them, replies on their way back last.
    """
    lines: dict[Line, str] = {}
    for missing in result.missing:
        if missing.translated_by or missing.leg == "reply" or overlap(missing.boxes, boxes):
            lines.setdefault(missing.blocked_by, missing.leg)
    for undecided in result.undecided:
        if undecided.line and (undecided.leg == "reply" or overlap(undecided.boxes, boxes)):
            lines.setdefault(undecided.line, undecided.leg)
    for evidence in result.evidence:
        if evidence.leg != "request" or overlap(evidence.boxes, boxes):
            lines.setdefault(evidence.permitted_by, evidence.leg)
    places = {hop.firewall: number for number, hop in enumerate(result.hops)}

    def order(line: Line) -> tuple[bool, int]:
        back = lines[line] == "reply"
        at = places.get(line.firewall, len(places))
        return back, -at if back else at

    return sorted(lines, key=order)


def overlap(boxes: Sequence[Box], others: Sequence[Box]) -> bool:
    """Whether two sets of packets have some in common."""
    return any(box & other for box in boxes for other in others)

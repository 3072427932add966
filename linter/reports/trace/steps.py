"""Trace steps as lines of the configuration."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from aclproof.linter.reports.language.language import message
from aclproof.linter.trace.once import by_firewall
from aclproof.linter.trace.records import Hop
from aclproof.linter.trace.tracer import TraceStep
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.rules import Default, Rule

NOT_SHOWN = message("what the file does not show")


class Line(Struct, frozen=True):
    """A line that a packet met, or that makes a default what it is."""

    span: Span
    text: str
    kind: str
    """`rule`, which default, or `not-in-file` for what the inputs do not show."""

    @property
    def place(self) -> str:
        """The file, and the line where there is one."""
        return str(self.span) if self.span.first_line else self.span.file


def line(hop: Hop, step: TraceStep) -> Line:
    """Quote what a packet met."""
    if isinstance(step.by, Default):
        return Line(step.by.span, step.by.text, step.by.kind)
    if not step.by.in_file:
        file = hop.firewall.files[0].name
        return Line(Span(file, 0, 0, ""), NOT_SHOWN, "not-in-file")
    known = _rules(hop.firewall)
    found = known.get(step.by.line)
    if found is None:
        span = hop.firewall.source.span(step.by.line)
        found = known[step.by.line] = Line(span, span.text, "rule")
    return found


@by_firewall
def _rules(firewall: Firewall) -> dict[int, Line]:
    """The rules that packets met, by their lines: many meet the same ones."""
    return {}


def telling(steps: Sequence[TraceStep]) -> list[TraceStep]:
    """Leave out the calls of chains in which nothing fits; firewalld has dozens on every way."""
    calls: list[int] = []
    """Of the chains that the packet is in: the steps that called them."""
    told = [True] * len(steps)
    for number, step in enumerate(steps):
        while calls and not _leads_to(steps[calls[-1]], step.chain):
            calls.pop()
        told[number] = not _is_call(step)
        if told[number]:
            for call in calls:
                told[call] = True
        else:
            calls.append(number)
    return [step for step, tells in zip(steps, told, strict=True) if tells]


def _is_call(step: TraceStep) -> bool:
    return (isinstance(step.by, Rule) and bool(step.by.target) and step.by.effect is None
            and not step.unresolved)


def _leads_to(call: TraceStep, chain: str) -> bool:
    return isinstance(call.by, Rule) and call.by.target == chain


def deciding(hop: Hop) -> Line | None:
    """Quote the line that decides, where one surely does."""
    if hop.packet_trace is None or hop.verdict not in ("permit", "deny") or hop.packet_trace.deciding is None:
        return None
    return line(hop, hop.packet_trace.deciding)


def leaves_changed(hop: Hop) -> bool:
    """Whether the packet goes on otherwise than it came."""
    return hop.left is not None and hop.left != hop.packet

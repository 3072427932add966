"""What one firewall was found to do with packets of a demand, and how its lines are quoted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct, field

from aclproof.linter.demands.demands import Leg, answer
from aclproof.linter.engine.outcomes import Outcome
from aclproof.linter.engine.stages import ForwardedFlow
from aclproof.linter.proof.incoming import IncomingFlow
from aclproof.linter.proof.near.records import Near
from aclproof.linter.proof.routed import Bypassing, Segment, Unplaced
from aclproof.linter.result import Line
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Default, Rule


class Judged(Struct, frozen=True):
    """Packets that the firewall's rules were evaluated for."""

    segment: Segment
    context: Context
    """What was known of the packets as they came in."""
    outcome: Outcome
    forwarded: Sequence[ForwardedFlow]
    """How they leave."""
    left_out: bool = False
    """Whether parts of the outcome were left out, since no host sends these packets."""
    near: Mapping[int, tuple[Near, ...]] = field(default_factory=dict)
    """Rules that almost permit what a line stops, by its identity: thousands of lines may stop some."""

    def near_rules(self, by: Rule | Default) -> tuple[Near, ...]:
        """Return the rules that almost permit what `by` stops."""
        return self.near.get(id(by), ())


Finding: TypeAlias = Judged | Unplaced | Bypassing


class Proof(Struct, frozen=True):
    """What one firewall does with one part of a leg."""

    name: str
    """The firewall's name in the site."""
    firewall: Firewall
    incoming: IncomingFlow
    leg: Leg
    finding: Finding
    request: ForwardedFlow | None = None
    """How the request was forwarded that these packets belong to, where they are not its own."""

    @property
    def translated(self) -> bool:
        """Whether the packets are not as they were sent, or as they answer those."""
        return bool(self.incoming.steps) or self._request_differs

    @property
    def _request_differs(self) -> bool:
        request = self.request
        return request is not None and bool(request.translations or request.before != request.after)

    def as_sent(self, boxes: Sequence[Box]) -> list[Box]:
        """Return the first packets, as they were sent, of the connections that packets here belong to."""
        if self.request and self._request_differs:
            first: Sequence[Box] = (self.request.before,) if boxes else ()
        else:
            first = [answer(box) for box in boxes] if self.leg.kind == "reply" else boxes
        return [self.incoming.as_sent(box) for box in first]


def line(name: str, firewall: Firewall, by: Rule | Default) -> Line:
    """Quote what decided."""
    if isinstance(by, Default):
        return Line(name, by.span, by.kind, by.text)
    return quoted(name, firewall, by.line)


def quoted(name: str, firewall: Firewall, number: int) -> Line:
    """Quote a line of the configuration."""
    span = firewall.quote(number)
    defined = [word for word in dict.fromkeys(span.text.split()) if word in firewall.definitions]
    names = tuple(firewall.source.span(firewall.definitions[word]) for word in defined)
    return Line(name, span, "rule", span.text, names)

"""What came of judging packets of a site a second time, one by one: pure data, for the reports."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.packets import Packet
from aclproof.reason import Reason

Judgement = Literal["permit", "deny", "undecided", "other-way"]
"""What becomes of one packet at one firewall; `other-way`: it meets other firewalls, or in another order."""


class Judge(Struct, frozen=True):
    """What one of the two judges says of a packet, and the line that it says decides."""

    verdict: Judgement
    line: Span | None = None
    """None where no single line does."""


class Disagreement(Struct, frozen=True):
    """A packet of which the two judges say different things: a fault of this program."""

    requirement: str
    leg: str
    packet: Packet
    """As it is sent."""
    firewall: str
    sets: Judge
    """What was proven of all packets at once."""
    tracer: Judge
    """What this packet alone meets."""

    @property
    def reason(self) -> Reason:
        """Why nothing that rests on it counts as proven."""
        return Reason("the two judges of aclproof disagree on the packet {packet} at {firewall}: the proof "
                      "says {first}, the packet alone {second}; that is a fault of aclproof, please report "
                      "it",
                      packet=self.packet, firewall=self.firewall or "-", first=_said(self.sets),
                      second=_said(self.tracer))


def _said(judge: Judge) -> Reason:
    word = _WORDS[judge.verdict]
    return Reason("{verdict} ({line})", verdict=word, line=judge.line) if judge.line else word


_WORDS = {"permit": Reason("permitted"), "deny": Reason("denied"), "undecided": Reason("undecided"),
          "other-way": Reason("on another way")}


class Agreement(Struct, frozen=True):
    """How many packets were judged twice, and where the judges differ."""

    packets: int
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def said(self) -> Reason:
        """It in one sentence."""
        n, differ = self.packets, len(self.disagreements)
        if differ:
            return Reason("{n} packets checked by a second judge: {differ} judged otherwise", n=n,
                          differ=differ)
        if not n:
            return Reason("a second judge was asked, and there is no packet to judge")
        return Reason("{n} packets checked by a second judge: all agree", n=n)

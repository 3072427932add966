"""What one packet meets: at one firewall, and along the whole way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from aclproof.linter.demands.demands import Demand
from aclproof.linter.proof.routed import Segment
from aclproof.linter.trace.tracer import PacketTrace
from aclproof.parsers.model.firewall import Firewall, Transit
from aclproof.parsers.model.packets import Packet

Kind = Literal["request", "reply", "follow-up"]
"""The first packet of a connection, one that answers it, a later one of the asking side."""

Verdict = Literal["permit", "deny", "undecided"]

HopVerdict = Literal["permit", "deny", "undecided", "beside", "unseen"]
"""`beside`: it does not cross the firewall; `unseen`: it could not be followed so far."""


@dataclass(frozen=True, slots=True)
class Hop:
    """What one firewall does with the packet."""

    name: str
    firewall: Firewall
    packet: Packet
    """As it comes to the firewall."""
    verdict: HopVerdict
    way: str = ""
    transit: Transit | None = None
    """None where a list is asked on its own, and where the way is not known."""
    packet_trace: PacketTrace | None = None
    """None where no rule is asked."""
    because: tuple[str, ...] = ()
    """What decides beside the rules, or keeps open what they let pass."""
    left: Packet | None = None
    """As it goes on; None where that is not known."""
    translated_by: tuple[int, ...] = ()
    """Lines that rewrite it on the way through."""
    alike: bool = False
    """Whether it may have other addresses or ports here, with all of which it fares the same."""

    def by(self, segment: Segment) -> Hop:
        """Return the hop with the way that the packet takes."""
        return replace(self, way=segment.way, transit=segment.transit)

    def judged(self, seen: PacketTrace) -> Hop:
        """Return the hop with what the rules say."""
        verdicts: dict[str, HopVerdict] = {"permit": "permit", "deny": "deny"}
        verdict = verdicts.get(seen.verdict, "undecided")
        left = None if verdict == "deny" else self.left
        return replace(self, verdict=verdict, packet_trace=seen, left=left)


@dataclass(frozen=True, slots=True)
class Connection:
    """Which roles a packet goes between."""

    source: str
    destination: str
    demand: Demand | None = None
    """What it belongs to, where a requirement of the site needs it."""
    near: str = ""
    """The role from which the site counts its firewalls."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One packet and everything that it meets, in order."""

    packet: Packet
    kind: Kind
    hops: Sequence[Hop]
    connection: Connection | None = None
    """None for a single firewall without a site."""
    gap: str = ""
    """Why the hops may not be all that stands on the way."""

    @property
    def verdict(self) -> Verdict:
        """Of the whole way: what one firewall surely stops does not arrive, whatever the others do.

        Not to cross a firewall counts only if another one judges the packet: a route may be missing.
        """
        found = {hop.verdict for hop in self.hops}
        if "deny" in found:
            return "deny"
        if self.gap or found & {"undecided", "unseen"} or found == {"beside"}:
            return "undecided"
        return "permit"

    @property
    def stopped_at(self) -> int:
        """The number of the first hop that surely stops it; the number of hops where none does."""
        return next((number for number, hop in enumerate(self.hops) if hop.verdict == "deny"), len(self.hops))


def merge_hops(hops: Sequence[Hop]) -> Hop:
    """Tell of packets of which only one is real, and nobody knows which: sure is what holds for all."""
    first = hops[0]
    if len(hops) == 1:
        return first
    if len({hop.verdict for hop in hops}) == 1:
        return replace(first, alike=True)
    return replace(first, verdict="undecided", because=(
        *first.because, "which of the addresses or ports that the translation before may pick it has here"))

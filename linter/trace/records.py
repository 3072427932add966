"""Trace records: one packet at one firewall, and along a path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.demands.demands import Demand
from aclproof.linter.trace.tracer import PacketTrace
from aclproof.parsers.model.firewall import Firewall, Transit
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.vendor import door
from aclproof.reason import Reason

Kind = Literal["request", "reply", "follow-up"]
"""The first packet of a connection, one that answers it, a later one of its opener."""

Verdict = Literal["permit", "deny", "undecided"]

HopVerdict = Literal["permit", "deny", "undecided", "beside", "unseen"]
"""`beside`: the packet does not cross the firewall; `unseen`: how it comes here is not known."""


class Hop(Struct, frozen=True):
    """What one firewall does with the packet."""

    name: str
    firewall: Firewall
    packet: Packet
    """As it comes to the firewall."""
    verdict: HopVerdict
    way: str = ""
    """Interfaces, hook or list, for people."""
    transit: Transit | None = None
    """None where only a list is traced, and where the interfaces are not known."""
    packet_trace: PacketTrace | None = None
    """None where the packet meets no rule."""
    because: tuple[str, ...] = ()
    """What decides besides the rules, or leaves open what they permit."""
    left: Packet | None = None
    """As it leaves; None where that is not known."""
    translated_by: tuple[int, ...] = ()
    """Lines that rewrite it."""
    alike: bool = False
    """Whether it may have other addresses or ports here, all of which have the same verdict."""

    def through(self, way: str, transit: Transit | None) -> Hop:
        """Return the hop with the interfaces or the hook that the packet passes."""
        return replace(self, way=way, transit=transit)

    @property
    def probe(self) -> Sequence[str]:
        """The commands that ask the firewall for this packet; empty where there are none."""
        return door(self.firewall.vendor).probe(self.firewall, self.transit, self.packet)

    def decided(self, trace: PacketTrace) -> Hop:
        """Return the hop with the rules that the packet met, and their verdict."""
        verdicts: dict[str, HopVerdict] = {"permit": "permit", "deny": "deny"}
        verdict = verdicts.get(trace.verdict, "undecided")
        left = None if verdict == "deny" else self.left
        return replace(self, verdict=verdict, packet_trace=trace, left=left)


class Connection(Struct, frozen=True):
    """Whose connection a packet belongs to: the role that opens it, and the role that it goes to."""

    source: str
    destination: str
    demand: Demand | None = None
    """That needs it, where a requirement of the site does."""
    nears: tuple[str, ...] = ()
    """The near roles of the site's packs."""


class Trace(Struct, frozen=True):
    """One packet and every firewall on its path, in order."""

    packet: Packet
    kind: Kind
    hops: Sequence[Hop]
    connection: Connection | None = None
    """None for a single firewall without a site."""
    gap: str = ""
    """Why the hops may not be all firewalls on the path."""

    @property
    def verdict(self) -> Verdict:
        """Of the whole path: one firewall that surely stops the packet is enough, whatever the others do.

        Not to cross a firewall counts only if another one judges the packet: a route may be missing.
        """
        verdicts = {hop.verdict for hop in self.hops}
        if "deny" in verdicts:
            return "deny"
        if self.gap or verdicts & {"undecided", "unseen"} or verdicts == {"beside"}:
            return "undecided"
        return "permit"

    @property
    def stopped_at(self) -> int:
        """The number of the first hop that surely stops it; the number of hops where none does."""
        return next((number for number, hop in enumerate(self.hops) if hop.verdict == "deny"), len(self.hops))


def merge_hops(hops: Sequence[Hop]) -> Hop:
    """Merge the hops of packets of which one is real, which is not known: certain is what all agree on."""
    first = hops[0]
    if len(hops) == 1:
        return first
    if len({hop.verdict for hop in hops}) == 1:
        return replace(first, alike=True)
    return replace(first, verdict="undecided", because=(
        *first.because, Reason("which of the addresses or ports that the translation before may pick it "
                               "has here")))

"""Permits to be made at a firewall, and what a vendor's writer offers for them.

A writer knows its vendor's words and nothing of proofs: it yields candidates, best first, and the caller
takes the first that opens what is missing and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from aclproof.parsers.model.addresses import networks, single
from aclproof.parsers.model.conditions import Condition, InState, OnInterface
from aclproof.parsers.model.intervals import EMPTY, IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import NO_LINE, Action, Rule
from aclproof.parsers.model.services import is_icmp, service

_Axis = Literal["destination_ports", "source_ports"]


class RuleNames(Struct, frozen=True):
    """How new rules and groups are called."""

    title: str
    """The beginning of a name for people, such as that of the product."""
    stem: str
    """The beginning of a name for devices: one word, upper case."""


class Permit(Struct, frozen=True):
    """Packets that are to pass, and what else a rule for them tests, where the vendor's rules can."""

    box: Box
    state: str = ""
    """The state of their connection; one of several, with commas."""
    ingress: str = ""
    egress: str = ""

    def rule(self) -> Rule:
        """The permit as a rule of the model; it has no line in any file."""
        box = self.box
        conditions: list[Condition] = [InState(frozenset(self.state.split(",")))] if self.state else []
        conditions += [OnInterface("in", self.ingress)] if self.ingress else []
        conditions += [OnInterface("out", self.egress)] if self.egress else []
        return Rule(Action.PERMIT, single(box.family, box.sources), single(box.family, box.destinations),
                    (service(box.protocol, box.source_ports, box.destination_ports),), NO_LINE,
                    tuple(conditions))


class MissingPermit(Struct, frozen=True):
    """A permit to be made, before it is written in the words of a vendor."""

    firewall: str
    """By its name in the site."""
    chain: str
    """Empty where no list decides yet."""
    at: int
    """The rule of the chain before which it goes."""
    at_end: bool
    """Whether it goes to the chain's end instead; `at` is the chain's length then."""
    permit: Permit
    entry: str = ""
    """The interface on which a list has to be bound first, because none is."""
    outward: bool = False
    """Whether the packets are sent by the host that the firewall runs on."""
    profile: str = ""
    port: int = 0
    """The first port, or the ICMP type."""
    listener: str = ""
    """What the requirement says of the program at its destination."""
    systems: tuple[str, ...] = ()
    """What the site says that the firewall's own computer may run on."""

    @property
    def box(self) -> Box:
        """What it permits, as the filter sees it."""
        return self.permit.box


class Objection(Struct, frozen=True):
    """What to say of a candidate that was not taken, by what it does besides opening what is missing."""

    gains: str
    """It opens more."""
    loses: str
    """It stops what passed."""
    gains_and_loses: str


class Candidate(Struct, frozen=True):
    """Lines that may open some of the missing permits."""

    lines: tuple[str, ...]
    """As they are entered; comments among them are in the firewall's own way."""
    permits: tuple[MissingPermit, ...]
    """What they are for."""
    count: int
    """How many new permits these are."""
    advice: tuple[str, ...] = ()
    """What one should know besides."""
    same_as: str = ""
    """A command of another tool that does the same; the lines name it in a comment."""
    reuses: bool = False
    """Whether rules that are there do it: then it has to be found out which of the permits they open."""
    binds: str = ""
    """The list that they put to work; it has to open all of the permits."""
    passes: tuple[Box, ...] = ()
    """Packets that are sure to pass then: where more than the needed ones are among them, trying is vain."""
    besides: tuple[Box, ...] = ()
    """Packets that may pass then as well, because the vendor has nothing narrower; the advice says so."""
    refused: Objection | None = None
    """What the advice of another candidate for the same permits says of this one."""


class NotWritable(Struct, frozen=True):
    """Permits that cannot be written without opening more, or not at all, and why."""

    permits: tuple[MissingPermit, ...]
    reason: str


class Merged(Struct, frozen=True):
    """One permit for several; it permits what they permit, no packet more."""

    permit: MissingPermit
    parts: tuple[MissingPermit, ...]


def merged(missing: Iterable[MissingPermit]) -> list[Merged]:
    """Join permits of one chain that differ in the ports of one side only, at the first of their places.

    The last place of each chain comes first, so that what is entered there moves none of the others.
    """
    found = [Merged(each, (each,)) for each in missing]
    for axis in ("destination_ports", "source_ports"):
        alike: dict[MissingPermit, list[Merged]] = {}
        for each in found:
            alike.setdefault(_without(each.permit, axis), []).append(each)
        found = [_joined(group, axis) for group in alike.values()]
    return sorted(found, key=lambda each: -each.permit.at)


def line_count(box: Box) -> int:
    """Count the lines that a box takes where each holds one network at either end and one range of ports."""
    return (len(networks(box.family, box.sources.ranges)) * len(networks(box.family, box.destinations.ranges))
            * len(box.source_ports.ranges) * len(box.destination_ports.ranges))


def _without(missing: MissingPermit, axis: _Axis) -> MissingPermit:
    """What permits have to share; an ICMP type is no port."""
    if is_icmp(missing.box.protocol):
        return replace(missing, at=0, at_end=False, port=0, listener="")
    return replace(_with_ports(missing, axis, EMPTY), at=0, at_end=False, port=0, listener="")


def _with_ports(missing: MissingPermit, axis: _Axis, ports: IntervalSet) -> MissingPermit:
    box = missing.box
    changed = replace(box, source_ports=ports) if axis == "source_ports" else replace(
        box, destination_ports=ports)
    return replace(missing, permit=replace(missing.permit, box=changed))


def _joined(group: Sequence[Merged], axis: _Axis) -> Merged:
    ports = IntervalSet.union(_ports(each.permit, axis) for each in group)
    permit = replace(_with_ports(group[0].permit, axis, ports), at=min(each.permit.at for each in group),
                     at_end=all(each.permit.at_end for each in group))
    return Merged(permit, tuple(part for each in group for part in each.parts))


def _ports(missing: MissingPermit, axis: _Axis) -> IntervalSet:
    return missing.box.source_ports if axis == "source_ports" else missing.box.destination_ports

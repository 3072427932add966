"""Where a demand meets a firewall: by which interfaces it enters and leaves, and which stages it passes.

Firewalls that run on a host have hooks instead of routes: `hooked`.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from aclproof import parsers
from aclproof.linter.demands.demands import Leg
from aclproof.linter.engine import compose
from aclproof.linter.engine.outcomes import Outcome
from aclproof.linter.engine.relevant import RulesByChain
from aclproof.linter.engine.stages import ForwardedFlow, Reroute, Rerouting, evaluate_stages, no_reroute
from aclproof.linter.proof.nat_table import NatMatch, first_nat_matches
from aclproof.linter.proof.route_lookup import interfaces_towards
from aclproof.linter.site.site import SiteFirewall
from aclproof.parsers.model.addresses import NOWHERE, AddressSet, spell_few
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall, Transit, Translation
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.model.routing import RoutedTo
from aclproof.parsers.model.rules import Rule, Stage


@dataclass(frozen=True, slots=True)
class Segment:
    """Packets of one leg that take one way through a firewall."""

    box: Box
    stages: tuple[Stage, ...]
    way: str
    """Such as `inside -> outside`, for people."""
    transit: Transit | None = None
    """None for a list that the site file names."""
    own: AddressSet = NOWHERE
    """The firewall's own addresses, where its place on the path shows them."""
    reroute: Reroute = no_reroute
    arrival_chains: Mapping[str, Sequence[Rule]] = field(default_factory=dict)
    """Chains, besides the firewall's own, that evaluate where translated packets come to."""
    some: bool = False
    """Only some of these packets are real, and it is unknown which."""
    translations: tuple[NatMatch, ...] = ()
    """What the firewall's table makes of them: of the destination first, then of the source."""
    early: bool = False
    """Whether the filters are evaluated before the translation of the destination."""

    @property
    def as_filtered(self) -> Box:
        """The packets as the filters see them."""
        first = self.translations[0].rewriting if self.translations else None
        if self.early or first is None or first.end != "destination":
            return self.box
        return first.after

    def evaluate(self, rules: RulesByChain, context: Context) -> tuple[Outcome, list[ForwardedFlow]]:
        """Evaluate its stages for the packets as the filters see them; ValueError as in `evaluate`."""
        chains = ChainMap(dict(rules), dict(self.arrival_chains))
        rerouting = Rerouting(self.own, self.reroute)
        return evaluate_stages(self.stages, chains, self.as_filtered, context, rerouting)

    def in_sent_packets(self, outcome: Outcome) -> Outcome:
        """Map an outcome from translated packets back to the original ones."""
        if self.as_filtered == self.box:
            return outcome
        first = self.translations[0].rewriting
        return compose.before_translation(outcome, first, None) if first else outcome


def after_nat(segment: Segment) -> Box:
    """Return the packets as they leave, as far as the translation table shows."""
    box = segment.box
    for match in segment.translations:
        rewriting = match.rewriting
        if rewriting:
            box = rewriting.after
    return box


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Packets whose way through the firewall is not known, and why."""

    box: Box
    reason: str
    line: int | None = None
    """That makes it so, where one does."""


@dataclass(frozen=True, slots=True)
class Bypassing:
    """Packets that do not cross the firewall: one interface leads to both of their ends."""

    box: Box
    interface: str
    certain: bool
    """Whether routes to these very networks show it, and no default route."""
    confirmed: bool = False
    """Whether a fact says that they pass no firewall."""


Placed = Segment | Unplaced | Bypassing


def beside_key(firewall: str, interface: str) -> str:
    """Return the fact that packets between hosts behind one interface of a firewall pass none at all."""
    return f"beside {firewall} at {interface}"


def segments(firewall: Firewall, place: SiteFirewall, leg: Leg) -> Iterator[Placed]:
    """Cut a leg by the interfaces that it enters and leaves by: routes decide, the site file overrides."""
    acl = place.acl.get(leg.source)
    if acl is not None:
        yield from _through(firewall, acl, leg)
        return
    for box in leg.boxes:
        for entry in interfaces_towards(firewall, place, leg.source, box.family, box.sources):
            part = replace(box, sources=entry.addresses)
            matches: Iterable[NatMatch] = (NatMatch(part),)  # what answers is translated with its connection
            if leg.kind == "request" and not entry.reason:
                matches = first_nat_matches(firewall, "destination", part, entry.interface)
            for dialled in matches:
                yield from _leaving(firewall, place, leg, entry, dialled)


def _through(firewall: Firewall, acl: str, leg: Leg) -> Iterator[Segment]:
    stages = parsers.through(firewall, acl)
    return (Segment(box, stages, Reason("access-list {acl}", acl=acl)) for box in leg.boxes)


def _leaving(firewall: Firewall, place: SiteFirewall, leg: Leg, entry: RoutedTo,
             dialled: NatMatch) -> Iterator[Placed]:
    """Cut packets that enter by one interface by the interfaces that they leave by."""
    changed = dialled.rewriting
    for leave in _leaves(firewall, place, leg, dialled):
        part = replace(dialled.after, destinations=leave.addresses)
        came = NatMatch(changed.back(part), dialled.by) if changed else NatMatch(part)
        reason = entry.reason or leave.reason
        if reason:
            yield Unplaced(came.box, reason)
        elif entry.interface == leave.interface:
            yield _turned_back(firewall, came.box, entry, leave, dialled.by)
        elif leg.kind == "request":
            for source in first_nat_matches(firewall, "source", came.box, entry.interface, leave.interface):
                of_source = NatMatch(source.box, came.by)
                yield _place(firewall, entry.interface, leave.interface, of_source, source)
        else:
            transit = Transit(part.family, entry.interface, leave.interface, translated=True)
            yield Segment(part, parsers.stages(firewall, transit), _way(entry.interface, leave.interface),
                          transit)


def _leaves(firewall: Firewall, place: SiteFirewall, leg: Leg, dialled: NatMatch) -> list[RoutedTo]:
    """The ways out: a line that translates the destination may name one, else routes decide."""
    after = dialled.after
    named = dialled.by.leave if dialled.by and dialled.rewriting else None
    if named and leg.destination not in place.interfaces:
        return [RoutedTo(named, after.destinations)]
    return interfaces_towards(firewall, place, leg.destination, after.family, after.destinations)


def _turned_back(firewall: Firewall, box: Box, entry: RoutedTo, leave: RoutedTo,
                 by: Translation | None) -> Placed:
    """Place packets that would leave by the interface that they came in by."""
    if by and by.because:
        reason = Reason("to which address this line translates: {because}", because=by.because)
        return Unplaced(box, reason, by.line)
    certain = entry.certain and leave.certain and firewall.placement_doubt is None
    return Bypassing(box, entry.interface, certain)


def _place(firewall: Firewall, entry: str, leave: str, dialled: NatMatch, source: NatMatch) -> Placed:
    """Put packets between two interfaces, with what translation makes of their two ends."""
    changed = dialled.rewriting
    hidden = NatMatch(dialled.after, source.by)
    matches = (dialled, hidden) if changed else (hidden,)
    translations = tuple(match for match in matches if match.may_change)
    first = translations[0].by if translations else None
    early = firewall.lists_before_translation
    if early and first and _filters_what_leaves(firewall, leave):
        reason = Reason("which addresses the access list out of {leave} sees: this line translates",
                        leave=leave)
        return Unplaced(dialled.box, reason, first.line)
    way = _way(entry, leave)
    if changed and dialled.by:
        way = Reason("{way}, to {some} by line {line}", way=way,
                     some=spell_few(changed.after.family, changed.after.destinations), line=dialled.by.line)
    transit = Transit(dialled.box.family, entry, leave, translated=bool(changed))
    return Segment(dialled.box, parsers.stages(firewall, transit), way, transit, translations=translations,
                   early=early)


def _filters_what_leaves(firewall: Firewall, interface: str) -> bool:
    """Whether an access list is bound to an interface for the packets that leave by it."""
    return any(binding.interface == interface and binding.direction == "out"
               for binding in firewall.bindings)


def _way(entry: str, leave: str) -> str:
    return f"{entry} -> {leave}"

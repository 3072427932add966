"""Where a demand meets a firewall: by which interfaces it enters and leaves, and which stages it passes.

Firewalls that run on a host have hooks instead of routes: `hooked`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from aclproof import parsers
from aclproof.linter.demands.demands import Leg
from aclproof.linter.engine import compose
from aclproof.linter.engine.outcomes import Outcome
from aclproof.linter.engine.stages import Reroute, no_reroute
from aclproof.linter.proof.nat_table import NatMatch, first_nat_matches
from aclproof.linter.proof.route_lookup import interfaces_towards
from aclproof.linter.site.site import SiteFirewall
from aclproof.parsers.model.addresses import NOWHERE, AddressSet, spell_few
from aclproof.parsers.model.firewall import Firewall, Transit
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
        if not self.early and self.translations and self.translations[0].rewriting:
            first = self.translations[0].rewriting
            return first.after if first.end == "destination" else self.box
        return self.box

    def in_sent_packets(self, outcome: Outcome) -> Outcome:
        """Map an outcome from translated packets back to the original ones."""
        first = self.translations[0].rewriting if self.as_filtered != self.box else None
        return compose.before_translation(outcome, first, None) if first else outcome


def after_nat(segment: Segment) -> Box:
    """Return the packets as they leave, as far as the translation table shows."""
    box = segment.box
    for each in segment.translations:
        box = each.rewriting.after if each.rewriting else box
    return box


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Packets whose way through the firewall is not known, and why."""

    box: Box
    because: str
    line: int | None = None
    """That makes it so, where one does."""


@dataclass(frozen=True, slots=True)
class Bypassing:
    """Packets that do not cross the firewall: one interface leads to both of their ends."""

    box: Box
    interface: str
    certain: bool
    """Whether routes to these very networks show it, and no default route."""


Placed = Segment | Unplaced | Bypassing


def segments(firewall: Firewall, place: SiteFirewall, leg: Leg) -> Iterator[Placed]:
    """Cut a leg by the interfaces that it enters and leaves by: routes decide, the site file overrides."""
    acl = place.acl.get(leg.source)
    if acl is not None:
        yield from _through(firewall, acl, leg)
        return
    for box in leg.boxes:
        for entry in interfaces_towards(firewall, place, leg.source, box.family, box.sources):
            part = replace(box, sources=entry.addresses)
            if leg.kind == "request" and not entry.reason:
                for each in first_nat_matches(firewall, "destination", part, entry.interface):
                    yield from _leaving(firewall, place, leg, entry, each)
            else:  # what answers is translated with its connection
                yield from _leaving(firewall, place, leg, entry, NatMatch(part))


def _through(firewall: Firewall, acl: str, leg: Leg) -> Iterator[Segment]:
    stages = parsers.through(firewall, acl)
    return (Segment(box, stages, Reason("access-list {acl}", acl=acl)) for box in leg.boxes)


def _leaving(firewall: Firewall, place: SiteFirewall, leg: Leg, entry: RoutedTo,
             dialled: NatMatch) -> Iterator[Placed]:
    changed = dialled.rewriting
    after = changed.after if changed else dialled.box
    known = dialled.by.leave if changed and dialled.by and leg.destination not in place.interfaces else None
    leaves = [RoutedTo(known, after.destinations)] if known else \
        interfaces_towards(firewall, place, leg.destination, after.family, after.destinations)
    for leave in leaves:
        part = replace(after, destinations=leave.addresses)
        trouble = entry.reason or leave.reason
        came = NatMatch(changed.back(part), dialled.by) if changed else NatMatch(part)
        if trouble:
            yield Unplaced(came.box, trouble)
        elif entry.interface == leave.interface and dialled.by and dialled.by.because:
            yield Unplaced(came.box, Reason("to which address this line translates: {because}",
                                            because=dialled.by.because),
                           dialled.by.line)
        elif entry.interface == leave.interface:
            yield Bypassing(came.box, entry.interface, entry.certain and leave.certain)
        elif leg.kind == "request":
            for each in first_nat_matches(firewall, "source", came.box, entry.interface, leave.interface):
                yield _place(firewall, entry.interface, leave.interface, NatMatch(each.box, came.by), each)
        else:
            transit = Transit(part.family, entry.interface, leave.interface, translated=True)
            yield Segment(part, parsers.stages(firewall, transit), _way(entry.interface, leave.interface),
                          transit)


def _place(firewall: Firewall, entry: str, leave: str, dialled: NatMatch, source: NatMatch) -> Placed:
    """Put packets between two interfaces, with what translation makes of their two ends."""
    changed = dialled.rewriting
    hidden = NatMatch(changed.after if changed else dialled.box, source.by)
    translations = tuple(each for each in ((dialled,) if changed else ()) + (hidden,)
                         if each.rewriting or (each.by and each.by.because))
    transit = Transit(dialled.box.family, entry, leave, translated=bool(changed))
    early = firewall.lists_before_translation
    if early and translations and translations[0].by and any(
            each.interface == leave and each.direction == "out" for each in firewall.bindings):
        return Unplaced(dialled.box, Reason("which addresses the access list out of {leave} sees: this "
                                            "line translates", leave=leave), translations[0].by.line)
    way = _way(entry, leave)
    if changed and dialled.by:
        way = Reason("{way}, to {some} by line {line}", way=way,
                     some=spell_few(changed.after.family, changed.after.destinations), line=dialled.by.line)
    return Segment(dialled.box, parsers.stages(firewall, transit), way, transit, translations=translations,
                   early=early)


def _way(entry: str, leave: str) -> str:
    return f"{entry} -> {leave}"

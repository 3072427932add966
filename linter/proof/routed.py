"""Where a demand meets a firewall: by which interfaces it enters and leaves, and which stages it passes.

Firewalls that run on a host have hooks instead of routes: `hooked`.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from aclproof import parsers
from aclproof.linter.demands.demands import Leg, answer
from aclproof.linter.engine import changes, compose
from aclproof.linter.engine.changes import Rewriting
from aclproof.linter.engine.outcomes import Doubt, Outcome
from aclproof.linter.engine.relevant import RulesByChain
from aclproof.linter.engine.stages import ForwardedFlow, Reroute, Rerouting, evaluate_stages, no_reroute
from aclproof.linter.proof import met_translations, no_host, policy_ways, route_lookup
from aclproof.linter.proof.met_translations import Met
from aclproof.linter.proof.nat_table import NatMatch, first_nat_matches
from aclproof.linter.proof.route_lookup import across_bridge, by_translation, interfaces_towards, turned_back
from aclproof.linter.site.site import SiteFirewall
from aclproof.parsers.model.addresses import ANY, NOWHERE, AddressSet, spell_few
from aclproof.parsers.model.conditions import Context, Opaque
from aclproof.parsers.model.firewall import Firewall, Transit
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.routed_to import RoutedTo
from aclproof.parsers.model.rules import NO_LINE, Action, Rule, Stage
from aclproof.parsers.model.services import ANY_SERVICE
from aclproof.reason import Reason


class Segment(Struct, frozen=True):
    """Packets of one leg that take one way through a firewall."""

    box: Box
    stages: tuple[Stage, ...]
    way: str
    """Such as `inside -> outside`, for people."""
    transit: Transit | None = None
    """None for a list of a listing, which the site file names."""
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
    leaving: tuple[Rewriting, ...] = ()
    """What makes the packets as the stages see them that evaluate what leaves, in order."""
    spread: Rewriting | None = None
    """How the address or port of a pool was chosen that all of these packets have part in; else None."""

    @property
    def as_filtered(self) -> Box:
        """The packets as the filters see them."""
        first = self._before_filters
        return first.after if first else self.box

    @property
    def _before_filters(self) -> Rewriting | None:
        """What is done to the packets before the filters see them."""
        first = self.translations[0].rewriting if self.translations else None
        return None if self.early or first is None or first.end != "destination" else first

    @property
    def as_leaving(self) -> Box:
        """The packets as they leave, for the stages that evaluate them so."""
        return self.leaving[-1].after if self.leaving else self.box

    def uses(self) -> list[tuple[tuple[Stage, ...], Box]]:
        """Return its stages with the packets that they see."""
        arriving = tuple(stage for stage in self.stages if not stage.leaving)
        leaving = tuple(stage for stage in self.stages if stage.leaving)
        return [(arriving, self.as_filtered), (leaving, self.as_leaving)] if leaving else [
            (arriving, self.as_filtered)]

    def evaluate(self, rules: RulesByChain, context: Context) -> tuple[Outcome, list[ForwardedFlow]]:
        """Evaluate its stages for the packets as the filters see them; ValueError as in `evaluate`."""
        chains = ChainMap(dict(rules), dict(self.arrival_chains))
        rerouting = Rerouting(self.own, self.reroute)
        (arriving, box), *leaving = self.uses()
        outcome, forwarded = evaluate_stages(arriving, chains, box, context, rerouting)
        for stages, left in leaving:
            later, _ = evaluate_stages(stages, chains, left, context)
            for rewriting in reversed(self.leaving):
                later = compose.before_translation(later, rewriting, self._choice)
            outcome = compose.after(outcome, [compose.within(later, outcome)])
        if self.spread:
            outcome = compose.before_translation(outcome, self.spread, self._choice)
        return outcome, forwarded

    @property
    def _choice(self) -> Doubt:
        return Doubt(self.stages[0], _ITSELF, (_CHOICE,), ())

    def in_sent_packets(self, outcome: Outcome) -> Outcome:
        """Map an outcome from translated packets back to the original ones."""
        first = self._before_filters
        return compose.before_translation(outcome, first, None) if first else outcome


class Unplaced(Struct, frozen=True):
    """Packets whose way through the firewall is not known, and why."""

    box: Box
    reason: str
    line: int | None = None
    """That makes it so, where one does."""


class Bypassing(Struct, frozen=True):
    """First packets that do not cross the firewall: one interface leads to both of their ends."""

    box: Box
    interface: str
    certain: bool
    """Whether routes to these very networks show it, and no default route."""
    confirmed: bool = False
    """Whether a fact says that they pass no firewall."""
    turns_back: bool = False
    """Whether it forwards what comes in by that interface and leaves by it again, as a router does: then
    some may cross it all the same, and only the fact makes it certain that none does."""


Placed = Segment | Unplaced | Bypassing

_ITSELF = Rule(Action.CONTINUE, ANY, ANY, (ANY_SERVICE,), NO_LINE)
"""Stands for the line that translates."""
_CHOICE = Opaque("", Reason("which of its addresses the translation picks"))


WHERE_UNKNOWN = Reason("the file shows no interfaces, so whether this line translates them is not known")


def segments(firewall: Firewall, place: SiteFirewall, leg: Leg) -> Iterator[Placed]:
    """Cut a leg by the interfaces that it enters and leaves by: routes decide, the site file overrides."""
    named = place.acl.get(leg.source, "")
    if named and not firewall.interfaces:  # a listing: its lists are all that it shows
        yield from _through(firewall, named, leg)
        return
    for box in leg.boxes:
        for entry in interfaces_towards(firewall, place, leg.source, box.family, box.sources):
            part = replace(box, sources=entry.addresses)
            matches: Iterable[NatMatch] = (NatMatch(part),)
            if not entry.reason:
                matches = first_nat_matches(firewall, "destination", part, entry.interface)
            for dialled in matches:
                for placed in _leaving(firewall, place, leg, entry, dialled):
                    yield _by_list(firewall, named, placed)


def _through(firewall: Firewall, acl: str, leg: Leg) -> Iterator[Segment]:
    stages = parsers.through(firewall, acl)
    for box in leg.boxes:
        hidden = tuple(_perhaps_hidden(firewall, box))
        early = firewall.lists_before_translation
        yield Segment(box, stages, Reason("access-list {acl}", acl=acl), translations=hidden, early=early,
                      leaving=tuple(map(_leaving_as, hidden)) if early else ())


def _perhaps_hidden(firewall: Firewall, box: Box) -> Iterator[NatMatch]:
    """What may translate the sources of packets whose interfaces the file does not show."""
    for line in firewall.translations:
        if line.end == "source" and not line.keeps and line.sources.of(box.family).overlaps(box.sources):
            yield NatMatch(box, replace(line, because=WHERE_UNKNOWN))


def _leaving_as(match: NatMatch) -> Rewriting:
    """What a line makes of packets; where that is not known, they may get any address."""
    return match.rewriting or changes.to_any_address(match.box)


def _by_list(firewall: Firewall, named: str, placed: Placed) -> Placed:
    """Filter what comes in by the list that the site file names, besides all that the file shows."""
    if not named or not isinstance(placed, Segment) or placed.transit is None:
        return placed
    transit = replace(placed.transit, named_list=named)
    return replace(placed, transit=transit, stages=parsers.stages(firewall, transit))


def _leaving(firewall: Firewall, place: SiteFirewall, leg: Leg, entry: RoutedTo,
             dialled: NatMatch) -> Iterator[Placed]:
    """Cut packets that enter by one interface by the interfaces that they leave by."""
    if dialled.by and dialled.by.because:
        why = Reason("to which address this line translates: {because}", because=dialled.by.because)
        yield Unplaced(dialled.box, why, dialled.by.line)
        return
    changed = dialled.rewriting
    for leave in _leaves(firewall, place, leg, dialled):
        addresses = leave.addresses
        if not changed:
            family = dialled.box.family
            for lost in no_host.among(firewall, family, addresses, leg.entries(family), leave.interface):
                yield Unplaced(replace(dialled.box, destinations=lost.addresses), lost.reason, lost.line)
                addresses = addresses - lost.addresses
        if addresses:
            part = replace(dialled.after, destinations=addresses)
            by = replace(dialled.by, refuses=leave.refused) if dialled.by and leave.refused else dialled.by
            came = NatMatch(changed.back(part) if changed else part, by)
            yield from _by_policy(firewall, place, leg, entry, leave, came)


def _by_policy(firewall: Firewall, place: SiteFirewall, leg: Leg, entry: RoutedTo, leave: RoutedTo,
               dialled: NatMatch) -> Iterator[Placed]:
    """Set aside what a policy may send out elsewhere, unless a translation decides the way."""
    ways, rest = (entry.interface, leave.interface), [dialled]
    if not (entry.reason or leave.reason or (dialled.by and dialled.by.leave and not dialled.by.by_route)):
        elsewhere, rest = policy_ways.cut(firewall, place, leg, ways, dialled)
        yield from (Unplaced(each.box, each.reason, each.line) for each in elsewhere)
    yield from (placed for match in rest for placed in _between(firewall, entry, leave, match))


def _between(firewall: Firewall, entry: RoutedTo, leave: RoutedTo, dialled: NatMatch) -> Iterator[Placed]:
    """Put packets between two interfaces, cut by what translation makes of their sources."""
    ways = entry.interface, leave.interface
    reason = entry.reason or leave.reason
    if reason:
        yield Unplaced(dialled.box, reason)
    elif entry.interface == leave.interface and firewall.is_bridge(entry.interface):
        yield Unplaced(dialled.box, across_bridge(firewall, entry.interface))
    elif entry.interface == leave.interface and dialled.by and dialled.rewriting:
        yield Unplaced(dialled.box, turned_back(entry.interface), dialled.by.line)
    elif entry.interface == leave.interface:
        inside, outside = route_lookup.by_tunnel(firewall, dialled.box, entry.interface)
        for box in inside:
            yield from _across(firewall, *ways, NatMatch(box, dialled.by))
        certain = entry.certain and leave.certain and firewall.placement_doubt is None
        yield from (Bypassing(box, entry.interface, certain) for box in outside)
    else:
        yield from _across(firewall, *ways, dialled)


def _across(firewall: Firewall, entry: str, leave: str, dialled: NatMatch) -> Iterator[Placed]:
    for source in first_nat_matches(firewall, "source", dialled.box, entry, leave):
        of_source = NatMatch(source.box, dialled.by)
        yield from (_place(firewall, entry, leave, met)
                    for met in met_translations.cut(firewall, entry, leave, of_source, source))


def _leaves(firewall: Firewall, place: SiteFirewall, leg: Leg, dialled: NatMatch) -> list[RoutedTo]:
    """The ways out: a line that decides the destination may name one, else routes decide."""
    after, by = dialled.after, dialled.by
    if by and by.leave and not by.by_route:
        return by_translation(firewall, place, leg.destination, after.family, after.destinations, by.leave)
    return interfaces_towards(firewall, place, leg.destination, after.family, after.destinations)


def _place(firewall: Firewall, entry: str, leave: str, met: Met) -> Placed:
    """Put packets between two interfaces, with what translation makes of their two ends."""
    if met.lines is None:
        return Unplaced(met.box, Reason("which line translates the answers: it depends on the address that "
                                        "these packets get"))
    dialled = NatMatch(met.box, met.lines.destination)
    changed = dialled.rewriting
    hidden = NatMatch(dialled.after, met.lines.source)
    translations = tuple(match for match in (dialled, hidden) if match.may_change)
    early = firewall.lists_before_translation
    unknown = next((match.by for match in translations if match.rewriting is None), None)
    if early and unknown and _filters_what_leaves(firewall, leave):
        reason = Reason("which addresses the access list out of {leave} sees: this line translates",
                        leave=leave)
        return Unplaced(met.box, reason, unknown.line)
    way = _way(entry, leave)
    if changed and dialled.by:
        way = Reason("{way}, to {some} by line {line}", way=way,
                     some=spell_few(changed.after.family, changed.after.destinations),
                     line=firewall.number(dialled.by.line))
    transit = Transit(met.box.family, entry, leave, translated=bool(changed), met=met.lines)
    leaving = tuple(map(_leaving_as, translations)) if early else ()
    return Segment(met.box, parsers.stages(firewall, transit), way, transit, translations=translations,
                   early=early, leaving=leaving)


def _filters_what_leaves(firewall: Firewall, interface: str) -> bool:
    """Whether an access list is bound to an interface for the packets that leave by it."""
    return any(binding.interface == interface and binding.direction == "out"
               for binding in firewall.bindings)


def replies(firewall: Firewall, place: SiteFirewall, leg: Leg, request: Segment) -> Iterator[Placed]:
    """Place what answers the packets of a segment: it comes back by the way that the request took."""
    transit = request.transit
    if transit is None:
        for placed in segments(firewall, place, leg):
            if isinstance(placed, Segment):
                placed = replace(placed, spread=_spread(request, placed.box))
            yield placed
        return
    named = place.acl.get(leg.source, "")
    assert transit.ingress
    assert transit.egress
    undone = tuple(changes.undone(each, answer(each.before), answer(each.after))
                   for each in reversed(request.leaving))
    for box in leg.boxes:
        back = _without_translation(firewall, box, transit.egress, transit.ingress)
        yield _by_list(firewall, named, replace(back, leaving=undone, spread=_spread(request, box)))


def _spread(request: Segment, box: Box) -> Rewriting | None:
    """How what a request's source became is spread among its replies: all of them or none may come back."""
    return next((each.spread(box, "destination") for each in request.leaving if not each.exact), None)


def _without_translation(firewall: Firewall, box: Box, entry: str, leave: str) -> Segment:
    """Put packets between two interfaces that are translated with their connection, if at all."""
    transit = Transit(box.family, entry, leave, translated=True)
    return Segment(box, parsers.stages(firewall, transit), _way(entry, leave), transit)


def _way(entry: str, leave: str) -> str:
    return f"{entry} -> {leave}"

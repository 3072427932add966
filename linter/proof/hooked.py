"""Where a demand meets a firewall that runs on a host: by its forward, input or output hook.

The first packet of a connection decides how the rest is translated, so replies and later packets follow
the request's flows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from msgspec import Struct
from msgspec.structs import replace

from aclproof import parsers
from aclproof.linter.demands.demands import Leg, answer
from aclproof.linter.engine.stages import ForwardedFlow
from aclproof.linter.proof import at_host, at_router
from aclproof.linter.proof.route_lookup import no_route
from aclproof.linter.proof.routed import Bypassing, Placed, Segment, Unplaced
from aclproof.linter.site.site import SiteFirewall
from aclproof.parsers.model import routing
from aclproof.parsers.model.addresses import ANY, NOWHERE, AddressSet, Family, single, write
from aclproof.parsers.model.conditions import ANYWHERE, Condition, Opaque
from aclproof.parsers.model.effects import Translate
from aclproof.parsers.model.firewall import Firewall, Hook, Transit
from aclproof.parsers.model.intervals import IntervalSet, Range
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.plain_rules import special
from aclproof.parsers.model.routed_to import RoutedTo
from aclproof.parsers.model.rules import Action, Default, Rule, Stage
from aclproof.parsers.model.services import ANY_SERVICE, Service, service
from aclproof.parsers.vendor import door
from aclproof.reason import Reason

_ANY_SERVICES = (ANY_SERVICE,)
LOOPBACK = {Family.V4: IntervalSet.of((127 << 24 | 1, 127 << 24 | 1)), Family.V6: IntervalSet.of((1, 1))}
"""Where a host's own packets go that a rule sends to the firewall itself (nf_nat_redirect.c)."""


def requests(firewall: Firewall, place: SiteFirewall, leg: Leg) -> Iterator[Placed]:
    """Place the first packets of a demand."""
    hook = hook_of(place, leg)
    for box in leg.boxes:
        ends = at_router.by_hook(firewall, leg, box) if hook == "forward" else \
            at_host.by_link(firewall, leg, box, hook)
        for part, ending in ends:
            if isinstance(ending, Reason):
                yield Unplaced(part, ending)
            else:
                yield from _by_interface(firewall, place, leg, part, ending)


def _by_interface(firewall: Firewall, place: SiteFirewall, leg: Leg, box: Box,
                  hook: Hook) -> Iterator[Placed]:
    """Cut the packets of one hook by the interfaces that they come by and leave by."""
    came = _towards(firewall, place, leg.source, box, box.sources, routed=hook != "output")
    goes = _towards(firewall, place, leg.destination, box, box.destinations, routed=hook != "input")
    for entry, leave in product(came, goes):
        part = replace(box, sources=entry.addresses, destinations=leave.addresses)
        if reason := leave.reason or entry.reason:
            yield Unplaced(part, reason)
            continue
        if entry.interface and entry.interface == leave.interface and entry.certain and leave.certain \
                and not {leg.source, leg.destination} & place.interfaces.keys():
            yield Bypassing(part, entry.interface, certain=False, turns_back=True)
            continue
        transit = Transit(box.family, entry.interface or None, leave.interface or None, hook,
                          profile=place.profile, by_routes=leg.destination not in place.interfaces,
                          to_router=not place.host)
        yield segment(firewall, leg, part, transit)


def segment(firewall: Firewall, leg: Leg, box: Box, transit: Transit) -> Segment:
    """Put the first packets of a connection on one way."""
    own = NOWHERE
    if transit.hook != "forward":
        own = single(box.family, box.destinations if transit.hook == "input" else LOOPBACK[box.family])
    return Segment(box, parsers.stages(firewall, transit), describe(firewall, transit), transit, own,
                   _Reroute(firewall, transit, own), dict(_arrivals(firewall, leg, box)))


def _towards(firewall: Firewall, place: SiteFirewall, role: str, box: Box, addresses: IntervalSet, *,
             routed: bool) -> list[RoutedTo]:
    """Cut addresses by interface; none where it is not known, a reason where no route leads to them.

    At the host itself nothing is `routed`; where it passes them on, the site file may say by which interface.
    """
    named = place.interfaces.get(role)
    if named is not None:
        at = firewall.interface(named)
        return [RoutedTo(named, addresses, routing.at_link_down(role, named) if at and at.down else "")]
    if not routed:
        return [RoutedTo("", addresses)]
    found, rest = routing.interfaces_towards(firewall, box.family, addresses)
    parts = [RoutedTo("", part.addresses) if part.reason and not part.down else part for part in found]
    if rest:
        reason = no_route(firewall, role, box.family, rest) if box.family in firewall.all_routes else ""
        parts.append(RoutedTo("", rest, reason))
    return routing.by_interface(parts)


def leads_to(firewall: Firewall, box: Box) -> str | None:
    """Return the one interface by which packets leave, as far as routes say; None where that is not known."""
    found, rest = routing.interfaces_towards(firewall, box.family, box.destinations)
    names = {"" if part.reason else part.interface for part in found}
    return names.pop() or None if len(names) == 1 and not rest else None


def hook_of(place: SiteFirewall, leg: Leg) -> Hook:
    """Return the hook that packets pass: a host is on the path of no others than its own."""
    if not place.host:
        return "forward"
    return "input" if leg.destination in place.host else "output"


def describe(firewall: Firewall, transit: Transit) -> str:
    """Name a way for people: `INPUT from eth0`, `FORWARD eth1 -> eth0`, `inbound`."""
    way_in, way_out = door(firewall.vendor).traits.ways
    match transit.hook:
        case "input" if transit.ingress:
            return Reason("{way} from {ingress}", way=way_in, ingress=transit.ingress)
        case "output" if transit.egress:
            return Reason("{way} to {egress}", way=way_out, egress=transit.egress)
        case "input":
            return way_in
        case "output":
            return way_out
        case _:
            if not transit.ingress and not transit.egress:
                return "FORWARD"
            ingress, egress = transit.ingress or "?", transit.egress or "?"
            return Reason("FORWARD {ingress} -> {egress}", ingress=ingress, egress=egress)


# Translated packets


class _Reroute(Struct, frozen=True):
    """Where packets go after a translation: routing decides again."""

    firewall: Firewall
    transit: Transit
    own: AddressSet

    def __call__(self, box: Box, rule: Rule) -> Sequence[Stage]:
        transit = after_translation(self.firewall, self.transit, box, rule, self.own)
        stages = parsers.stages(self.firewall, replace(transit, translated=True))
        text = Reason("translated to another address, which was said not to be the same service")
        end = Default(Action.DENY, "translation", text, self.firewall.source.span(rule.line))
        return (*stages, Stage(Reason("arrival"), (_arrival(rule),), end))


def after_translation(firewall: Firewall, transit: Transit, box: Box, rule: Rule, own: AddressSet) -> Transit:
    """Return the transit by whose hook packets go on when a rule has turned them into `box`."""
    if transit.by_routes:
        transit = replace(transit, egress=leads_to(firewall, box))
    if transit.hook == "output":
        return transit
    addresses = own.of(box.family) | at_router.own(firewall, box.family)
    return replace(transit, hook="input" if box.destinations <= addresses else "forward")


def _arrival(rule: Rule) -> str:
    return f"(arrival by line {rule.line})"


def _arrivals(firewall: Firewall, leg: Leg, box: Box) -> Iterator[tuple[str, Sequence[Rule]]]:
    """For each translating rule: its packets arrive if the new ends are ends of the demand, too."""
    goal = IntervalSet.union(sent.destinations for sent in leg.boxes if sent.family is box.family)
    wanted: tuple[Service, ...] = (service(box.protocol, box.source_ports, box.destination_ports),)
    for chain in firewall.chains.values():
        for rule in special(chain.rules):
            if not isinstance(rule.effect, Translate) or rule.effect.end != "destination":
                continue
            target = _target(rule.effect, box.family)
            question = Reason("whether {target}, to which the packets are translated, is the "
                              "{destination}, too", target=target, destination=leg.destination)
            unresolved: Condition = Opaque(f"translation to {target}", question)
            yield _arrival(rule), (
                Rule(Action.PERMIT, ANY, single(box.family, goal), wanted, rule.line),
                Rule(Action.PERMIT, ANY, ANY, _ANY_SERVICES, rule.line, (unresolved,)))


def _target(effect: Translate, family: Family) -> str:
    where: str = Reason("the firewall itself") if effect.itself else Reason("the same address")
    if effect.addresses:
        where = _range([write(family, each) for each in effect.addresses])
    if not effect.ports:
        return where
    return Reason("{where} port {ports}", where=where, ports=_range([str(port) for port in effect.ports]))


def _range(ends: Sequence[str]) -> str:
    low, high = ends
    return low if low == high else f"{low}-{high}"


# Later packets of a connection


def replies(firewall: Firewall, request: Segment, flow: ForwardedFlow) -> Iterator[Segment]:
    """Place the answers to packets that took one way: they come from where those were sent to."""
    assert request.transit is not None
    box = answer(flow.after)
    transit = _back(_final(firewall, request, flow))
    if flow.translations:
        yield from _translated_replies(firewall, flow, box, transit)
    else:
        yield Segment(box, parsers.stages(firewall, transit), describe(firewall, transit), transit)


def _translated_replies(firewall: Firewall, flow: ForwardedFlow, box: Box,
                        transit: Transit) -> Iterator[Segment]:
    from aclproof.linter.proof import other_ends

    ends = {rule.effect.end for rule in flow.translations if isinstance(rule.effect, Translate)}
    seen: list[other_ends.Blurred] = []
    if "source" in ends:
        before = tuple(_of_either(stage) for stage in _before_translation(firewall, transit))
        outer = list(_outer_ends(flow, box))
        for each in outer if before else ():
            way = Reason("{said}, to the translated address", said=describe(firewall, transit))
            yield Segment(each, before, way, transit, some=each.destinations.size > 1)
        seen += other_ends.notices(firewall, before, outer)
        transit = replace(transit, translated=True)
    seen += (other_ends.doubtful(firewall, stage, box.family, ends)
             for stage in parsers.stages(firewall, transit))
    own_chains = {name: rules for _, chains in seen for name, rules in chains.items()}
    yield Segment(box, tuple(stage for stage, _ in seen), describe(firewall, transit), transit,
                  arrival_chains=own_chains)


def _of_either(stage: Stage) -> Stage:
    """The same filter where the translated address may be the firewall's own, as of a masquerade."""
    place = stage.place
    return replace(stage, place=replace(place, to_itself=None)) if place.to_itself is False else stage


def follow_ups(firewall: Firewall, request: Segment, flow: ForwardedFlow) -> Iterator[Segment]:
    """Place later packets of the client's side: they are translated as the first one was."""
    assert request.transit is not None
    rule = next((rule for rule in flow.translations if _rewrites(rule, "destination")), None)
    if rule is None:
        yield Segment(flow.before, request.stages, request.way, request.transit, request.own)
        return
    name = f"(as line {rule.line})"
    whole = Rule(Action.PERMIT, ANY, ANY, _ANY_SERVICES, rule.line, effect=rule.effect)
    end = Default(Action.PERMIT, "translation", Reason("translated like the first packet"),
                  firewall.source.span(rule.line))
    as_before = Stage(Reason("translation"), (name,), end, ANYWHERE)
    yield Segment(flow.before, (*_before_translation(firewall, request.transit), as_before), request.way,
                  request.transit, request.own, request.reroute, {**request.arrival_chains, name: (whole,)})


def _rewrites(rule: Rule, end: str) -> bool:
    return isinstance(rule.effect, Translate) and rule.effect.end == end


def _final(firewall: Firewall, request: Segment, flow: ForwardedFlow) -> Transit:
    assert request.transit is not None
    transit = request.transit
    for rule in flow.translations:
        if _rewrites(rule, "destination"):
            transit = after_translation(firewall, transit, flow.after, rule, request.own)
    return transit


def _back(transit: Transit) -> Transit:
    hooks: Mapping[Hook, Hook] = {"input": "output", "output": "input", "forward": "forward"}
    return replace(transit, ingress=transit.egress, egress=transit.ingress, hook=hooks[transit.hook],
                   by_routes=False)


def _before_translation(firewall: Firewall, transit: Transit) -> tuple[Stage, ...]:
    """The stages that a packet passes before its destination is translated."""
    transit = replace(transit, by_routes=False, to_router=False)  # what these add only one of both has
    later = parsers.stages(firewall, replace(transit, translated=True))
    whole = [stage for stage in parsers.stages(firewall, transit) if not stage.once]
    rest = [stage for stage in later if not stage.once]
    return tuple(whole[:len(whole) - len(rest)])


def _outer_ends(flow: ForwardedFlow, box: Box) -> Iterator[Box]:
    """The answers as they come in from outside, where the source was translated on the way out."""
    for rule in flow.translations:
        if isinstance(rule.effect, Translate) and rule.effect.end == "source":
            addresses: Range = rule.effect.addresses or (0, box.family.last)
            yield replace(box, destinations=IntervalSet.of(addresses))

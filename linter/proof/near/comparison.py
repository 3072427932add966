"""What keeps one rule from permitting packets, if it is one thing only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aclproof.linter.proof.near.records import Blocked, Near, RuleList
from aclproof.linter.proof.near.slips import Slip
from aclproof.linter.proof.near.wording import (
    elsewhere,
    few,
    few_ports,
    kept_out,
    loses_to,
    not_called,
    too_late,
)
from aclproof.parsers.model.conditions import (
    LOOPBACK,
    Condition,
    InProfile,
    OnInterface,
    Opaque,
    TimeRange,
)
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Default, Rule
from aclproof.parsers.model.services import ANY_PORT, PROTOCOL_NAMES, Service, is_icmp
from aclproof.parsers.model.ternary import Ternary, settle
from aclproof.reason import AND, Reason, joined

_FEW_PORTS = 1024
"""Whoever writes more ports than these on one side does not mean a service there."""


def hindering(rule: Rule, place: RuleList) -> list[Condition]:
    """Return the conditions that keep a rule from the packets, or may."""
    return [each for each in rule.conditions if settle(each, place.context) is not Ternary.YES]


def compare(firewall: Firewall, blocked: Blocked, rule: Rule, place: RuleList) -> Near | None:
    """Compare a rule that meets the demand with packets of it that are stopped."""
    conditions, box = hindering(rule, place), blocked.box
    if conditions and not rule.enabled:
        fits = place.stage and _same_ends(rule, box) and _same_service(rule, box)
        return _off(firewall, rule, conditions, place) if fits else None
    if conditions:
        alone = len(conditions) == 1 and place.stage
        return _but_for(firewall, blocked, rule, conditions[0], place) if alone else None
    meant = rule.enabled and specific(rule, blocked.needed.box)
    if not _same_ends(rule, box) or not _same_service(rule, box):
        return _partly(rule, blocked) if meant and place.stage else None
    if place.stage is None:
        return elsewhere(firewall, place.name, rule) if meant else None
    if not rule.enabled:
        why = kept_out(firewall, rule, place) or Reason("permits it, but is inactive")
        return Near("disabled", rule, why)
    if id(blocked.by) in place.order:
        return loses_to(firewall, rule, blocked.by)
    if not meant or not place.calls:
        return None
    return too_late(firewall, blocked.by, rule, place) or not_called(firewall, rule, place)


def by_slip(blocked: Blocked, slip: Slip, rule: Rule, place: RuleList) -> Near | None:
    """A rule that means and permits the packets changed by one slip, in a list that they come to."""
    by_source = slip.kind == "source-side"
    if not rule.enabled or hindering(rule, place) or not specific(rule, slip.box, by_source=by_source):
        return None
    if place.stage is None and slip.kind != "reversed":  # the other direction has lists of its own
        return None
    match slip.kind:
        case "reversed":
            return Near("reversed", rule, Reason("permits the other direction"))
        case "source-side":
            return _on_the_source_side(rule, blocked.box)
        case _:
            names = [PROTOCOL_NAMES[box.protocol].upper() for box in (slip.box, blocked.box)]
            return Near("other-protocol", rule, Reason("permits {names}, not {names2}", names=names[0],
                                                       names2=names[1]))


def specific(rule: Rule, box: Box, *, by_source: bool = False) -> bool:
    """Whether a rule means the service of some packets, and not everything."""
    by_source = by_source or is_icmp(box.protocol)
    wanted = box.source_ports if by_source else box.destination_ports
    for each in _of_protocol(rule, box):
        ports = each.source_ports if by_source else each.destination_ports
        if each.protocols.size <= 2 and ports != ANY_PORT and ports.overlaps(wanted):
            return True
    return False


def _off(firewall: Firewall, rule: Rule, conditions: Sequence[Condition], place: RuleList) -> Near | None:
    """A rule that the vendor says is not in force, of which its export may not show everything."""
    if all(isinstance(each, Opaque) and each.key for each in conditions):
        why = kept_out(firewall, rule, place)
        return Near("disabled", rule, why) if why else None
    return None


def _but_for(firewall: Firewall, blocked: Blocked, rule: Rule, condition: Condition,
             place: RuleList) -> Near | None:
    """A rule that one condition keeps from the packets."""
    if settle(condition, place.context) is not Ternary.NO:
        return None
    match condition:
        case TimeRange(name=name, ended=ended, started=started):
            day, title = place.context.as_of, name if " " in name else f"time-range {name}"
            if started and day and started > day:
                return Near("expired", rule, Reason("permits it, but {title} starts on {started}",
                                                    title=title, started=started))
            return Near("expired", rule, Reason("permits it, but {title} ended on {ended}", title=title,
                                                ended=ended))
        case InProfile(profiles=profiles):
            why = kept_out(firewall, rule, place)
            return Near("disabled", rule, why) if why else Near(
                "other-profile", rule, Reason("permits it, but only in the profile {profiles}",
                                              profiles=joined(AND, sorted(profiles))))
        case OnInterface(way=way, name=name, negated=False):
            if name == LOOPBACK or (place.calls and not specific(rule, blocked.needed.box)):
                return None  # for everything that others send to that list: it means those packets
            reason = Reason("permits it, but only where packets go out by {name}", name=name)
            if way == "in":
                reason = Reason("permits it, but only where packets come in by {name}", name=name)
            return Near("other-interface", rule, reason)
        case _:
            return None


def _same_ends(rule: Rule, box: Box) -> bool:
    """Whether a rule is for any of these addresses, on both sides."""
    return (box.sources.overlaps(rule.sources.of(box.family))
            and box.destinations.overlaps(rule.destinations.of(box.family)))


def _same_service(rule: Rule, box: Box) -> bool:
    return any(box.source_ports.overlaps(each.source_ports)
               and box.destination_ports.overlaps(each.destination_ports) for each in _of_protocol(rule, box))


def _of_protocol(rule: Rule, box: Box) -> Iterable[Service]:
    return (each for each in rule.services if box.protocol in each.protocols)


def _partly(rule: Rule, blocked: Blocked) -> Near:
    """A rule for other packets of the demand: on which axis it is too narrow."""
    box, whole = blocked.box, blocked.needed.box
    sources = rule.sources.of(box.family) & whole.sources
    destinations = rule.destinations.of(box.family) & whole.destinations
    if not box.sources.overlaps(sources):
        return Near("partly", rule, Reason("permits it from {few} only", few=few(box.family, sources)))
    if not box.destinations.overlaps(destinations):
        return Near("partly", rule, Reason("permits it to {few} only", few=few(box.family, destinations)))
    on_source = _on_the_source_side(rule, box)
    if on_source:
        return on_source
    if any(each.source_ports.overlaps(box.source_ports) for each in _of_protocol(rule, box)):
        ports = IntervalSet.union(each.destination_ports for each in _of_protocol(rule, box))
        return Near("partly", rule, Reason("permits it for some of the ports only: {ports}",
                                           ports=few_ports(ports & whole.destination_ports)))
    return Near("partly", rule, some_source_ports(rule, box))


def some_source_ports(rule: Rule, box: Box) -> Reason:
    """Say from which source ports a rule permits a service."""
    ports = IntervalSet.union(each.source_ports for each in _of_protocol(rule, box)
                              if each.destination_ports.overlaps(box.destination_ports))
    return Reason("permits it for some of the source ports only: {ports}", ports=few_ports(ports))


def _on_the_source_side(rule: Rule, box: Box) -> Near | None:
    """A rule that has the service's port where the sender's is, and none for the destination."""
    for each in _of_protocol(rule, box):
        if (each.destination_ports == ANY_PORT and each.source_ports.overlaps(box.destination_ports)
                and (each.source_ports.size <= _FEW_PORTS or each.source_ports <= box.destination_ports)):
            return Near("source-side", rule, Reason("has the port on the source side"))
    return None


def decided_before(by: Rule | Default, rule: Rule, box: Box) -> bool:
    """Whether the line that stops packets stands above a rule in its list and takes all that this means."""
    return (isinstance(by, Rule) and by.line < rule.line
            and rule.sources.of(box.family) <= by.sources.of(box.family)
            and rule.destinations.of(box.family) <= by.destinations.of(box.family))

"""Rules for the same but one thing: another network, another port, an address before or after translation."""

from __future__ import annotations

from aclproof.linter.proof.near import translated
from aclproof.linter.proof.near.comparison import hindering, some_source_ports, specific
from aclproof.linter.proof.near.records import Near, Needed, Rank, RuleList
from aclproof.linter.proof.near.slips import Slip
from aclproof.linter.proof.near.translated import Rewrites
from aclproof.linter.proof.near.wording import few, few_ports
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet, Range
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.model.services import PROTOCOL_NAMES
from aclproof.reason import Reason

_MOST_RANGES = 64
"""Of a group's networks so many are compared with the needed one."""
_FAR = {Family.V4: 24, Family.V6: 96}
"""Networks are unrelated where more than so many bits of their addresses differ."""
_NEAR = {Family.V4: 16, Family.V6: 80}
"""Networks are close where no more than so many do."""
_FEW_OF_A_RANGE = 100
"""Of a large range of ports fewer than so many are not meant for the same."""
_HOST_PARTS = {Family.V4: 16, Family.V6: 64}
"""A larger network than of so many bits means nobody in particular."""


def differs(firewall: Firewall, needed: Needed, slip: Slip, rule: Rule, place: RuleList,
            lines: Rewrites) -> tuple[Rank, Near] | None:
    """A rule that permits the needed packets changed by one slip, and none of those themselves."""
    if not rule.enabled or place.stage is None or hindering(rule, place):
        return None
    match slip.kind:
        case "other-network":
            return _other_network(needed.box, slip, rule, place)
        case "other-port":
            return _other_port(needed.box, slip, rule)
        case "other-source-port":
            return _other_source_port(needed.box, rule)
        case _:
            return _translated(firewall, lines, needed.box, slip, rule)


def _ends(rule: Rule, slip: Slip, family: Family) -> tuple[IntervalSet, IntervalSet]:
    """The rule's addresses on the side of the slip, and on the other one."""
    sources, destinations = rule.sources.of(family), rule.destinations.of(family)
    return (sources, destinations) if slip.side == "source" else (destinations, sources)


def _other_network(box: Box, slip: Slip, rule: Rule, place: RuleList) -> tuple[Rank, Near] | None:
    other, same = _ends(rule, slip, box.family)
    wanted = box.sources if slip.side == "source" else box.destinations
    if other.overlaps(wanted):
        return None
    nearest, distance = _nearest(other, wanted)
    own = place.stage and (place.stage.place.from_itself if slip.side == "destination"
                           else place.stage.place.to_itself)
    meant = own or same.size <= 1 << _HOST_PARTS[box.family]
    if distance > (_FAR if meant else _NEAR)[box.family]:
        return None
    if not specific(rule, box) and not (meant and other.size <= 1 << _HOST_PARTS[box.family]):
        return None
    text = few(box.family, IntervalSet((nearest,))) + (", ..." if len(other.ranges) > 1 else "")
    reason = Reason("permits the same to {few} only", few=text)
    if slip.side == "source":
        reason = Reason("permits the same from {few} only", few=text)
    return Rank(3, distance), Near("other-network", rule, reason)


def _nearest(others: IntervalSet, wanted: IntervalSet) -> tuple[Range, int]:
    """The range that has most of its first bits in common with the wanted addresses, and how many differ."""
    goal = wanted.lowest
    found = ((each, min(end ^ goal for end in each).bit_length()) for each in others.ranges[:_MOST_RANGES])
    return min(found, key=lambda each: each[1])


def _other_port(needed: Box, slip: Slip, rule: Rule) -> tuple[Rank, Near] | None:
    box = slip.box
    if not specific(rule, box) or specific(rule, needed):
        return None
    ports = IntervalSet.union(each.destination_ports for each in rule.services
                              if box.protocol in each.protocols) & box.destination_ports
    if ports.size < _FEW_OF_A_RANGE < max(high - low for low, high in box.destination_ports.ranges
                                          if any(low <= port <= high for port, _ in ports.ranges)):
        return None  # one service whose port happens to lie in the range
    name = PROTOCOL_NAMES[box.protocol].upper()
    return Rank(2), Near("other-port", rule, Reason("permits the same on {protocol} {ports} only",
                                                    protocol=name, ports=few_ports(ports)))


def _other_source_port(box: Box, rule: Rule) -> tuple[Rank, Near] | None:
    meeting = (each for each in rule.services if box.protocol in each.protocols
               and each.destination_ports.overlaps(box.destination_ports))
    if not specific(rule, box) or any(each.source_ports.overlaps(box.source_ports) for each in meeting):
        return None
    return Rank(2), Near("other-source-port", rule, some_source_ports(rule, box))


def _translated(firewall: Firewall, lines: Rewrites, box: Box, slip: Slip,
                rule: Rule) -> tuple[Rank, Near] | None:
    """A rule for the address that another one stands for, or that stands for it."""
    other, _ = _ends(rule, slip, box.family)
    own = box.sources if slip.side == "source" else box.destinations
    if other.overlaps(own) or not specific(rule, slip.box):
        return None
    found = translated.near(firewall, box, slip.side, lines, rule)
    return (Rank(1), found) if found else None

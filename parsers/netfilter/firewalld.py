"""Permits in the words of firewalld: rich rules of a zone, or of a policy between two zones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

from msgspec.structs import replace

from aclproof.parsers.model.addresses import Family, networks
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Action
from aclproof.parsers.model.services import ANY_PORT, PROTOCOL_NAMES, is_icmp
from aclproof.parsers.netfilter import zones
from aclproof.parsers.permits import MissingPermit

_WAY = re.compile(r"(?:filter_)?(FWD|FORWARD|INPUT|IN|OUTPUT|OUT)(?![A-Za-z])")
_MOST_RULES = 32
"""A rich rule holds one network at either end and one range of ports; nobody enters more of them."""
_HALF_A_NAME = 8
"""The name of a policy has 17 letters at most."""
_OF_POLICY = "filter_FWD_policy_"
"""The beginning of the name of a policy's chain; zones have theirs after `filter_FWD_`."""
_ICMP = {(Family.V4, 8): "echo-request", (Family.V4, 0): "echo-reply", (Family.V6, 128): "echo-request",
         (Family.V6, 129): "echo-reply"}
RELOAD = "firewall-cmd --reload"


def commands(firewall: Firewall, missing: MissingPermit, table: str, chain: str) -> list[str]:
    """Return the commands that permit it for good; none where firewalld has no exact words for it.

    `table` is what comes before the names of its chains in the model.
    """
    found = _WAY.match(chain)
    rules = list(_rich_rules(missing.box))
    if not found or not rules or len(rules) > _MOST_RULES or missing.permit.state not in ("", "NEW"):
        return []
    match found[1]:
        case "IN" | "INPUT":
            options = _zone(firewall, missing, table)
        case "FWD" | "FORWARD":
            options = _between(firewall, missing, table)
        case _:
            options = []
    *ahead, option = options or [""]
    if not option:
        return []
    first = 'rule priority="-1"' if _is_denied(firewall, missing.box, table, option) else "rule"
    permits = [f"{option} --add-rich-rule='{first} {rule}'" for rule in rules]
    return [*(f"firewall-cmd --permanent {each}" for each in (*ahead, *permits)), RELOAD]


def _is_denied(firewall: Firewall, box: Box, table: str, option: str) -> bool:
    """Whether a zone or a policy stops some of it, before what it permits without a priority."""
    kind, _, name = option.removeprefix("--").partition("=")
    chain = f"{table}{_OF_POLICY if kind == 'policy' else 'filter_IN_'}{name}_deny"
    rules = firewall.chains[chain].rules if chain in firewall.chains else ()
    return any(rule.action is Action.DENY and rule.sources.of(box.family).overlaps(box.sources)
               and rule.destinations.of(box.family).overlaps(box.destinations) for rule in rules)


def _zone(firewall: Firewall, missing: MissingPermit, table: str) -> list[str]:
    zone = _zone_of(firewall, missing, table, missing.permit.ingress)
    return [f"--zone={zone}"] if zone else []


def _zone_of(firewall: Firewall, missing: MissingPermit, table: str, interface: str) -> str:
    """The zone of packets that come in by an interface; empty where that is not sure."""
    if not interface:
        return ""
    found = zones.target(firewall, f"{table}filter_INPUT_ZONES", missing.box, interface, "")
    return found.removeprefix("filter_IN_") if found.startswith("filter_IN_") else ""


def _between(firewall: Firewall, missing: MissingPermit, table: str) -> list[str]:
    """A policy that is there for all of the packets, or a new one; no version before 0.9 has any."""
    ahead = [f"{table}filter_FORWARD_POLICIES{end}" for end in ("_pre", "_post", "")]
    if not any(each in firewall.chains for each in ahead):
        return []
    permit = missing.permit
    for chain in ahead:
        policy = zones.between(firewall, chain, missing.box, permit.ingress, permit.egress)
        if policy.startswith(_OF_POLICY):
            return [f"--policy={policy.removeprefix(_OF_POLICY)}"]
    entry, leave = _zone_of(firewall, missing, table, permit.ingress), _egress_zone(firewall, missing, table)
    if not (entry and leave):
        return []
    policy = f"{entry[:_HALF_A_NAME]}-{leave[:_HALF_A_NAME]}"
    return [f"--new-policy={policy}", f"--policy={policy} --add-ingress-zone={entry}",
            f"--policy={policy} --add-egress-zone={leave}", f"--policy={policy}"]


def _egress_zone(firewall: Firewall, missing: MissingPermit, table: str) -> str:
    """The zone of an interface is the same for what leaves by it, as long as no address is in another."""
    back = _turned(missing)
    return _zone_of(firewall, back, table, missing.permit.egress)


def _turned(missing: MissingPermit) -> MissingPermit:
    box = missing.box
    turned = replace(box, sources=box.destinations, destinations=box.sources)
    return replace(missing, permit=replace(missing.permit, box=turned))


def _rich_rules(box: Box) -> Iterator[str]:
    family = "ipv4" if box.family is Family.V4 else "ipv6"
    sides = [_side(box.family, numbers, word) for numbers, word in (
        (box.sources, "source"), (box.destinations, "destination"))]
    for source, destination, what in product(*sides, _elements(box)):
        yield " ".join(filter(None, (f'family="{family}"', source, destination, what, "accept")))


def _side(family: Family, numbers: IntervalSet, word: str) -> Sequence[str]:
    if numbers == IntervalSet.of((0, family.last)):
        return [""]
    whole = family.last.bit_length()
    return [f'{word} address="{address}{"" if length == whole else f"/{length}"}"'
            for address, length in networks(family, numbers.ranges)]


def _elements(box: Box) -> Sequence[str]:
    """What a rich rule can say of a service: one of its elements."""
    if is_icmp(box.protocol):
        known = [_ICMP.get((box.family, low)) for low, _ in box.source_ports.ranges]
        return [f'icmp-type name="{name}"' for name in known if name] if all(known) else []
    name = PROTOCOL_NAMES.get(box.protocol, str(box.protocol))
    if box.source_ports != ANY_PORT:
        return [] if box.destination_ports != ANY_PORT else _ports("source-port", box.source_ports, name)
    if box.destination_ports != ANY_PORT:
        return _ports("port", box.destination_ports, name)
    return [f'protocol value="{name}"']


def _ports(word: str, numbers: IntervalSet, name: str) -> Sequence[str]:
    return [f'{word} port="{low if low == high else f"{low}-{high}"}" protocol="{name}"'
            for low, high in numbers.ranges]

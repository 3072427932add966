"""Permits in the words of OpenWrt's configuration, from which fw4 makes its table."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aclproof.parsers.model.addresses import Family, networks
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import ANY_PORT, PROTOCOL_NAMES, is_icmp
from aclproof.parsers.netfilter import zones
from aclproof.parsers.permits import MissingPermit

_WAY = re.compile(r"(forward|input|output)(?:_.+)?")
_ICMP = {8: "echo-request", 0: "echo-reply", 128: "echo-request", 129: "echo-reply"}


def commands(firewall: Firewall, missing: MissingPermit, table: str, chain: str, title: str) -> list[str]:
    """Return the commands that permit it for good; none where its zones are not sure.

    `table` is what comes before the names of its chains in the model, `title` the name of the rule.
    """
    found, permit = _WAY.fullmatch(chain), missing.permit
    if not found or permit.state not in ("", "NEW"):
        return []
    ends: list[str] = []
    for option, way, interface in (("src", "input", permit.ingress), ("dest", "output", permit.egress)):
        if found[1] not in (way, "forward"):
            continue
        zone = _zone(firewall, missing, table, way, interface)
        if not zone:
            return []
        ends.append(f"set {option}='{zone}'")
    rule = "firewall.@rule[-1]."
    lines = [each.split(" ", 1) for each in (f"set name='{title}'", *ends, *_packets(missing.box),
                                             "set target='ACCEPT'")]
    return ["uci add firewall rule", *(f"uci {verb} {rule}{rest}" for verb, rest in lines),
            "uci commit firewall", "/etc/init.d/firewall reload"]


def _zone(firewall: Firewall, missing: MissingPermit, table: str, way: str, interface: str) -> str:
    """The zone whose chain packets go to by an interface."""
    if not interface:
        return ""
    ends = (interface, "") if way == "input" else ("", interface)
    found = zones.target(firewall, f"{table}{way}", missing.box, *ends)
    return found.removeprefix(f"{way}_") if found.startswith(f"{way}_") else ""


def _packets(box: Box) -> Iterator[str]:
    yield f"set family='{'ipv4' if box.family is Family.V4 else 'ipv6'}'"
    for option, numbers in (("src_ip", box.sources), ("dest_ip", box.destinations)):
        if numbers != IntervalSet.of((0, box.family.last)):
            for address, length in networks(box.family, numbers.ranges):
                yield f"add_list {option}='{address}/{length}'"
    if is_icmp(box.protocol):
        yield "set proto='icmp'"
        for low, _ in box.source_ports.ranges:
            yield f"add_list icmp_type='{_ICMP.get(low, low)}'"
        return
    yield f"set proto='{PROTOCOL_NAMES.get(box.protocol, box.protocol)}'"
    for option, numbers in (("src_port", box.source_ports), ("dest_port", box.destination_ports)):
        if numbers != ANY_PORT:
            ports = " ".join(str(low) if low == high else f"{low}-{high}" for low, high in numbers.ranges)
            yield f"set {option}='{ports}'"

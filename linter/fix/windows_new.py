"""A new rule of Windows: for PowerShell, and the same for netsh."""

from __future__ import annotations

from aclproof.linter.fix.missing_permits import Opening
from aclproof.parsers.model.addresses import Family, spell
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import ANY_PORT, PROTOCOL_NAMES, is_icmp


def powershell(opening: Opening) -> str:
    """Write a new rule for PowerShell."""
    box, inward = opening.box, not opening.outward
    return " ".join((
        f'New-NetFirewallRule -DisplayName "{_name(box)}" -Direction {"Inbound" if inward else "Outbound"}',
        f"-Action Allow -Profile {opening.profile.capitalize() or 'Any'}", *_shell(box, inward),
        f"-RemoteAddress {_remote(opening)}"))


def netsh(opening: Opening) -> str:
    """Write the same rule for netsh."""
    box, inward = opening.box, not opening.outward
    return " ".join((
        f'netsh advfirewall firewall add rule name="{_name(box)}" dir={"in" if inward else "out"}',
        f"action=allow profile={opening.profile or 'any'}", *_netsh(box, inward),
        f"remoteip={_remote(opening)}"))


def _remote(opening: Opening) -> str:
    box = opening.box
    return ",".join(spell(box.family, (box.destinations if opening.outward else box.sources).ranges))


def _name(box: Box) -> str:
    protocol = PROTOCOL_NAMES[box.protocol].upper()
    ports = "" if is_icmp(box.protocol) else f" {_ports(box.destination_ports)}"
    return f"Configuration Manager {protocol}{ports}"


def _shell(box: Box, inward: bool) -> list[str]:
    if is_icmp(box.protocol):
        return [f"-Protocol {_icmp(box)} -IcmpType {box.source_ports.lowest}"]
    side = "LocalPort" if inward else "RemotePort"
    found = [f"-Protocol {PROTOCOL_NAMES[box.protocol].upper()}"]
    return found + ([] if box.destination_ports == ANY_PORT else [f"-{side} {_ports(box.destination_ports)}"])


def _netsh(box: Box, inward: bool) -> list[str]:
    if is_icmp(box.protocol):
        return [f"protocol={_icmp(box).lower()}:{box.source_ports.lowest},any"]
    side = "localport" if inward else "remoteport"
    found = [f"protocol={PROTOCOL_NAMES[box.protocol].upper()}"]
    return found + ([] if box.destination_ports == ANY_PORT else [f"{side}={_ports(box.destination_ports)}"])


def _icmp(box: Box) -> str:
    return "ICMPv4" if box.family is Family.V4 else "ICMPv6"


def _ports(numbers: IntervalSet) -> str:
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in numbers.ranges)

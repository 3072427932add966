"""A permit in the words of Windows: PowerShell, and the same as netsh says it."""

from __future__ import annotations

from linter.engine.packets import Box
from linter.fix.openings import Opening
from parsers.model.addresses import Family, spell
from parsers.model.firewall import Firewall
from parsers.model.intervals import IntervalSet
from parsers.model.services import ANY_PORT, PROTOCOL_NAMES, is_icmp


def lines(opening: Opening, firewall: Firewall) -> tuple[list[str], int]:
    """Write the command and its twin, and say how many rules it adds."""
    box, passage = opening.box, opening.passage
    inward = not passage or passage.hook == "input"
    remote = ",".join(spell(box.family, (box.sources if inward else box.destinations).ranges))
    profile = (passage.profile if passage else "").capitalize() or "Any"
    name = f"Configuration Manager {_service(box)}"
    shell = [f'New-NetFirewallRule -DisplayName "{name}"',
             f"-Direction {'Inbound' if inward else 'Outbound'} -Action Allow -Profile {profile}",
             *_shell(box, inward), f"-RemoteAddress {remote}"]
    netsh = [f'netsh advfirewall firewall add rule name="{name}"',
             f"dir={'in' if inward else 'out'} action=allow profile={profile.lower()}", *_netsh(box, inward),
             f"remoteip={remote}"]
    instead = [f"# or, with its whole group: {opening.advice}"] if opening.advice else []
    return [" ".join(shell), "# or: " + " ".join(netsh), *instead], 1


def _service(box: Box) -> str:
    name = PROTOCOL_NAMES[box.protocol].upper()
    return name if is_icmp(box.protocol) else f"{name} {_ports(box.destination_ports)}"


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

"""A new rule of Windows: for PowerShell, and the same for netsh."""

from __future__ import annotations

from dataclasses import dataclass

from aclproof.parsers.model.addresses import Family, spell
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import ANY_PORT, PROTOCOL_NAMES, is_icmp
from aclproof.parsers.permits import MissingPermit


@dataclass(frozen=True, slots=True)
class NewRule:
    """One permit as a rule."""

    missing: MissingPermit
    title: str
    """How its name begins."""

    def powershell(self) -> str:
        """Write it for PowerShell."""
        box, inward = self.missing.box, not self.missing.outward
        return " ".join((
            f'New-NetFirewallRule -DisplayName "{self._name()}"',
            f"-Direction {'Inbound' if inward else 'Outbound'}",
            f"-Action Allow -Profile {self.missing.profile.capitalize() or 'Any'}", *_shell(box, inward),
            f"-RemoteAddress {self._remote()}"))

    def netsh(self) -> str:
        """Write the same rule for netsh."""
        box, inward = self.missing.box, not self.missing.outward
        return " ".join((
            f'netsh advfirewall firewall add rule name="{self._name()}" dir={"in" if inward else "out"}',
            f"action=allow profile={self.missing.profile or 'any'}", *_netsh(box, inward),
            f"remoteip={self._remote()}"))

    def _remote(self) -> str:
        box = self.missing.box
        return ",".join(spell(box.family, (box.destinations if self.missing.outward else box.sources).ranges))

    def _name(self) -> str:
        box = self.missing.box
        ports = "" if is_icmp(box.protocol) else f" {_ports(box.destination_ports)}"
        return f"{self.title} {PROTOCOL_NAMES[box.protocol].upper()}{ports}"


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

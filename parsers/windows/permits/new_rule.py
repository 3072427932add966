"""A new rule of Windows: for PowerShell, and the same for netsh."""

from __future__ import annotations

from msgspec import Struct

from aclproof.parsers.model.addresses import Family, spell
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import ANY_PORT, PROTOCOL_NAMES, is_icmp
from aclproof.parsers.permits import MissingPermit
from aclproof.parsers.windows.permits.scopes import NETSH_PORTS, Scope


class NewRule(Struct, frozen=True):
    """One permit as a rule."""

    missing: MissingPermit
    title: str
    """How its name begins."""
    scope: Scope

    def powershell(self) -> str:
        """Write it for PowerShell."""
        box, inward, scope = self.missing.box, not self.missing.outward, self.scope
        return " ".join(filter(None, (
            f'New-NetFirewallRule -DisplayName "{self._name()}"',
            f"-Direction {'Inbound' if inward else 'Outbound'}",
            f"-Action Allow -Profile {self.missing.profile.capitalize() or 'Any'}",
            *_shell(box, inward, scope.ports), scope.program and f"-Program {_text(scope.program)}",
            scope.service and f"-Service {scope.service}", f"-RemoteAddress {remote(self.missing)}")))

    def netsh(self) -> str:
        """Write the same rule for netsh."""
        box, inward, scope = self.missing.box, not self.missing.outward, self.scope
        return " ".join(filter(None, (
            f'netsh advfirewall firewall add rule name="{self._name()}" dir={"in" if inward else "out"}',
            f"action=allow profile={self.missing.profile or 'any'}",
            *_netsh(box, inward, NETSH_PORTS.get(scope.ports, scope.ports)),
            scope.program and f"program={scope.program}", scope.service and f"service={scope.service}",
            f"remoteip={remote(self.missing)}")))

    def _name(self) -> str:
        box = self.missing.box
        ports = "" if is_icmp(box.protocol) else f" {self.scope.ports or _ports(box.destination_ports)}"
        return f"{self.title} {PROTOCOL_NAMES[box.protocol].upper()}{ports}"


def remote(missing: MissingPermit) -> str:
    """Write the other end of a permit."""
    box = missing.box
    return ",".join(spell(box.family, (box.destinations if missing.outward else box.sources).ranges))


def _shell(box: Box, inward: bool, word: str) -> list[str]:
    if is_icmp(box.protocol):
        return [f"-Protocol {_icmp(box)} -IcmpType {box.source_ports.lowest}"]
    side = "LocalPort" if inward else "RemotePort"
    found = [f"-Protocol {PROTOCOL_NAMES[box.protocol].upper()}"]
    return found + ([] if box.destination_ports == ANY_PORT
                    else [f"-{side} {word or _ports(box.destination_ports)}"])


def _netsh(box: Box, inward: bool, word: str) -> list[str]:
    if is_icmp(box.protocol):
        return [f"protocol={_icmp(box).lower()}:{box.source_ports.lowest},any"]
    side = "localport" if inward else "remoteport"
    found = [f"protocol={PROTOCOL_NAMES[box.protocol].upper()}"]
    return found + ([] if box.destination_ports == ANY_PORT
                    else [f"{side}={word or _ports(box.destination_ports)}"])


def _icmp(box: Box) -> str:
    return "ICMPv4" if box.family is Family.V4 else "ICMPv6"


def _ports(numbers: IntervalSet) -> str:
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in numbers.ranges)


def _text(word: str) -> str:
    return word if word.isalnum() else f'"{word}"'

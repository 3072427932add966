"""Windows Firewall exports for tests: rules as plain words, written as netsh prints them."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address

from msgspec import Struct

from aclproof.linter.trace.tracer import trace_packet
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall, Hook, Transit
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.source import Source, from_bytes
from aclproof.parsers.windows.meaning import convert
from aclproof.parsers.windows.meaning import stages as windows_stages

SVCHOST = r"C:\Windows\system32\svchost.exe"
_DASHES = "-" * 70


class Words(Struct, frozen=True):
    """One rule in netsh's own words; None leaves a line out."""

    name: str = "A rule"
    enabled: str = "Yes"
    direction: str = "In"
    profiles: str = "Domain,Private,Public"
    grouping: str = ""
    local_ip: str = "Any"
    remote_ip: str = "Any"
    protocol: str = "TCP"
    local_port: str = "Any"
    remote_port: str = "Any"
    icmp: tuple[tuple[str, str], ...] = ()
    program: str | None = None
    service: str | None = None
    interface_types: str = "Any"
    security: str = "NotRequired"
    computers: str | None = None
    source: str = "Local Setting"
    action: str = "Allow"
    verbose: bool = True

    def text(self) -> str:
        """Write it as `show rule` does."""
        pairs: list[tuple[str, str | None]] = [
            ("Enabled", self.enabled), ("Direction", self.direction), ("Profiles", self.profiles),
            ("Grouping", self.grouping), ("LocalIP", self.local_ip), ("RemoteIP", self.remote_ip),
            ("Protocol", self.protocol)]
        if self.protocol in ("TCP", "UDP"):
            pairs += [("LocalPort", self.local_port), ("RemotePort", self.remote_port)]
        lines = [f"{'Rule Name:':38}{self.name}", _DASHES, *map(_line, pairs)]
        if self.protocol in ("ICMPv4", "ICMPv6"):
            lines += [f"{'':38}{kind:8}{code}" for kind, code in (("Type", "Code"), *self.icmp)]
        later: list[tuple[str, str | None]] = [("Edge traversal", "No")]
        if self.verbose:
            later += [("Program", self.program), ("Service", self.service),
                      ("InterfaceTypes", self.interface_types), ("RemoteComputerGroup", self.computers),
                      ("Security", self.security), ("Rule source", self.source)]
        lines += [_line(pair) for pair in (*later, ("Action", self.action)) if pair[1] is not None]
        return "\n" + "\n".join(lines) + "\n"


def _line(pair: tuple[str, str | None]) -> str:
    return f"{pair[0] + ':':38}{pair[1]}".rstrip()


OTHER_WAY = Words("Something outbound", direction="Out", remote_port="5", enabled="No").text()
"""So that a listing of inbound rules shows both directions."""


def listing(*rules: Words) -> str:
    """Write a whole `show rule name=all`, with at least one rule of each direction."""
    return "".join((*(each.text() for each in rules), OTHER_WAY,
                    Words("Something inbound", local_port="5", enabled="No").text(), "Ok.\n"))


def profiles(*, domain: Sequence[str] = ("ON", "BlockInbound,AllowOutbound"),
             private: Sequence[str] = ("ON", "BlockInbound,AllowOutbound"),
             public: Sequence[str] = ("ON", "BlockInbound,AllowOutbound"),
             local_rules: str = "N/A (GPO-store only)") -> str:
    """Write `show allprofiles`: state and policy of each profile."""
    text = ""
    for name, (state, policy) in (("Domain", domain), ("Private", private), ("Public", public)):
        pairs = (("State", state), ("Firewall Policy", policy), ("LocalFirewallRules", local_rules),
                 ("LocalConSecRules", "N/A (GPO-store only)"), ("RemoteManagement", "Disable"),
                 ("UnicastResponseToMulticast", "Enable"))
        text += f"\n{name} Profile Settings: \n{_DASHES}\n"
        text += "".join(f"{label:38}{value}\n" for label, value in pairs)
    return text + "Ok.\n\n"


def source(text: str | bytes, name: str = "fw.txt") -> Source:
    """Make an input of a text."""
    return from_bytes(text if isinstance(text, bytes) else text.encode(), name)


def firewall(*texts: str) -> Firewall:
    """Convert texts that belong to one computer."""
    return convert.parse([source(text, f"fw{number}.txt") for number, text in enumerate(texts)])


def packet(destination_port: int, protocol: int = 6, remote: str = "10.9.9.9", *, source_port: int = 50000,
           host: str = "10.1.1.1", out: bool = False) -> Packet:
    """Make a packet to the host, or from it."""
    far, near = (int(ip_address(each)) for each in (remote, host))
    source, destination = (near, far) if out else (far, near)
    return Packet(Family.V4, protocol, source, destination, source_port, destination_port)


def verdict(found: Firewall, asked: Packet, *, listener: str = "", profile: str = "domain",
            hook: Hook = "input", facts: Context | None = None) -> str:
    """Send one packet through: `permit`, `deny` or `undecided`."""
    stages = windows_stages.stages(found, Transit(asked.family, hook=hook, profile=profile))
    context = Context(facts.facts if facts else {}, listener=listener)
    return trace_packet(stages, found.chains, asked, context).verdict

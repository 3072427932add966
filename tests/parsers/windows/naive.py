"""A second reading of Windows Firewall rules that shares no code with ours: one packet, all rules at once.

It speaks of rules in netsh's words and knows what listens from a table of its own. What cannot be known is
tried both ways.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from itertools import product

from tests.parsers.windows.windows import SVCHOST, Words

_SERVES: dict[tuple[str | None, str | None], set[str]] = {
    (None, None): {"system-smb", "endpoint-mapper", "rpc-server", "http-sys", "icmp"},
    ("System", None): {"system-smb", "http-sys", "icmp"},
    (SVCHOST, None): {"endpoint-mapper", "rpc-server"},
    (SVCHOST, "RpcSs"): {"endpoint-mapper"},
    (SVCHOST, "Winmgmt"): {"rpc-server"},
    (SVCHOST, "Eventlog"): set(),
    (r"C:\Programs\x.exe", None): set(),
}
PROGRAMS = tuple(_SERVES)
_NUMBERS = {"TCP": 6, "UDP": 17, "ICMPv4": 1}


@dataclass(frozen=True)
class Asked:
    """A packet to or from the host, and what is known of it."""

    direction: str
    profile: str
    listener: str
    protocol: int
    local: str
    remote: str
    local_port: int
    remote_port: int


@dataclass(frozen=True)
class Profile:
    """One profile as `show allprofiles` prints it."""

    state: str
    policy: str


def verdict(rules: Sequence[Words], profile: Profile, asked: Asked, subnet: str | None) -> str:
    """Say what becomes of a packet; `subnet` is what LocalSubnet is known to be."""
    matches = [_matches(rule, asked, subnet) for rule in rules]
    unknown = [number for number, match in enumerate(matches) if match is None]
    fates = set()
    for guess in product((False, True), repeat=len(unknown)):
        world = dict(enumerate(matches)) | dict(zip(unknown, guess, strict=True))
        hit = {rules[number].action for number, match in world.items() if match}
        fates.add(_fate(hit, profile, asked.direction))
    return fates.pop() if len(fates) == 1 else "undecided"


def _fate(hit: set[str], profile: Profile, direction: str) -> str:
    if profile.state == "OFF":
        return "permit"
    inbound, outbound = profile.policy.split(",")
    if direction == "In" and inbound == "BlockInboundAlways":
        return "deny"
    if "Block" in hit:
        return "deny"
    if "Allow" in hit:
        return "permit"
    return "permit" if (inbound if direction == "In" else outbound).startswith("Allow") else "deny"


def _matches(rule: Words, asked: Asked, subnet: str | None) -> bool | None:
    if rule.enabled == "No" or rule.direction != asked.direction or asked.profile not in rule.profiles:
        return False
    if rule.protocol != "Any" and _NUMBERS.get(rule.protocol, rule.protocol) != asked.protocol:
        return False
    answers = [_address(rule.local_ip, asked.local, subnet), _address(rule.remote_ip, asked.remote, subnet),
               _program(rule, asked)]
    if rule.protocol in ("TCP", "UDP"):
        answers.append(_port(rule.local_port, asked.local_port, asked))
        answers.append(_port(rule.remote_port, asked.remote_port, asked))
    elif rule.protocol == "ICMPv4":
        kinds = [kind for kind, _ in rule.icmp]
        answers.append("Any" in kinds or str(asked.remote_port if asked.direction == "In" else
                                             asked.local_port) in kinds)
    return False if False in answers else None if None in answers else True


def _address(written: str, address: str, subnet: str | None) -> bool | None:
    answers: list[bool | None] = []
    for word in written.split(","):
        if word == "Any":
            answers.append(True)
        elif word == "LocalSubnet":
            answers.append(None if subnet is None else ip_address(address) in ip_network(subnet))
        elif "-" in word:
            low, high = word.split("-")
            answers.append(int(ip_address(low)) <= int(ip_address(address)) <= int(ip_address(high)))
        else:
            answers.append(ip_address(address) in ip_network(word, strict=False))
    return True if True in answers else None if None in answers else False


def _port(written: str, port: int, asked: Asked) -> bool | None:
    answers: list[bool | None] = []
    for word in written.split(","):
        low, _, high = word.partition("-")
        if word == "Any":
            answers.append(True)
        elif word == "RPC-EPMap":
            answers.append(port == 135)
        elif word == "RPC":
            answers.append(asked.listener == "rpc-server" if asked.listener else None)
        else:
            answers.append(int(low) <= port <= int(high or low))
    return True if True in answers else None if None in answers else False


def _may_be_a_package(rule: Words) -> bool:
    """netsh prints the rule of a Store application so: any program, any port."""
    return rule.action == "Allow" and (rule.protocol == "Any" or (
        rule.protocol in ("TCP", "UDP") and (rule.local_port, rule.remote_port) == ("Any", "Any")))


def _program(rule: Words, asked: Asked) -> bool | None:
    """Of an outbound packet only one thing is known: SMB is sent by the kernel."""
    served = _SERVES[rule.program, rule.service]
    if (rule.program, rule.service) == (None, None):
        return None if _may_be_a_package(rule) else True
    if asked.direction == "Out":
        return "system-smb" in served if asked.listener == "system-smb" else None
    return asked.listener in served if asked.listener else None

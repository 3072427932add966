"""An ASA list as the policy and the definitions that aerleon reads, for its `aclcheck`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from pathlib import Path

CHECK = ("-p", "pol.yaml", "--base-directory", ".", "--definitions-directory", "definitions",
         "-s", "10.20.3.4", "-d", "10.40.1.1", "--proto", "tcp", "--dport", "445")
"""Which term one packet meets."""
_ADDRESS = r"(any|host \S+|object-group \S+|\d\S+ \d\S+)"
_ACE = re.compile(rf"access-list IN extended (permit|deny) (tcp|udp) {_ADDRESS} {_ADDRESS} (.+)")
_MEMBER = " network-object "
_PORTS = {"eq www": "80", "eq domain": "53", "gt 1023": "1024-65535"}
_ACTIONS = {"permit": "accept", "deny": "deny"}


def write(config: str, folder: Path) -> None:
    """Write `pol.yaml` and `definitions/` (JSON, which is YAML) for a list of the pooled families."""
    networks: dict[str, list[str]] = {}
    services: dict[str, Mapping[str, str]] = {}
    terms = list(_terms(config, networks, services))
    folder.joinpath("definitions").mkdir()
    for name, content in (
            ("pol.yaml", {"filters": [{"header": {"targets": {"cisco": "bench extended"}}, "terms": terms}]}),
            ("definitions/networks.yaml", {"networks": {
                name: {"values": [{"address": each} for each in members]}
                for name, members in networks.items()}}),
            ("definitions/services.yaml", {"services": {name: [each] for name, each in services.items()}})):
        folder.joinpath(name).write_text(json.dumps(content))


def _terms(config: str, networks: dict[str, list[str]],
           services: dict[str, Mapping[str, str]]) -> Iterator[Mapping[str, str]]:
    group: list[str] = []
    for number, line in enumerate(config.splitlines(), 1):
        if line.startswith("object-group network "):
            group = networks.setdefault(line.split()[2], [])
        elif line.startswith(_MEMBER):
            group.append(_network(line.removeprefix(_MEMBER)))
        elif found := _ACE.fullmatch(line):
            action, protocol, source, destination, test = found.groups()
            port = _PORTS.get(test) or "-".join(test.split()[1:])
            service = f"{protocol}_{port}".upper().replace("-", "_")
            services[service] = {"protocol": protocol, "port": port}
            ends = {"source-address": _named(source, networks),
                    "destination-address": _named(destination, networks)}
            yield {"name": f"line-{number}", "protocol": protocol, "destination-port": service,
                   "action": _ACTIONS[action], **{side: name for side, name in ends.items() if name}}


def _named(address: str, networks: dict[str, list[str]]) -> str:
    """The name of an address among the definitions; empty for any."""
    if address == "any":
        return ""
    if address.startswith("object-group "):
        return address.split()[1]
    network = _network(address)
    name = "N_" + re.sub(r"\W", "_", network)
    networks[name] = [network]
    return name


def _network(address: str) -> str:
    words = address.split()
    return f"{words[1]}/32" if words[0] == "host" else str(IPv4Network("/".join(words)))

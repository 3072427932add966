"""The little world of the oracle: a firewall with three interfaces, and who lives behind them.

Clients send from behind `eth0` or `wan0`, servers live behind `eth1`, and the firewall owns a whole network
of addresses. Only these addresses are routed: a packet that is lost was lost by a rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Literal

Hook = Literal["forward", "input", "output"]
HOOKS: tuple[Hook, ...] = ("forward", "input", "output")
BackEnd = Literal["legacy", "nft"]
BACK_ENDS: tuple[BackEnd, ...] = ("legacy", "nft")

INGRESS = ("eth0", "wan0")
EGRESS = "eth1"
DEVICES = (*INGRESS, EGRESS)
LOOPBACK = "lo"


@dataclass(frozen=True, slots=True)
class Network:
    """A range of addresses that belongs to somebody."""

    cidr: str

    @property
    def _network(self) -> IPv4Network | IPv6Network:
        return ip_network(self.cidr)

    @property
    def low(self) -> int:
        return int(self._network.network_address)

    @property
    def high(self) -> int:
        return int(self._network.broadcast_address)

    def address(self, offset: int) -> int:
        """Return the address at a distance from the start."""
        return self.low + offset

    def __contains__(self, number: int) -> bool:
        return self.low <= number <= self.high


@dataclass(frozen=True, slots=True)
class Plan:
    """Who lives where, in one family."""

    family: int
    clients: Network
    servers: Network
    own: Network

    @property
    def own_addresses(self) -> dict[str, int]:
        """The address of the firewall on each interface."""
        return {name: self.own.address(number) for number, name in enumerate(DEVICES, 1)}

    def sources(self, hook: Hook) -> Network:
        """Return where the packets of a hook come from."""
        return self.own if hook == "output" else self.clients

    def destinations(self, hook: Hook) -> Network:
        """Return where the packets of a hook go."""
        return self.own if hook == "input" else self.servers


PLANS = {
    4: Plan(4, Network("10.1.0.0/16"), Network("10.2.0.0/16"), Network("10.3.0.0/16")),
    6: Plan(6, Network("fd00:1::/32"), Network("fd00:2::/32"), Network("fd00:3::/32")),
}


def write(family: int, number: int) -> str:
    """Write an address."""
    return str(ip_address(number.to_bytes(4 if family == 4 else 16, "big")))

"""A small configuration of an ASA as plain data: what is written, and what is translated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from tests.oracle.plan import EGRESS, INGRESS, PLANS, Network

DEVICES = {"inside": INGRESS[0], "dmz": INGRESS[1], "outside": EGRESS}
"""The kernel's names of the interfaces."""
NETWORKS = {
    "inside": {family: plan.clients for family, plan in PLANS.items()},
    "outside": {family: plan.servers for family, plan in PLANS.items()},
    "dmz": {4: Network("10.4.0.0/16"), 6: Network("fd00:4::/32")},
}
"""Who lives where, by interface and family."""
OWN = {name: {family: network.address(0xFE01) for family, network in networks.items()}
       for name, networks in NETWORKS.items()}
"""The addresses of the firewall itself."""
ROAD = "\n".join([
    *(f"ip route add {NETWORKS['dmz'][family].cidr} dev {DEVICES['dmz']}" for family in PLANS),
    f"ip route add default dev {DEVICES['outside']}",
    *(line for number, device in enumerate(DEVICES.values(), 1) for line in (
        f"ip rule add pref 6 fwmark {number << 16:#x}/0x30000 lookup {100 + number}",
        f"ip route add default dev {device} table {100 + number}")),
    *(f"echo 0 > /proc/sys/net/ipv4/conf/{name}/send_redirects" for name in ("all", *DEVICES.values()))])
"""What the namespace needs besides: a third network, ways out that marks name, and no word about packets that
go back."""


class Host(NamedTuple):
    """One address."""

    family: int
    number: int


class Block(NamedTuple):
    """All addresses that are the base under the mask; of IPv6 a prefix."""

    family: int
    base: int
    mask: int


class Span(NamedTuple):
    """Addresses from low to high."""

    family: int
    low: int
    high: int


class Anybody(NamedTuple):
    """Every address, of one family or of both (0)."""

    family: int


class Itself(NamedTuple):
    """The address of the firewall at an interface."""

    interface: str


class Named(NamedTuple):
    """An object or a group by its name; `kind` is the word before it."""

    kind: str
    name: str


Literal = Host | Block | Span
Member = Literal | Named
Ends = Literal | Anybody | Itself | Named


class Number(NamedTuple):
    """A number, and the word that is written for it."""

    value: int
    word: str


class Ports(NamedTuple):
    """`eq`, `neq`, `lt`, `gt` or `range` and its numbers; `high` is the same as `low` but in a range."""

    operator: str
    low: Number
    high: Number


class Message(NamedTuple):
    """A type of ICMP; a code of -1 is any."""

    kind: Number
    code: int = -1


class Service(NamedTuple):
    """A protocol with ports, or a message of ICMP; `ip` has the number -1, `tcp-udp` -2."""

    protocol: Number
    source: Ports | None = None
    destination: Ports | None = None
    message: Message | None = None


class Entry(NamedTuple):
    """One line of a list."""

    permit: bool
    service: Service | Named
    """Its protocol only, or what is named in its place."""
    source: Ends
    source_ports: Ports | Named | None
    destination: Ends
    destination_ports: Ports | Named | None
    message: Message | Named | None = None
    tail: str = ""
    """About logs."""
    inactive: bool = False

    @property
    def meaning(self) -> Entry:
        """What tells it from others on the device: not its log, nor whether it is in force."""
        return self._replace(tail="", inactive=False)


class Remark(NamedTuple):
    """A line without an effect."""

    text: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The whole configuration."""

    seed: int
    release: str
    families: tuple[int, ...]
    """Of what it speaks about, each as often as it is drawn: before 9.0 a list is of IPv4 alone."""
    levels: dict[str, int]
    """The security level of each interface."""
    options: frozenset[str]
    """Of `same-security-traffic permit`."""
    aliases: dict[int, str]
    """`name` lines: addresses that are written so."""
    objects: dict[str, Literal]
    services: dict[str, Service]
    groups: dict[str, tuple[Member, ...]]
    """Of addresses."""
    service_groups: dict[str, tuple[Service | Named, ...]]
    port_groups: dict[str, tuple[str, tuple[Ports | Named, ...]]]
    """With the protocol of each: `tcp`, `udp` or `tcp-udp`."""
    protocol_groups: dict[str, tuple[Number | Named, ...]]
    message_groups: dict[str, tuple[Number | Named, ...]]
    lists: dict[str, tuple[Entry | Remark, ...]]
    out_of_order: frozenset[str]
    """Lists that are written in another order, with line numbers."""
    bound: dict[tuple[str, str], str]
    """Lists by interface and `in` or `out`."""
    everywhere: str
    """The list for all interfaces, or none."""

    def equal(self, entry: str, leave: str) -> bool:
        """Whether packets go between interfaces of one level, and no option says that they may."""
        option = "intra-interface" if entry == leave else "inter-interface"
        return self.levels[entry] == self.levels[leave] and option not in self.options

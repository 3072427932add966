"""The rules of a Windows computer as plain data, and random ones: a number makes them, always the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal, NamedTuple

from tests.oracle.plan import PLANS, Network

Form = Literal["json", "csv", "netsh", "reg", "query"]
FORMS: tuple[Form, ...] = ("json", "csv", "netsh", "reg", "query")
PROFILES = ("Domain", "Private", "Public")
Action = Literal["Allow", "Block", "Secure", "Bypass"]
"""`Secure` allows what IPsec authenticates; `Bypass` does, over every block."""
TCP, UDP, ICMP, ICMP6, GRE, ESP = 6, 17, 1, 58, 47, 50
SVCHOST = r"C:\Windows\system32\svchost.exe"
SERVES: dict[tuple[str, str], tuple[str, ...]] = {
    ("", ""): ("system-smb", "http-sys", "icmp", "endpoint-mapper", "rpc-server"),
    ("System", ""): ("system-smb", "http-sys", "icmp"), (SVCHOST, ""): ("endpoint-mapper", "rpc-server"),
    (SVCHOST, "RpcSs"): ("endpoint-mapper",), (SVCHOST, "Winmgmt"): ("rpc-server",),
    (SVCHOST, "Eventlog"): (), (r"C:\Programs\x.exe", ""): ()}
"""What listens in a program and its service (research by Microsoft's pages: docs/windows.md)."""
LISTENERS = ("", *SERVES["", ""])
KEYWORDS = ("LocalSubnet", "DNS", "DHCP", "WINS", "DefaultGateway")


class Addresses(NamedTuple):
    """Addresses from low to high; `length` is that of a prefix, or -1 for a range that is none."""

    family: int
    low: int
    high: int
    length: int = -1


class Ports(NamedTuple):
    """Ports from low to high; `word` stands for them where there is one."""

    low: int
    high: int
    word: str = ""


class Kind(NamedTuple):
    """A type of ICMP; a code of -1 is any."""

    kind: int
    code: int = -1


class Rule(NamedTuple):
    """One rule; an empty list is any."""

    name: str
    enabled: bool
    inbound: bool
    action: Action
    profiles: tuple[str, ...]
    protocol: int
    """-1 is any."""
    local: tuple[Addresses, ...]
    remote: tuple[Addresses | str, ...]
    """Addresses and keywords."""
    local_ports: tuple[Ports, ...]
    remote_ports: tuple[Ports, ...]
    kinds: tuple[Kind, ...]
    owner: tuple[str, str] = ("", "")
    """Program and service; empty is any."""


class Settings(NamedTuple):
    """Of one profile."""

    on: bool
    block_in: bool
    """The default action for what comes in."""
    block_out: bool
    exceptions: bool
    """Whether rules let anything in."""


@dataclass(frozen=True, slots=True)
class Policy:
    """All that the firewall of a computer consists of."""

    seed: int
    rules: tuple[Rule, ...]
    settings: dict[str, Settings]
    """By profile."""
    keywords: dict[str, tuple[Addresses, ...]]
    """What the network makes of them."""


class Edges(NamedTuple):
    """The values at both sides of every constant, in order."""

    addresses: tuple[dict[int, list[int]], dict[int, list[int]]]
    """The computer's own by family, and others'."""
    ports: list[int]


def make(seed: int, *, inbound: bool) -> tuple[Policy, Edges]:
    """Make the policy of a number, whose packets come in or go out."""
    maker = _Maker(Random(f"windows {seed}"), inbound=inbound)
    return maker.policy(seed), maker.edges()


def ends(inbound: bool, family: int) -> tuple[Network, Network]:
    """Where the computer's own addresses lie, and others'."""
    plan = PLANS[family]
    return plan.own, plan.clients if inbound else plan.servers


class _Maker:
    def __init__(self, random: Random, *, inbound: bool) -> None:
        self.random = random
        self._inbound = inbound
        self._bases = {(side, family): [network.address(random.randrange(512, 512 + spread))
                                        for spread in (40, 40, 3000)]
                       for family in PLANS for side, network in enumerate(ends(inbound, family))}
        self._known = {place: set(bases) for place, bases in self._bases.items()}
        self._known_ports = {0, 1, 135, 65534, 65535}

    def edges(self) -> Edges:
        """Tell what the rules speak about."""
        own, others = ({family: sorted(self._known[side, family]) for family in PLANS} for side in (0, 1))
        return Edges((own, others), sorted(self._known_ports))

    def policy(self, seed: int) -> Policy:
        """Make all of it."""
        random = self.random
        keywords: dict[str, tuple[Addresses, ...]] = {
            word: (self._prefix(1, 4, (24, 28)), self._prefix(1, 6, (120,))) if word == "LocalSubnet"
            else (self._prefix(1, 4, (32,)),) for word in KEYWORDS}
        settings = {}
        for name in PROFILES:
            block_in = random.random() < 0.75
            settings[name] = Settings(random.random() < 0.9, block_in, random.random() < 0.5,
                                      not block_in or random.random() < 0.92)
        rules = tuple(self._rule(number) for number in range(random.randint(4, 12)))
        return Policy(seed, rules, settings, keywords)

    def _rule(self, number: int) -> Rule:
        random = self.random
        inbound = self._inbound if random.random() < 0.8 else not self._inbound
        family = random.choice((4, 4, 4, 6))
        icmp = ICMP if family == 4 else ICMP6
        protocol = random.choice((TCP, TCP, TCP, UDP, UDP, icmp, -1, ESP, GRE))
        ports = protocol in (TCP, UDP)
        action: Action = random.choices(("Allow", "Block", "Secure", "Bypass"), (60, 30, 4, 4))[0]
        if action == "Bypass" and not inbound:
            action = "Allow"  # a bypass is for what comes in
        local: list[Addresses] = []
        remote: list[Addresses | str] = []
        if random.random() < 0.4:
            local = [self._addresses(0, family) for _ in range(random.randint(1, 2))]
        if random.random() < 0.7:
            remote = [self._addresses(1, random.choice((family, family, family, 10 - family)))
                      for _ in range(random.randint(1, 3))]
            if random.random() < 0.3:
                remote[random.randrange(len(remote))] = random.choice(KEYWORDS)
        return Rule(
            f"Rule {number}", random.random() < 0.85, inbound, action,
            tuple(each for each in PROFILES if random.random() < 0.75) or PROFILES, protocol,
            tuple(dict.fromkeys(local)), tuple(dict.fromkeys(remote)),
            self._ports(0.75 if inbound else 0.2, mapper=inbound and protocol == TCP) if ports else (),
            self._ports(0.2 if inbound else 0.75) if ports else (),
            self._kinds(icmp) if protocol == icmp else (),
            random.choice(list(SERVES)) if random.random() < 0.3 else ("", ""))

    def _addresses(self, side: int, family: int) -> Addresses:
        random = self.random
        base = random.choice(self._bases[side, family])
        if random.random() < 0.3:
            high = base + random.choice((1, 3, 20, 700))
            return self._noted(side, Addresses(family, base, high))
        return self._prefix(side, family, (16, 20, 24, 28, 30, 32) if family == 4 else (32, 112, 120, 128))

    def _prefix(self, side: int, family: int, lengths: Sequence[int]) -> Addresses:
        bits, length = 32 if family == 4 else 128, self.random.choice(lengths)
        size = 1 << bits - length
        base = self.random.choice(self._bases[side, family])
        return self._noted(side, Addresses(family, base - base % size, base - base % size + size - 1, length))

    def _noted(self, side: int, found: Addresses) -> Addresses:
        network = ends(self._inbound, found.family)[side]
        self._known[side, found.family] |= {
            each for each in (found.low - 1, found.low, found.high, found.high + 1)
            if network.low < each < network.high}
        return found

    def _ports(self, chance: float, *, mapper: bool = False) -> tuple[Ports, ...]:
        random = self.random
        if random.random() > chance:
            return ()
        found = []
        for _ in range(random.randint(1, 3)):
            low, high = sorted(random.choice((0, 1, 80, 135, 443, 445, 1024, 5000, 49152, 65535))
                               for _ in range(2))
            found.append(Ports(low, high) if random.random() < 0.4 else Ports(low, low))
        if mapper and random.random() < 0.2:
            found.append(random.choice((Ports(135, 135, "RPC-EPMap"), Ports(0, 65535, "RPC"))))
        for each in found:
            self._known_ports |= {port for port in (each.low - 1, each.low, each.high, each.high + 1)
                                  if 0 <= port <= 65535}
        return tuple(dict.fromkeys(found))

    def _kinds(self, protocol: int) -> tuple[Kind, ...]:
        random = self.random
        kinds = (0, 3, 8, 11, 13) if protocol == ICMP else (1, 3, 4, 128, 129)
        return tuple(dict.fromkeys(Kind(random.choice(kinds), random.choice((-1, -1, 0, 1)))
                                   for _ in range(random.randrange(3))))

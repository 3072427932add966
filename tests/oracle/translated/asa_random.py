"""Random policies of an ASA: a number makes one, always the same; and the values at the edges of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import TypeVar

from tests.oracle.translated.asa_policy import (
    NETWORKS,
    Anybody,
    Block,
    Ends,
    Entry,
    Host,
    Itself,
    Literal,
    Member,
    Message,
    Named,
    Number,
    Policy,
    Ports,
    Remark,
    Service,
    Span,
)

TCP_WORDS = {"ftp-data": 20, "ftp": 21, "ssh": 22, "telnet": 23, "smtp": 25, "www": 80, "netbios-ssn": 139,
             "ldap": 389, "https": 443, "rsh": 514, "ldaps": 636, "kerberos": 750, "citrix-ica": 1494,
             "sqlnet": 1521, "h323": 1720, "aol": 5190}
UDP_WORDS = {"bootps": 67, "bootpc": 68, "tftp": 69, "ntp": 123, "netbios-ns": 137, "snmp": 161,
             "snmptrap": 162, "isakmp": 500, "syslog": 514, "radius": 1645}
BOTH_WORDS = {"echo": 7, "discard": 9, "domain": 53, "sunrpc": 111, "talk": 517}
_WORDS = {"tcp": TCP_WORDS | BOTH_WORDS, "udp": UDP_WORDS | BOTH_WORDS, "tcp-udp": BOTH_WORDS}
_NUMBERS = (0, 1, 79, 80, 81, 135, 443, 445, 1023, 1024, 5000, 8080, 49152, 65534, 65535)
TCP, UDP, IP, BOTH = Number(6, "tcp"), Number(17, "udp"), Number(-1, "ip"), Number(-2, "tcp-udp")
OTHERS = (Number(47, "gre"), Number(50, "esp"), Number(88, "eigrp"), Number(89, "ospf"), Number(103, "pim"),
          Number(132, "132"), Number(47, "47"))
ICMP, ICMP6 = Number(1, "icmp"), Number(58, "icmp6")
_KINDS = {1: {"echo": 8, "echo-reply": 0, "unreachable": 3, "time-exceeded": 11, "13": 13},
          58: {"echo": 128, "echo-reply": 129, "unreachable": 1, "time-exceeded": 3, "4": 4}}
_TAILS = ("", "", "", "log", "log disable", "log warnings interval 60", "log debugging")
_LEVELS = ((100, 50, 0), (100, 0, 50), (0, 100, 50), (50, 50, 0), (100, 50, 50))
"""Of the interfaces, in their order."""

_T = TypeVar("_T")


@dataclass(slots=True)
class Edges:
    """What the rules speak about: addresses by interface and family, ports."""

    addresses: dict[tuple[str, int], set[int]] = field(default_factory=dict)
    ports: set[int] = field(default_factory=lambda: {0, 1, 65534, 65535})

    def add(self, family: int, low: int, high: int) -> None:
        """Note a range of addresses with its outer neighbours, wherever somebody lives."""
        for name, networks in NETWORKS.items():
            known = self.addresses.setdefault((name, family), set())
            known |= {each for each in (low - 1, low, high, high + 1) if each in networks[family]}

    def add_ports(self, low: int, high: int) -> None:
        """Note a range of ports."""
        self.ports |= {each for each in (low - 1, low, high, high + 1) if 0 <= each <= 65535}


def make(seed: int) -> tuple[Policy, Edges]:
    """Make the policy of a number."""
    maker = _Maker(Random(f"asa {seed}"))
    return maker.policy(seed), maker.edges


class _Maker:
    def __init__(self, random: Random) -> None:
        self.random = random
        self._release = random.choice(("9.12(4)", "9.12(4)", "9.1(7)", "8.4(7)"))
        self._families = (4,) if self._release < "9" else (4, 4, 4, 6)
        self.edges = Edges()
        self._bases = {(name, family): [networks[family].address(random.randrange(256, 256 + spread))
                                        for spread in (40, 40, 3000)]
                       for name, networks in NETWORKS.items() for family in networks}
        for (_, family), bases in self._bases.items():
            for base in bases:
                self.edges.add(family, base, base)

    def policy(self, seed: int) -> Policy:
        """Make all of it."""
        random = self.random
        objects = {f"N{number}": self._literal() for number in range(3)}
        aliases = {self._base(4): f"host-{number}" for number in range(random.choice((0, 0, 2)))}
        groups = {f"G{number}": self._some(partial(self._member, number)) for number in range(3)}
        services = {f"S{number}": self._service() for number in range(2)}
        service_groups = {f"V{number}": self._some(partial(self._service_member, number))
                          for number in range(2)}
        port_groups = {f"P-{word}-{number}": (word, self._some(partial(self._port_member, word, number)))
                       for word in _WORDS for number in range(2)}
        names = ["A", "B", *random.sample(["C", "D"], random.randrange(3))]
        lists = {name: self._list(names.index(name)) for name in names}
        slots = [(name, way) for name in NETWORKS for way in ("in", "out") if random.random() < (
            0.6 if way == "in" else 0.25)]
        return Policy(
            seed, self._release, self._families, dict(zip(NETWORKS, random.choice(_LEVELS), strict=True)),
            frozenset(each for each in ("inter-interface", "intra-interface") if random.random() < 0.6),
            aliases, objects, services, groups, service_groups, port_groups,
            {"TU": (TCP, UDP), "MIX": (random.choice(OTHERS), ICMP, Named("object-group", "TU"))},
            {"T0": self._some(partial(self._kind, 1)), "T1": (Named("object-group", "T0"), self._kind(1))},
            lists, frozenset(name for name, entries in lists.items()
                             if len(set(entries)) == len(entries) and random.random() < 0.3),
            {slot: random.choice(names) for slot in slots}, random.choice(["", "", *names]))

    def _one(self, *makers: Callable[[], _T]) -> _T:
        return self.random.choice(makers)()

    def _some(self, maker: Callable[[], _T]) -> tuple[_T, ...]:
        """One or two that differ."""
        return tuple(dict.fromkeys(maker() for _ in range(self.random.randint(1, 2))))

    def _base(self, family: int) -> int:
        return self.random.choice(self._bases[self.random.choice(list(NETWORKS)), family])

    def _literal(self, family: int = 0) -> Literal:
        family = family or self.random.choice(self._families)
        base = self._base(family)
        shape = self.random.random()
        if shape < 0.3:
            return self._noted(Host(family, base), base, base)
        if shape < 0.5:
            high = base + self.random.choice((1, 3, 20, 700))
            return self._noted(Span(family, base, high), base, high)
        if family == 4 and shape < 0.57:
            mask = self.random.choice((0xFFFF00FF, 0xFFFFFFF5, 0xFFFF0FFF))
            return self._noted(Block(4, base & mask, mask), base & mask, base | ~mask & 0xFFFFFFFF)
        bits = 32 if family == 4 else 128
        length = self.random.choice((8, 16, 20, 24, 28, 30, 31) if family == 4 else (32, 96, 112, 120, 126))
        mask = (1 << bits) - (1 << bits - length)
        low = base & mask
        return self._noted(Block(family, low, mask), low, low + (1 << bits - length) - 1)

    def _noted(self, literal: Literal, low: int, high: int) -> Literal:
        self.edges.add(literal.family, low, high)
        return literal

    def _member(self, number: int) -> Member:
        def inner() -> Member:
            return Named("object-group", f"G{self.random.randrange(number)}") if number else self._plain()
        return self._one(self._plain, self._plain, inner,
                         lambda: Named("object", f"N{self.random.randrange(3)}"))

    def _service_member(self, number: int) -> Service | Named:
        choices: list[Service | Named] = [
            self._service(), Service(BOTH, None, self._ports("tcp-udp")),
            Named("object", f"S{self.random.randrange(2)}"),
            Named("object-group", "V0") if number else Service(self.random.choice(OTHERS))]
        return self.random.choice(choices)

    def _port_member(self, word: str, number: int) -> Ports | Named:
        ports = self._ports(word, listed=True)
        return Named("object-group", f"P-{word}-0") if number and self.random.random() < 0.3 else ports

    def _plain(self, family: int = 0) -> Literal:
        """Make what can be written out: a range has to be an object."""
        literal = self._literal(family)
        return self._plain(family) if isinstance(literal, Span) else literal

    def _number(self, word: str) -> Number:
        words = _WORDS[word]
        if self.random.random() < 0.5:
            value = self.random.choice(_NUMBERS)
            return Number(value, str(value))
        name = self.random.choice(list(words))
        return Number(words[name], name)

    def _ports(self, word: str, *, listed: bool = False) -> Ports:
        """Make a test of ports; in a list of ports there are two operators only."""
        operator = self.random.choice(("eq", "eq", "range") if listed else
                                      ("eq", "eq", "neq", "lt", "gt", "range"))
        low, high = sorted((self._number(word), self._number(word)))
        if (operator, low.value) in (("lt", 0), ("gt", 65535)):
            operator = "eq"  # no port is below or above
        self.edges.add_ports(low.value, low.value)
        if operator == "range":
            self.edges.add_ports(high.value, high.value)
        return Ports(operator, low, high if operator == "range" else low)

    def _service(self) -> Service:
        protocol = self.random.choice((TCP, TCP, UDP, ICMP, *OTHERS[:2]))
        if protocol == ICMP:
            return Service(ICMP, message=Message(self._kind(1)))
        if protocol not in (TCP, UDP):
            return Service(protocol)
        source = self._ports(protocol.word) if self.random.random() < 0.3 else None
        return Service(protocol, source, self._ports(protocol.word) if self.random.random() < 0.8 else None)

    def _kind(self, protocol: int) -> Number:
        name = self.random.choice(list(_KINDS[protocol]))
        return Number(_KINDS[protocol][name], name)

    def _both_ends(self) -> tuple[Ends, Ends]:
        family = self.random.choice(self._families)
        return self._ends(family), self._ends(family)

    def _ends(self, family: int) -> Ends:
        """Name somebody; what is written out is of the family."""
        random = self.random

        def plain() -> Literal:
            return self._plain(family)
        return self._one(
            lambda: Anybody(0), lambda: Anybody(random.choice((0, 4, 4, 6)) if 6 in self._families else 0),
            plain, plain,
            lambda: Named("object", f"N{random.randrange(3)}"),
            lambda: Named("object-group", f"G{random.randrange(3)}"),
            lambda: Named("object-group", f"G{random.randrange(3)}"),
            lambda: Itself(random.choice(list(NETWORKS))) if random.random() < 0.3 else plain())

    def _list(self, number: int) -> tuple[Entry | Remark, ...]:
        """Make a list; the last entry often permits, so that what is denied before shows."""
        known: dict[Entry, Entry | Remark] = {}
        for _ in range(self.random.randint(3, 9)):
            entry = self._entry()
            known.setdefault(entry.meaning, entry)
        found = list(known.values())
        if self.random.random() < 0.3:
            found.insert(self.random.randrange(len(found)), Remark(f"{number} permit ip any any"))
        if self.random.random() < 0.2:
            found.append(found[0])  # once more, as it was
        if self.random.random() < 0.5 and Entry(
                True, Service(IP), Anybody(0), None, Anybody(0), None) not in known:
            found.append(Entry(True, Service(IP), Anybody(0), None, Anybody(0), None))
        return tuple(found)

    def _entry(self) -> Entry:
        random = self.random
        made = self._one(self._of_any, self._of_icmp, self._of_services, self._of_ports, self._of_ports,
                         self._of_ports)
        return made._replace(permit=random.random() < 0.6, tail=random.choice(_TAILS),
                             inactive=random.random() < 0.12)

    def _of_any(self) -> Entry:
        service = self.random.choice((Service(IP), Service(self.random.choice(OTHERS)),
                                      Named("object-group", "MIX")))
        source, destination = self._both_ends()
        return Entry(True, service, source, None, destination, None)

    def _of_icmp(self) -> Entry:
        protocol = self.random.choice((ICMP, ICMP, ICMP6)) if 6 in self._families else ICMP
        kind = self._kind(protocol.value)
        choices: list[Message | Named | None] = [None, Message(kind), Message(kind, self.random.randrange(2))]
        if protocol == ICMP:
            choices += [Named("object-group", "T0"), Named("object-group", "T1")]
        source, destination = self._both_ends()
        return Entry(True, Service(protocol), source, None, destination, None, self.random.choice(choices))

    def _of_services(self) -> Entry:
        named = self._one(lambda: Named("object", f"S{self.random.randrange(2)}"),
                          lambda: Named("object-group", f"V{self.random.randrange(2)}"))
        source, destination = self._both_ends()
        return Entry(True, named, source, None, destination, None)

    def _of_ports(self) -> Entry:
        service, words, groups = self.random.choice((
            (Service(TCP), "tcp", ("tcp", "tcp-udp")), (Service(UDP), "udp", ("udp", "tcp-udp")),
            (Named("object-group", "TU"), "tcp-udp", ("tcp-udp",))))

        def slot(chance: float) -> Ports | Named | None:
            if self.random.random() > chance:
                return None
            group = f"P-{self.random.choice(groups)}-{self.random.randrange(2)}"
            return Named("object-group", group) if self.random.random() < 0.35 else self._ports(words)
        source, destination = self._both_ends()
        return Entry(True, service, source, slot(0.25), destination, slot(0.8))

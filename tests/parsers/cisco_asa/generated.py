"""Random configurations over small pools, and packets at the edges of every constant in them."""

from __future__ import annotations

import ipaddress
from random import Random

HOSTS = ["10.0.0.1", "10.0.0.2", "10.0.1.1", "10.0.1.200", "192.168.7.7", "203.0.113.9"]
NETWORKS = ["10.0.0.0 255.255.255.0", "10.0.0.0 255.255.0.0", "10.0.1.128 255.255.255.128",
            "192.168.7.0 255.255.255.252", "0.0.0.0 0.0.0.0", "10.0.0.1 255.255.0.255"]
PORTS = ["80", "443", "www", "https", "8080", "1024", "0", "65535", "53", "domain"]
UDP_PORTS = ["53", "123", "domain", "ntp", "1024", "65535", "syslog"]
NUMBERS = [0, 1, 22, 53, 80, 123, 443, 514, 1024, 8080, 65535]
TYPES = ["echo", "echo-reply", "unreachable", "11"]
ALIASES = {"web1": "10.0.0.1", "db-1": "10.0.1.200"}


class Generator:
    """Makes one configuration after the other from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def config(self, aces: int = 8) -> str:
        pick = self.random
        lines = ["ASA Version 9.12(4)", *(f"name {address} {alias}" for alias, address in ALIASES.items())]
        for number in range(3):
            value = pick.choice([f"host {pick.choice(HOSTS)}", f"subnet {pick.choice(NETWORKS)}",
                                 "range 10.0.0.1 10.0.0.4", "host web1"])
            lines += [f"object network N{number}", f" {value}"]
        for number in range(4):
            members = [self.member(number) for _ in range(pick.randint(1, 3))]
            lines += [f"object-group network G{number}", *(f" {each}" for each in members)]
        for number in range(2):
            lines += [f"object service S{number}", f" service {self.service_words()}"]
        for number in range(3):
            members = [pick.choice([f"service-object {self.service_words()}",
                                    "service-object tcp-udp destination eq 53",
                                    "service-object icmp echo",
                                    f"service-object object S{pick.randint(0, 1)}",
                                    f"group-object V{number - 1}" if number else "service-object gre"])
                       for _ in range(pick.randint(1, 3))]
            lines += [f"object-group service V{number}", *(f" {each}" for each in members)]
        for kind, pool in (("tcp", PORTS), ("udp", UDP_PORTS), ("tcp-udp", ["53", "domain", "1024"])):
            for number in range(2):
                members = [f"port-object {self.operator(pool)}" for _ in range(pick.randint(1, 2))]
                if number:
                    members.append(f"group-object P-{kind}-0")
                lines += [f"object-group service P-{kind}-{number} {kind}", *(f" {each}" for each in members)]
        lines += ["object-group protocol TCPUDP", " protocol-object tcp", " protocol-object udp",
                  "object-group protocol MIX", " protocol-object icmp", " protocol-object gre",
                  "object-group icmp-type T0", " icmp-object echo", " icmp-object 3",
                  "object-group icmp-type T1", " group-object T0", " icmp-object time-exceeded"]
        lines += [f"access-list A extended {self.ace()}" for _ in range(aces)]
        return "\n".join(lines) + "\n"

    def member(self, number: int) -> str:
        pick = self.random
        offers = [f"network-object host {pick.choice(HOSTS)}", f"network-object {pick.choice(NETWORKS)}",
                  f"network-object object N{pick.randint(0, 2)}", "network-object host db-1"]
        if number:
            offers += [f"group-object G{pick.randint(0, number - 1)}"] * 2
        return pick.choice(offers)

    def operator(self, pool: list[str]) -> str:
        pick = self.random
        if pick.random() < 0.2:
            low, high = sorted((pick.choice(NUMBERS), pick.choice(NUMBERS)))
            return f"range {low} {high}"
        return f"{pick.choice(['eq', 'eq', 'eq', 'neq', 'gt', 'lt'])} {pick.choice(pool)}"

    def service_words(self) -> str:
        pick = self.random
        if pick.random() < 0.15:
            return f"icmp {pick.choice(TYPES)}"
        protocol, pool = pick.choice([("tcp", PORTS), ("udp", UDP_PORTS)])
        source = f" source {self.operator(pool)}" if pick.random() < 0.3 else ""
        target = f" destination {self.operator(pool)}" if pick.random() < 0.8 else ""
        return f"{protocol}{source}{target}"

    def address(self) -> str:
        pick = self.random
        return pick.choice(["any", "any4", f"host {pick.choice(HOSTS)}", pick.choice(NETWORKS), "host web1",
                            f"object N{pick.randint(0, 2)}", f"object-group G{pick.randint(0, 3)}",
                            f"object-group G{pick.randint(0, 3)}"])

    def ace(self) -> str:
        pick = self.random
        action = pick.choice(["permit", "permit", "permit", "deny"])
        tail = pick.choice(["", "", "", " log", " log warnings interval 60", " inactive", " log disable"])
        shape = pick.random()
        if shape < 0.15:
            word = pick.choice(["ip", "47", "esp", "object-group MIX"])
            return f"{action} {word} {self.address()} {self.address()}{tail}"
        if shape < 0.3:
            kind = pick.choice(["", " echo", " 3", " object-group T0", " object-group T1"])
            return f"{action} icmp {self.address()} {self.address()}{kind}{tail}"
        if shape < 0.45:
            word = pick.choice(["object S0", "object S1", "object-group V0", "object-group V1",
                                "object-group V2"])
            return f"{action} {word} {self.address()} {self.address()}{tail}"
        protocol, pool, group = pick.choice([
            ("tcp", PORTS, "tcp"), ("udp", UDP_PORTS, "udp"), ("tcp", PORTS, "tcp-udp"),
            ("object-group TCPUDP", ["53", "domain", "1024"], "tcp-udp")])
        return (f"{action} {protocol} {self.address()}{self.ports(pool, group, 0.25)} "
                f"{self.address()}{self.ports(pool, group, 0.8)}{tail}")

    def ports(self, pool: list[str], group: str, chance: float) -> str:
        pick = self.random
        if pick.random() > chance:
            return ""
        if pick.random() < 0.35:
            return f" object-group P-{group}-{pick.randint(0, 1)}"
        return f" {self.operator(pool)}"

    def packet(self) -> tuple[int, int, int, int, int]:
        """(protocol, source, source port, destination, destination port) near the constants in the pools."""
        pick = self.random
        source, destination = (self.near_address() for _ in range(2))
        protocol = pick.choice([6, 6, 6, 17, 17, 1, 47, 50, 89])
        if protocol == 1:
            return protocol, source, pick.choice([0, 3, 8, 11, 12]), destination, pick.choice([0, 1, 3])
        if protocol not in (6, 17):
            return protocol, source, 0, destination, 0
        return protocol, source, self.near_port(), destination, self.near_port()

    def near_address(self) -> int:
        pick = self.random
        text = pick.choice([*HOSTS, *(each.split()[0] for each in NETWORKS), "10.0.255.255", "10.0.0.255",
                            "10.0.0.4", "192.168.7.3", "10.77.0.1"])
        return max(0, min(2**32 - 1, int(ipaddress.IPv4Address(text)) + pick.choice([-1, 0, 0, 1])))

    def near_port(self) -> int:
        return max(0, min(65535, self.random.choice(NUMBERS) + self.random.choice([-1, 0, 0, 1])))

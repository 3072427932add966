"""Cisco ASA: lists, groups, translations, interfaces and routes; clients in 10.20.0.0/16."""

from __future__ import annotations

import random
from collections.abc import Sequence

from benchmarks.family import SEED, Input, check_words, family

HEAD = """ASA Version 9.12(4)
hostname bench
interface GigabitEthernet0/0
 nameif inside
 security-level 100
 ip address 10.0.0.1 255.224.0.0
interface GigabitEthernet0/1
 nameif outside
 security-level 0
 ip address 192.0.2.1 255.255.255.0
"""
_FOOT = "access-group IN in interface inside\nroute outside 0.0.0.0 0.0.0.0 192.0.2.254 1\n: end\n"
_PORTS = ("eq 80", "eq 443", "eq 445", "eq www", "range 1024 5000", "eq 135", "gt 1023", "eq 3389",
          "eq domain")


def config(lines: Sequence[str], servers: str = "172.20.0.0/24", before: Sequence[str] = ()) -> Input:
    aces = [f"access-list IN extended {line}" for line in lines]
    return Input({"fw.cfg": HEAD + "\n".join([*before, *aces, _FOOT])}, check_words("fw.cfg", servers))


def _network(draw: random.Random) -> str:
    head = f"10.{draw.randint(0, 60)}.{draw.randint(0, 255)}"
    return f"host {head}.{draw.randint(1, 254)}" if draw.random() < 0.6 else f"{head}.0 255.255.255.0"


def pooled(size: int, *, unique: bool = False, seed: int = SEED) -> tuple[list[str], list[str]]:
    """Object-groups and ACEs as people write them; the addresses come from a pool, or are all new."""
    draw = random.Random(seed)
    groups = max(10, size // 400)
    objects: list[str] = []
    for number in range(groups):
        objects.append(f"object-group network G{number}")
        objects += [f" network-object {_network(draw)}" for _ in range(draw.randint(3, 40))]
    pool = [_network(draw) for _ in range(6_000)]

    def address() -> str:
        kind = draw.random()
        if kind < 0.25:
            return f"object-group G{draw.randrange(groups)}"
        return "any" if kind > 0.97 else _network(draw) if unique else draw.choice(pool)

    lines = []
    for _ in range(size):
        action, protocol = draw.choice(("permit", "permit", "deny")), draw.choice(("tcp", "tcp", "udp"))
        source, destination = address(), address()
        if source == destination == "any":
            source = "host 10.0.0.9"
        lines.append(f"{action} {protocol} {source} {destination} {draw.choice(_PORTS)}")
    return objects, lines


INSIDE_THE_POOL = "10.40.0.0/20"


@family("addresses from a pool, the servers in it", "ACEs", 1_000, 10_000, 100_000, 1_000_000)
def asa_pooled(size: int) -> Input:
    objects, lines = pooled(size)
    return config(lines, INSIDE_THE_POOL, objects)


@family("all addresses new", "ACEs", 1_000, 10_000, 100_000, 1_000_000)
def asa_new(size: int) -> Input:
    objects, lines = pooled(size, unique=True)
    return config(lines, INSIDE_THE_POOL, objects)


def nested(draw: random.Random) -> tuple[str, int]:
    """A network of 10.0.0.0/8 of any length: its address, and the length."""
    length = draw.randint(8, 32)
    return _dotted((10 << 24 | draw.getrandbits(24)) & _mask(length)), length


def _mask(length: int) -> int:
    return 0xFFFFFFFF << 32 - length & 0xFFFFFFFF


def _dotted(number: int) -> str:
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))


def _nested(draw: random.Random) -> str:
    address, length = nested(draw)
    return f"{address} {_dotted(_mask(length))}"


@family("tidy: networks of all lengths inside each other", "ACEs", 1_000, 4_000, 16_000)
def asa_nested(size: int) -> Input:
    draw = random.Random(SEED)
    lines = [f"{draw.choice(('permit', 'permit', 'deny'))} {draw.choice(('tcp', 'tcp', 'udp'))} "
             f"{_nested(draw)} {_nested(draw)} {draw.choice((*_PORTS, ''))}".strip() for _ in range(size)]
    return Input(config(lines).files, ["tidy", "fw.cfg"])


def client(draw: random.Random) -> str:
    return f"10.20.{draw.randrange(256)}.{draw.randrange(1, 255)}"


def server(draw: random.Random) -> str:
    return f"172.20.0.{draw.randrange(1, 255)}"


@family("permit and deny in turn, one client each", "ACEs", 1_000, 4_000, 16_000)
def asa_alternating(size: int) -> Input:
    draw = random.Random(SEED)
    return config([f"{('permit', 'deny')[k % 2]} ip host {client(draw)} any" for k in range(size)])


@family("pairs of hosts denied, the rest permitted", "ACEs", 1_000, 4_000, 16_000)
def asa_host_pairs(size: int) -> Input:
    draw = random.Random(SEED)
    lines = [f"deny tcp host {client(draw)} host {server(draw)}" for _ in range(size)]
    return config([*lines, "permit ip any any"])


@family("pairs of hosts denied on one port each", "ACEs", 1_000, 4_000, 16_000)
def asa_host_pairs_port(size: int) -> Input:
    draw = random.Random(SEED)
    lines = [f"deny tcp host {client(draw)} host {server(draw)} eq {draw.choice((80, 443, 445, 8530))}"
             for _ in range(size)]
    return config([*lines, "permit ip any any"])


@family("object NAT of single hosts", "NAT lines", 125, 500, 2_000)
def asa_nat_object(size: int) -> Input:
    before: list[str] = []
    for k in range(size):
        before += [f"object network N{k}", f" host 10.20.{k * 5 >> 8 & 255}.{k * 5 & 255}",
                   f" nat (inside,outside) static 172.21.{k >> 8}.{k & 255}"]
    return config(["permit ip any any"], before=before)


@family("twice NAT of single hosts", "NAT lines", 125, 500, 2_000)
def asa_nat_twice(size: int) -> Input:
    before: list[str] = []
    for k in range(size):
        before += [f"object network R{k}", f" host 10.20.{k * 5 >> 8 & 255}.{k * 5 & 255}",
                   f"object network M{k}", f" host 172.21.{k >> 8}.{k & 255}"]
    before += [f"nat (inside,outside) source static R{k} M{k}" for k in range(size)]
    return config(["permit ip any any"], before=before)


@family("three object-groups each (1,000 x 1,000 x 50)", "ACEs", 10, 100, 300)
def asa_groups(size: int) -> Input:
    draw = random.Random(SEED)
    before: list[str] = []
    for k in range(size):
        for side in "SD":
            before.append(f"object-group network {side}{k}")
            before += [f" network-object {_network(draw)}" for _ in range(1_000)]
        before.append(f"object-group service P{k} tcp")
        before += [f" port-object eq {port}" for port in draw.sample(range(1, 65_536), 50)]
    lines = [f"permit tcp object-group S{k} object-group D{k} object-group P{k}" for k in range(size)]
    return config(lines, INSIDE_THE_POOL, before)


@family("one group with so many holes", "members", 4_096, 16_384, 65_536)
def asa_holes(size: int) -> Input:
    members = [f" network-object host 10.20.{2 * k >> 8 & 255}.{2 * k & 255}" if 2 * k < 65_536
               else f" network-object host 10.21.{2 * k >> 8 & 255}.{2 * k & 255}" for k in range(size)]
    return config(["permit ip object-group H any"], before=["object-group network H", *members])


@family("interfaces, each with a list of two lines", "interfaces", 10, 100, 1_000)
def asa_interfaces(size: int) -> Input:
    before: list[str] = []
    for k in range(size):
        before += [f"interface GigabitEthernet1/0.{k + 2}", f" nameif if{k}", " security-level 50",
                   f" ip address 10.{100 + (k >> 8)}.{k & 255}.1 255.255.255.0",
                   f"access-list L{k} extended permit tcp any any eq 80",
                   f"access-list L{k} extended deny ip any any",
                   f"access-group L{k} in interface if{k}"]
    return config(["permit ip any any"], before=before)


@family("static routes", "routes", 1_000, 5_000, 25_000)
def asa_routes(size: int) -> Input:
    before = [f"route outside 11.{k >> 16}.{k >> 8 & 255}.{k & 255} 255.255.255.255 192.0.2.254 1"
              for k in range(size)]
    return config(["permit ip any any"], before=before)


@family("every second port, one line each", "ACEs", 1_000, 4_000, 16_000)
def asa_port_comb(size: int) -> Input:
    return config([f"permit tcp any any eq {2 * k + 1}" for k in range(size)])

"""Whole sites, and the other commands: firewalls in a row, client subnets, traces, changes, fixes."""

from __future__ import annotations

import random
from collections.abc import Sequence

from benchmarks.asa_families import client, config, pooled, server
from benchmarks.family import SEED, Input, family
from benchmarks.linux_families import pool_rules, saved

_SERVERS = {"site-server": "10.1.1.10", "management-point": "10.1.1.11", "distribution-point": "10.1.1.12",
            "software-update-point": "10.1.1.13"}


def site_file(clients: Sequence[str], firewalls: Sequence[str], paths: Sequence[str] = ()) -> str:
    roles = [f"  {name}: [{address}]" for name, address in _SERVERS.items()]
    return "\n".join(["settings: {mode: mixed, client-os: windows-7}", "roles:",
                      f"  client: [{', '.join(clients)}]",
                      *roles, "firewalls:", *(f"  - {each}" for each in firewalls), *paths, ""])


@family("client subnets of a site, 1,000 rules", "subnets", 500, 5_000, 20_000)
def site_subnets(size: int) -> Input:
    subnets = [f"10.{16 + (k >> 11)}.{k >> 3 & 255}.{(k & 7) * 32}/28" for k in range(size)]
    rules = saved(list(pool_rules(1_000, unique=False))).files["fw.rules"]
    site = site_file(subnets, ["{name: a, config: fw.rules}"])
    return Input({"fw.rules": rules, "aclproof.yaml": site}, ["check"])


@family("firewalls on one path", "firewalls", 100, 300, 900)
def site_path(size: int) -> Input:
    rules = saved([f"-A FORWARD -s 10.20.0.0/16 -d 10.1.1.0/24 -p tcp -m tcp --dport {port} -j ACCEPT"
                   for port in (80, 443, 445, 8530)]).files["fw.rules"]
    names = [f"fw{k}" for k in range(size)]
    through = ", ".join(names)
    paths = ["paths:", *(f"  - {{from: client, to: {role}, through: [{through}]}}" for role in _SERVERS)]
    site = site_file(["10.20.0.0/16"], [f"{{name: {name}, config: fw.rules}}" for name in names], paths)
    return Input({"fw.rules": rules, "aclproof.yaml": site}, ["check"])


def _traced(packets: int, aces: int) -> Input:
    draw = random.Random(SEED)
    rows = [f"{client(draw)},{server(draw)},tcp,{draw.choice((80, 443, 445, 8530))}" for _ in range(packets)]
    lines = [f"{draw.choice(('permit', 'deny'))} tcp host {client(draw)} host {server(draw)} eq 80"
             for _ in range(aces)]
    csv = "\n".join(["source,destination,protocol,destination_port", *rows, ""])
    return Input({**config(lines).files, "packets.csv": csv}, ["trace", "fw.cfg", "--packets", "packets.csv"])


@family("packets traced through 1,000 ACEs", "packets", 1_000, 10_000, 100_000)
def trace_packets(size: int) -> Input:
    return _traced(size, 1_000)


@family("1,000 packets traced through so many ACEs", "ACEs", 1_000, 10_000, 100_000)
def trace_rules(size: int) -> Input:
    return _traced(1_000, size)


@family("1,000 packets traced through so many ACEs from any to any", "ACEs", 1_000, 10_000, 100_000)
def trace_same_ends(size: int) -> Input:
    draw = random.Random(SEED)
    lines = [f"{draw.choice(('permit', 'deny'))} tcp any any eq {draw.randrange(1, 65536)}"
             for _ in range(size)]
    packets = _traced(1_000, 1).files["packets.csv"]
    return Input({**config(lines).files, "packets.csv": packets},
                 ["trace", "fw.cfg", "--packets", "packets.csv"])


_QUESTION = ("--client", "10.20.0.0/16", "--server", "10.40.0.0/20", "--set", "mode=mixed")


def _changed(old: Input, line: str) -> dict[str, str]:
    lines = old.files["fw.cfg"].split("\n")
    aces = [at for at, each in enumerate(lines) if each.startswith("access-list")]
    middle = aces[len(aces) // 2]
    new = [*lines[:middle], f"access-list IN extended {line}", *lines[middle:]]
    return {"old.cfg": old.files["fw.cfg"], "new.cfg": "\n".join(new)}


@family("diff: one line more in a pooled list", "ACEs", 1_000, 10_000, 100_000)
def diff_one_line(size: int) -> Input:
    objects, lines = pooled(size)
    more = "permit tcp 10.20.0.0 255.255.0.0 10.40.0.0 255.255.240.0 eq 8530"
    files = _changed(config(lines, before=objects), more)
    return Input(files, ["diff", "old.cfg", "new.cfg", *_QUESTION])


@family("diff: another pooled list", "ACEs", 1_000, 10_000, 100_000)
def diff_another_list(size: int) -> Input:
    texts = []
    for seed in (SEED, SEED + 1):
        objects, lines = pooled(size, seed=seed)
        texts.append(config(lines, before=objects).files["fw.cfg"])
    return Input({"old.cfg": texts[0], "new.cfg": texts[1]}, ["diff", "old.cfg", "new.cfg", *_QUESTION])


@family("fix: a pooled list", "ACEs", 1_000, 10_000, 100_000)
def fix_pooled(size: int) -> Input:
    objects, lines = pooled(size)
    return Input(config(lines, before=objects).files, ["fix", "fw.cfg", *_QUESTION])


def _both(text: str) -> str:
    return f"{{en: {text}, de: {text}}}"


@family("requirements of an own pack, 10,000 ACEs", "requirements", 10, 100, 1_000)
def site_requirements(size: int) -> Input:
    pack = ["id: own", f"title: {_both('Own')}", 'version: "1"',
            'page: {url: "https://example.com/ports", edition: "1"}',
            f"methods: [{{id: work, title: {_both('Work')}}}]",
            "roles:", f"  - {{id: client, near: true, title: {_both('Clients')}}}",
            f"  - {{id: server, title: {_both('Servers')}}}", "settings: []", "requirements:"]
    for k in range(size):
        pack += [f"  - id: R-{k}", f"    title: {_both(f'Requirement {k}')}", "    methods: [all]",
                 "    from: client", "    to: server", "    protocol: tcp", f"    ports: [{1024 + k}]",
                 "    alternate-port: false", f"    why: {_both('It is needed.')}",
                 f"    fix: {_both('Permit it.')}", "    citation: {page: ports, table: Own, row: 1}"]
    objects, lines = pooled(10_000)
    return Input({**config(lines, before=objects).files, "own.yaml": "\n".join([*pack, ""])},
                 ["check", "fw.cfg", "--pack", "own.yaml", "--client", "10.20.0.0/16", "--server",
                  "10.40.0.0/20"])

"""What is known of packets at each hook: whose they are, and by which interface they come and go."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.parsers.nftables.hosts import WAYS, result

_SERVER = ", host: management-point, interfaces: {client: eth0}"
_CLIENT = ", host: client, interfaces: {management-point: eth1}"

_TRACKS = "\tchain z {\n\t\ttype filter hook forward priority 9;\n\t\tct state new counter\n\t}\n"


def _said(folder: Path, binding: str, *rules: str, more: str = WAYS, policy: str = "accept") -> str:
    lines = "\n".join(f"\t\t{each}" for each in (f"type {binding}; policy {policy};", *rules))
    text = f"table inet t {{\n\tchain c {{\n{lines}\n\t}}\n{_TRACKS}}}\n"
    found = result(folder, {"gw.nft": text}, client="10.20.0.5", more=more)
    return next(each.verdict.value for each in found.demands if each.requirement.id == "CM2007-MAN-MP-HTTP")


@pytest.mark.parametrize(("hook", "rule", "forward", "server", "client"), [
    # the answers of a server leave its own addresses, those to a client come to its own
    ("prerouting", "fib daddr type local drop", "undecided", "missing", "missing"),
    ("prerouting", "fib saddr type local drop", "met", "met", "met"),
    ("prerouting", 'iifname "eth0" drop', "missing", "missing", "met"),
    ("input", "fib daddr type local drop", "met", "missing", "missing"),
    ("input", "fib saddr type local drop", "met", "met", "met"),
    ("input", 'iifname "eth0" drop', "met", "missing", "met"),
    ("forward", "fib daddr type local drop", "met", "met", "met"),
    ("forward", "fib saddr type local drop", "met", "met", "met"),
    ("forward", 'iifname "eth0" oifname "eth1" drop', "missing", "met", "met"),
    ("output", "fib saddr type local drop", "met", "missing", "missing"),
    ("output", "fib daddr type local drop", "met", "met", "met"),
    ("output", 'oifname "eth1" drop', "met", "met", "missing"),
    ("postrouting", "fib saddr type local drop", "met", "missing", "missing"),
    ("postrouting", "fib daddr type local drop", "met", "met", "met"),
    ("postrouting", 'oifname "eth1" drop', "missing", "met", "missing")])
def test_by_whose_packets_they_are(tmp_path: Path, hook: str, rule: str, forward: str, server: str,
                                   client: str) -> None:
    said = [_said(tmp_path, f"filter hook {hook} priority 0", rule, more=more)
            for more in (WAYS, _SERVER, _CLIENT)]
    assert said == [forward, server, client]


@pytest.mark.parametrize("hook", ["prerouting", "forward", "postrouting"])
@pytest.mark.parametrize(("policy", "expected"), [("drop", "missing"), ("accept", "met")])
def test_a_chain_without_rules_has_a_policy(tmp_path: Path, hook: str, policy: str, expected: str) -> None:
    assert _said(tmp_path, f"filter hook {hook} priority mangle", policy=policy) == expected


@pytest.mark.parametrize(("rule", "expected"), [
    ("ip daddr 10.1.1.11 drop", "missing"), ("ip saddr 10.1.1.11 drop", "met")])
def test_chains_of_translation_see_first_packets_alone(tmp_path: Path, rule: str, expected: str) -> None:
    assert _said(tmp_path, "nat hook prerouting priority dstnat", rule) == expected

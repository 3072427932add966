"""What a lookup of the routes says (`fib`), and names of interfaces; what only the host can say is a fact."""

from __future__ import annotations

import pytest

from aclproof.parsers.model.conditions import Fact
from tests.oracle.judge import Judge, Way
from tests.oracle.plan import INGRESS, PLANS
from tests.oracle.probes import SYN, TCP, Probe

_KINDS = ("unicast", "local", "broadcast", "multicast", "anycast")
_OWN = PLANS[4].own.low


def _said(test: str, destination: int, family: int = 4, facts: dict[str, Fact] | None = None,
          interface: str = INGRESS[0]) -> str:
    text = f"table inet t {{ chain p {{ type filter hook prerouting priority 0; {test} drop; }}; }}\n"
    asked = Probe(family, TCP, PLANS[family].clients.address(5), destination, 40_000, 80, SYN)
    judge = Judge({"rules.nft": f"flush ruleset\n{text}"}, family, facts=facts)
    return judge.judge(Way.by("forward", interface), asked, "NEW").verdict


@pytest.mark.parametrize(("family", "address", "kind"), [
    (4, 0x0A020009, "unicast"), (4, _OWN, "local"),
    (4, 0xE0000001, "multicast"), (4, 0xEFFFFFFF, "multicast"),
    (4, 0xF0000001, "unicast"), (4, 0xFFFFFFFF, "broadcast"), (4, 0x00000001, "broadcast"),
    (4, 0x01000000, "unicast"), (6, PLANS[6].servers.address(9), "unicast"), (6, PLANS[6].own.low, "local"),
    (6, 0xFF02 << 112 | 1, "multicast"), (6, 1 << 32, "unicast"), (6, 0xFFFFFFFF, "unicast")])
def test_of_which_kind_an_address_is(family: int, address: int, kind: str) -> None:
    """As `inet_addr_type` of the kernel says of addresses without a route of their own."""
    found = {each: _said(f"fib daddr type {each}", address, family) for each in _KINDS}
    assert found == {each: "deny" if each == kind else "permit" for each in _KINDS}
    assert _said(f"fib daddr type != {kind}", address, family) == "permit"
    assert _said("fib daddr type { unicast, local, multicast }", address, family) == (
        "permit" if kind == "broadcast" else "deny")


@pytest.mark.parametrize(("test", "here", "elsewhere"), [
    ("fib daddr . iif type local", "deny", "permit"), ("fib daddr . iif type unicast", "permit", "deny"),
    ("fib daddr . iif type != local", "permit", "deny"),
    ("fib daddr . iif type { local, unicast }", "deny", "deny")])
def test_an_own_address_may_be_of_another_interface(test: str, here: str, elsewhere: str) -> None:
    fact = "addresses are of their interfaces"
    assert _said(test, _OWN, facts={fact: True}) == here
    assert _said(test, _OWN, facts={fact: False}) == elsewhere
    assert _said(test, _OWN) == (here if here == elsewhere else "undecided")
    assert _said(test, 0x0A020009) == ("permit" if test.endswith("type local") else "deny")


@pytest.mark.parametrize(("test", "leads", "leads_not"), [
    ("fib saddr . iif oif missing", "permit", "deny"), ("fib saddr . iif oif exists", "deny", "permit"),
    ("fib saddr . iif oif != missing", "deny", "permit"),
    ("fib saddr . mark . iif oif missing", "permit", "deny"),
    ("fib saddr . iif oif 0", "permit", "deny")])
def test_whether_routes_lead_back(test: str, leads: str, leads_not: str) -> None:
    assert _said(test, 0x0A020009, facts={"routes lead back": True}) == leads
    assert _said(test, 0x0A020009, facts={"routes lead back": False}) == leads_not
    assert _said(test, 0x0A020009) == "undecided"


@pytest.mark.parametrize("test", [
    "fib saddr . oif type local", "fib daddr oif exists", "fib daddr . iif oif exists",
    "fib saddr oif missing",
    "fib daddr type unreachable", "fib daddr type { local, prohibit }", 'fib saddr . iif oif "eth0"'])
def test_what_is_not_followed(test: str) -> None:
    assert _said(test, _OWN) == "undecided"


@pytest.mark.parametrize(("test", "interface", "expected"), [
    ('iifname "eth\\*"', "eth*", "deny"), ('iifname "eth\\*"', "eth", "permit"),
    ('iifname "eth\\*"', "eth0", "permit"), ('iifname "eth*"', "eth", "deny"),
    ('iifname "eth*"', "et", "permit"), ('iifname != "eth*"', "eth7", "permit"),
    ('iif "2"', "2", "undecided"),
    ('iifname "2"', "2", "deny"), ('iifname "2"', "3", "permit")])
def test_names_of_interfaces(test: str, interface: str, expected: str) -> None:
    assert _said(test, 0x0A020009, interface=interface) == expected

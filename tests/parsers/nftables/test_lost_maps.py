"""A map that no input shows, and a statement that is not known: what they may make of packets is open."""

from __future__ import annotations

import pytest

from tests.oracle.judge import Judge, Way
from tests.oracle.plan import INGRESS, PLANS
from tests.oracle.probes import SYN, TCP, Probe

_ASKED = Probe(4, TCP, PLANS[4].clients.address(5), PLANS[4].servers.address(9), 40_000, 80, SYN)
_FORWARD = "chain f {{ type filter hook forward priority 5; policy drop; {} }}"
_NAT = "chain n { type nat hook prerouting priority dstnat; tcp dport 80 LOST; }"
_FILTER = "chain n { type filter hook prerouting priority filter; tcp dport 80 LOST; }"
_MARKED = "chain c { counter; meta mark set 1; }"


def _said(*parts: str) -> str:
    text = "\n".join(["#!/usr/sbin/nft -f", "flush ruleset", "table inet t {", *parts, "}"]) + "\n"
    return Judge({"rules.nft": text}, 4).judge(Way.by("forward", INGRESS[0]), _ASKED, "NEW").verdict


@pytest.mark.parametrize("lost", ["tcp dport vmap @gone", "gadget 5"])
@pytest.mark.parametrize(("before", "asked", "expected"), [
    (_NAT, "ip daddr 10.2.0.50 accept", "undecided"),  # it may translate
    (f"{_FILTER}\n{_MARKED}", "meta mark 1 accept", "undecided"),
    (f"{_FILTER}\nchain c {{ counter; notrack; }}", "ct state untracked accept", "undecided"),
    (_FILTER, "ip daddr 10.2.0.50 accept", "deny"), (_FILTER, "accept", "undecided"),
    (_FILTER.replace("80", "81"), "accept", "permit")])
def test_what_it_may_change_is_open(before: str, asked: str, expected: str, lost: str) -> None:
    assert _said(before.replace("LOST", lost), _FORWARD.format(asked)) == expected


def test_a_mark_from_a_map_that_is_not_shown_is_not_known() -> None:
    marked = "chain n { type filter hook prerouting priority filter; meta mark set tcp dport map @gone; }"
    assert _said(marked, _FORWARD.format("meta mark 0 accept")) == "undecided"
    assert _said(marked, _FORWARD.format("meta mark 1 accept")) == "undecided"
    assert _said(marked, _FORWARD.format("accept")) == "permit"


@pytest.mark.parametrize(("test", "expected"), [
    ("tcp dport @gone", "undecided"), ("udp dport @gone", "permit"), ("udp dport != @gone", "permit"),
    ("ip6 saddr @gone", "permit"), ("ip saddr . udp dport @gone", "permit"),
    ("ip saddr . tcp dport @gone", "undecided")])
def test_a_set_that_is_not_shown_has_what_its_rule_asks_of(test: str, expected: str) -> None:
    assert _said(f"chain f {{ type filter hook forward priority 5; {test} drop; }}") == expected

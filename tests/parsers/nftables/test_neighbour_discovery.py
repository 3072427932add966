"""IPv6 of hosts with nftables: usual rulesets let neighbour discovery in, in the words that are usual."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.parsers.nftables.hosts import facts_of, result

HOST = """table inet filter {{
	chain pre {{
		type filter hook prerouting priority filter; policy accept;
		{pre}
	}}

	chain input {{
		type filter hook input priority filter; policy drop;
		ct state vmap {{ established : accept, related : accept, invalid : drop }}
		iif "lo" accept
		{discovery}
		tcp dport 80 accept
	}}

	chain output {{
		type filter hook output priority filter; policy accept;
	}}
}}
"""
MINE = ", host: management-point"
GIVEN = {"client": '"2001:db8:20::/64"', "server": "2001:db8:1::11", "more": MINE}


def verdict(folder: Path, discovery: str, pre: str = "counter", facts: str = "") -> tuple[str, set[str]]:
    found = result(folder, {"host.nft": HOST.format(discovery=discovery, pre=pre)}, **GIVEN, facts=facts)
    return next(each.verdict.value for each in found.demands
                if each.requirement.id == "CM2007-MAN-MP-HTTP"), facts_of(found)


@pytest.mark.parametrize("discovery", [
    "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept",
    "icmpv6 type { echo-request, nd-neighbor-solicit, nd-router-advert, nd-neighbor-advert } counter accept",
    "icmpv6 type nd-neighbor-solicit accept\n\t\ticmpv6 type nd-neighbor-advert accept",
    "ip6 nexthdr icmpv6 icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept",
    "meta l4proto ipv6-icmp accept", "ip6 nexthdr icmpv6 accept", "meta l4proto { icmp, ipv6-icmp } accept",
    "ct state untracked accept", "ip6 saddr fe80::/10 icmpv6 type 133-137 accept"])
def test_usual_rules_let_it_in(tmp_path: Path, discovery: str) -> None:
    assert verdict(tmp_path, discovery) == ("met", set())


@pytest.mark.parametrize("discovery", [
    "", "icmpv6 type echo-request accept", "icmpv6 type nd-neighbor-solicit accept", "ct state new accept",
    "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 1 accept"])
def test_without_them_nothing_of_ipv6_is_proven(tmp_path: Path, discovery: str) -> None:
    assert verdict(tmp_path, discovery)[0] == "undecided"


def test_a_limit_on_it_is_a_question(tmp_path: Path) -> None:
    limited = "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } limit rate 1000/second accept"
    assert verdict(tmp_path, limited)[0] == "undecided"


def test_the_reverse_path_filter_of_firewalld_asks_for_its_fact_and_nothing_else(tmp_path: Path) -> None:
    pre = ("icmpv6 type { nd-router-advert, nd-neighbor-solicit } accept\n"
           "\t\tmeta nfproto ipv6 fib saddr . mark . iif oif missing drop")
    usual = "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept"
    assert verdict(tmp_path, usual, pre) == ("undecided", {"routes lead back"})
    assert verdict(tmp_path, usual, pre, '"routes lead back": yes') == ("met", set())
    assert verdict(tmp_path, usual, pre, '"routes lead back": no')[0] == "missing"

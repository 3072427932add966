"""Checks of what a configuration defines and names: which line each names, and with what."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import cast

import pytest

from aclproof import parsers
from aclproof.linter.audit.checks import audit
from aclproof.linter.observation import CheckId, Observation
from aclproof.linter.program import Analysis
from aclproof.parsers.source import from_bytes

ASA = """ASA Version 9.16(4)
object network WEB
 host 10.0.0.1
object network MAIL
 host 10.0.0.1
object network TRANSLATED
 host 10.0.0.1
 nat (inside,outside) static 192.0.2.1
object network TRANSLATED-TOO
 host 10.0.0.1
 nat (inside,dmz) static 192.0.2.2
object-group network EMPTY
object-group network SPARE
 network-object host 10.0.0.2
access-list IN extended permit tcp any object WEB eq www
access-list IN extended permit tcp any object MAIL eq smtp
access-list IN extended permit ip any object-group EMPTY
access-list IN extended permit ip any object-group GONE
access-list IN extended deny ip any object-group GONE
access-group IN global
: end
"""
NFT = """#!/usr/sbin/nft -f
flush ruleset
table inet t {
	set spare { type ipv4_addr; elements = { 192.0.2.1, 192.0.2.2 }; }
	set other { type ipv4_addr; elements = { 192.0.2.2, 192.0.2.1 }; }
	chain lost { accept; }
	chain input {
		type filter hook input priority 0
		ip saddr @other ip daddr @gone drop
	}
}
"""


def found(text: str, check: CheckId) -> list[Observation]:
    firewall = parsers.parse_all([from_bytes(text.encode(), "fw")])
    site = cast(Analysis, SimpleNamespace(firewalls={"fw": firewall}, results=()))
    return list(audit(site, [check], date(2026, 6, 1)).found)


@pytest.mark.parametrize(("text", "check", "lines"), [
    (ASA, "undefined-object", {18: "object-group GONE; also named in fw:19"}),
    (ASA, "empty-object", {12: "named in fw:17"}),
    (ASA, "unused-object", {13: ""}),
    (ASA.replace(": end\n", ""), "unused-object", {}),
    (NFT, "undefined-object", {9: "set gone"}),
    (NFT, "unused-object", {4: ""}),
    (NFT, "unbound-list", {6: ""}),
    (NFT, "empty-object", {}),
])
def test_what_is_named(text: str, check: CheckId, lines: dict[int, str]) -> None:
    assert {each.span.first_line: each.text for each in found(text, check)} == lines


@pytest.mark.parametrize(("text", "lines"), [(ASA, {2: 6, 4: 6}), (NFT, {5: 4})])
def test_a_duplicate_with_the_one_that_stays(text: str, lines: dict[int, int]) -> None:
    """Objects with translations of their own all stay: each has one."""
    assert {each.span.first_line: each.others[0].first_line
            for each in found(text, "duplicate-object")} == lines

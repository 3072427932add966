"""What a doubt quotes: the line that leaves it, and never a secret in it."""

from __future__ import annotations

import pytest

from aclproof.parsers.cisco_asa.text.quoting import quotable


@pytest.mark.parametrize("line", [
    "aaa authentication match AUTH outside RAD", "filter url http 0 0 0 0",
    "ip local pool VP 10.0.0.1-10.0.0.9",
    "crypto map CM 10 match address VPN", "crypto map CM interface outside", "  sfr fail-open",
    "threat-detection scanning-threat shun", "logging host inside 10.1.1.9 6/1470",
    " no forward interface Vlan1", "ACCESS-LIST IN EXTENDED DENY IP ANY ANY", "Access-Group IN In Interface",
    "NO Access-List IN extended permit ip any any", "Crypto Map CM 10 Match Address VPN",
    "  set connection conn-max 100"])
def test_lines_without_secrets_are_whole(line: str) -> None:
    assert quotable(line) == line.strip()


@pytest.mark.parametrize("line", [
    "wccp 61 redirect-list R password 7 SECRET", "crypto map CM 10 set session-key inbound esp 300 SECRET",
    "crypto map CM 10 match address VPN SECRET", "aaa-server RAD (inside) host 10.0.0.1 SECRET",
    "WCCP 61 PASSWORD 7 SECRET", "Crypto Map CM 10 Match Address VPN SECRET", "SNMP-SERVER HOST x SECRET",
    "crypto isakmp key SECRET address 10.0.0.1", "vpdn username u password SECRET"])
def test_secrets_are_left_out(line: str) -> None:
    assert "SECRET" not in quotable(line)

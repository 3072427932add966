"""A name of nft means the number that RFC 792, RFC 4443 and Linux' headers give it."""

from __future__ import annotations

import pytest

from aclproof import parsers
from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.source import from_bytes


def _rules(test: str) -> list[Rule]:
    text = ("table inet t {\n\tchain f {\n\t\ttype filter hook forward priority filter; policy accept;\n"
            f"\t\t{test} drop\n\t}}\n}}\n")
    firewall = parsers.parse(from_bytes(text.encode(), "gw.nft"))
    return list(firewall.chains["inet t f"].rules)


@pytest.mark.parametrize(("field", "name", "number"), [
    ("icmp type", "echo-request", 8), ("icmp type", "time-exceeded", 11),
    ("icmpv6 type", "echo-request", 128), ("icmpv6 type", "nd-neighbor-solicit", 135),
    ("icmp code", "port-unreachable", 3), ("icmp code", "admin-prohibited", 13),
    ("icmpv6 code", "port-unreachable", 4), ("icmpv6 code", "admin-prohibited", 1),
    ("tcp dport", "https", 443), ("meta l4proto", "sctp", 132),
    ("tcp flags ==", "syn", 2), ("tcp flags !=", "ack", 16)])
@pytest.mark.parametrize("op", ["", "!= "])
def test_a_name_is_its_number(field: str, name: str, number: int, op: str) -> None:
    op = "" if "=" in field else op
    said = _rules(f"{field} {op}{name}")
    assert said == _rules(f"{field} {op}{number}")
    assert not [each for rule in said for each in rule.conditions if isinstance(each, Opaque)]

"""Whose rules an input holds."""

from __future__ import annotations

import pytest

from aclproof.parsers.nftables.vendor import VENDOR
from aclproof.parsers.source import from_bytes
from tests.parsers.nftables.test_forms import RULESET


@pytest.mark.parametrize(("before", "name", "line"), [
    ("root@gw7:~# nft list ruleset\n", "gw7", 1),
    ("[root@edge-1 ~]# sudo nft -a list ruleset\n", "edge-1", 1),
    ("# uname -a\nLinux fw2 6.1.0 x86_64\n# nft list ruleset\n", "fw2", 2), ("", "", 0)])
def test_a_prompt_names_the_host(before: str, name: str, line: int) -> None:
    shown = VENDOR.shown(from_bytes(f"{before}{RULESET}".encode(), "x"))
    assert (shown.name, shown.line, shown.parts) == (name, line, frozenset(("nft ruleset",)))


def test_what_a_file_holds_tells_which_one_is_newer() -> None:
    ruleset = from_bytes(RULESET.encode(), "x")
    tree = from_bytes(b'{"nftables": [{"table": {"family": "inet", "name": "fw", "handle": 1}}]}', "y")
    dump = from_bytes(b"*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n", "z")
    assert VENDOR.holds(ruleset) == VENDOR.holds(tree)
    assert VENDOR.holds(dump) != VENDOR.holds(tree)

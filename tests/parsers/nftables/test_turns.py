"""Rules that change what they test, where that takes too many rules; else `tests/oracle/nft/test_rows.py`."""

from __future__ import annotations

import pytest

from aclproof.parsers.nftables.meaning import turns
from tests.oracle.judge import Judge, Way
from tests.oracle.plan import INGRESS, PLANS
from tests.oracle.probes import SYN, TCP, Probe

_ASKED = Probe(4, TCP, PLANS[4].clients.address(5), PLANS[4].servers.address(9), 40_000, 80, SYN)


def _said(text: str) -> str:
    return Judge({"rules.nft": text}, 4).judge(Way.by("forward", INGRESS[0]), _ASKED, "NEW").verdict


def test_where_that_takes_too_many_rules_it_is_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    text = """table inet t {
    chain f {
        type filter hook forward priority filter; policy accept;
        meta mark 0 meta mark set 1 counter
        tcp dport 80 accept
    }
}
"""
    assert _said(text) == "permit"
    monkeypatch.setattr(turns, "_MOST", 0)
    assert _said(text) == "undecided"

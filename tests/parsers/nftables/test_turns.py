"""Rules that change what they test, without a kernel: `tests/oracle/nft/test_rows.py` has asked one."""

from __future__ import annotations

import pytest

from aclproof.parsers.nftables.meaning import turns
from tests.oracle.judge import Judge, Way
from tests.oracle.nft.test_rows import ROWS
from tests.oracle.plan import INGRESS, PLANS
from tests.oracle.probes import SYN, TCP, Probe

_ASKED = Probe(4, TCP, PLANS[4].clients.address(5), PLANS[4].servers.address(9), 40_000, 80, SYN)
_CHANGING = [name for name in ROWS if "chang" in name or "mark by a map" in name]


def _said(text: str) -> str:
    return Judge({"rules.nft": text}, 4).judge(Way.by("forward", INGRESS[0]), _ASKED, "NEW").verdict


@pytest.mark.parametrize("name", _CHANGING)
def test_what_a_packet_had_is_asked_once(name: str) -> None:
    text, fate = ROWS[name]
    assert _said(text) == fate


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

"""Flags of TCP that are compared as numbers: a SYN is 2, and `< fin` (1) is a packet without any."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.parsers.nftables.hosts import OPEN, verdict


@pytest.mark.parametrize(("test", "expected"), [
    ("tcp flags & (fin | syn | rst | psh | ack | urg) < fin", "met"),
    ("tcp flags & (fin | syn | rst | ack) <= syn", "missing"), ("tcp flags < syn", "met"),
    ("tcp flags & (syn | ack) >= ack", "missing"),  # the answer to a SYN
    ("tcp flags & syn > syn", "met")])
def test_flags_in_order(tmp_path: Path, test: str, expected: str) -> None:
    text = OPEN.replace("\t\tct state", f"\t\t{test} drop\n\t\tct state")
    assert verdict(tmp_path, {"gw.nft": text}) == expected

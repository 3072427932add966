"""Networks to choose from: the parts of a pool are one, and each is named once."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter.cli import run

ASA = """ASA Version 8.0(4)
hostname fw
interface Ethernet0/0
 nameif inside
 security-level 100
 ip address 192.168.83.1 255.255.255.0
interface Ethernet0/1
 nameif outside
 security-level 0
 ip address 203.0.113.2 255.255.255.0
ip local pool P 192.168.87.2-192.168.87.252 mask 255.255.255.0
crypto map M interface outside
tunnel-group T general-attributes
 address-pool P
route inside 192.168.83.0 255.255.255.0 192.168.83.1 1
"""


def test_a_pool_is_one_range_and_a_network_is_named_once(tmp_path: Path,
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("fw.cfg").write_text(ASA, encoding="utf-8")
    assert run(["init", "fw.cfg"]) == 0
    shown = [line.split() for line in Path("aclproof.yaml").read_text(encoding="utf-8").splitlines()
             if line.startswith("#   ") and " of fw (fw.cfg:" in line]
    networks = {(each[1], each[3]) for each in shown}
    assert len(networks) == len(shown)
    assert {network for network, _ in networks} == {
        "192.168.83.0/24", "192.168.87.2-192.168.87.252", "203.0.113.0/24"}

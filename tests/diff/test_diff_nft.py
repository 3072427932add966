"""Differences of hosts with nftables are explained by the lines of the script, or of the rulesets."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter.cli import run

RULES = """\
table inet f { # handle 1
	set servers { # handle 1
		type ipv4_addr
		elements = { 10.1.1.11 }
	}
	chain way { # handle 2
		type filter hook forward priority filter; policy drop;
		ct state established accept # handle 3
		ip daddr @servers tcp dport 80 accept # handle 4
	}
}
"""
SITE = """\
pack: configmgr-2007
settings: {mode: mixed, client-os: windows-7}
methods: [manual]
roles: {client: [10.20.0.0/24], management-point: [10.1.1.11]}
firewalls:
  - {name: gw, config: fw.nft, interfaces: {client: eth0, management-point: eth1}}
"""


@pytest.mark.parametrize(("script", "sign", "line"), [
    ("nft delete element inet f servers { 10.1.1.11 }", "+", "change.sh:1"),
    ("nft flush set inet f servers", "+", "change.sh:1"),
    ("nft delete rule inet f way handle 4", "-", "fw.nft:9"),
    ("nft insert rule inet f way handle 4 iifname eth0 drop", "+", "change.sh:1"),
    ("nft replace rule inet f way handle 4 ip daddr @servers tcp dport 8080 accept", "-", "fw.nft:9"),
    ("nft flush chain inet f way", "-", "fw.nft:9")])
def test_what_a_script_took_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                 capsys: pytest.CaptureFixture[str], script: str, sign: str,
                                 line: str) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("fw.nft", RULES), ("aclproof.yaml", SITE), ("change.sh", f"{script}\n")):
        Path(name).write_text(text)
    assert run(["diff", "aclproof.yaml", "change.sh"]) == 1
    said = capsys.readouterr().out
    assert "met -> missing" in said
    assert f"{sign} {line}" in said


def test_what_a_script_adds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                            capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    rules = RULES.replace("10.1.1.11", "10.1.1.12")
    for name, text in (("fw.nft", rules), ("aclproof.yaml", SITE),
                       ("change.sh", "nft add element inet f servers { 10.1.1.11 }\n")):
        Path(name).write_text(text)
    assert run(["diff", "aclproof.yaml", "change.sh"]) == 0
    said = capsys.readouterr().out
    assert "missing -> met" in said
    assert "+ change.sh:1" in said

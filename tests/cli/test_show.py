"""`aclproof show` of Linux: where the kernel calls chains, and their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter.cli import run

Output = pytest.CaptureFixture[str]
RULES = """\
table inet filter {
	chain forward {
		type filter hook forward priority filter + 10; policy drop;
		ct state vmap { established : accept, related : accept, invalid : drop }
		iifname { "eth1", "eth2" } goto inside
	}
	chain inside {
		tcp dport 80 accept
	}
	chain none {
	}
}
table ip nat {
	chain post {
		type nat hook postrouting priority srcnat + 10; policy accept;
	}
	chain none {
	}
}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("gw.nft").write_text(RULES)


def test_hooks_priorities_and_rules_as_people_wrote_them(capsys: Output) -> None:
    assert run(["show", "gw.nft"]) == 0
    shown = capsys.readouterr().out.partition("Chains\n")[2].splitlines()
    assert [" ".join(each.split()) for each in shown] == [
        "inet filter forward 2 rules forward (10): deny", "inet filter inside 1 rule",
        "ip nat post 0 rules postrouting (110): permit", "and 2 chains without rules"]


def test_a_chain_is_called_by_its_own_name(capsys: Output) -> None:
    assert run(["show", "gw.nft", "--chain", "inet filter inside"]) == 0
    whole = capsys.readouterr().out
    assert run(["show", "gw.nft", "--chain", "inside"]) == 0
    assert capsys.readouterr().out == whole
    assert run(["trace", "gw.nft", "10.0.0.1", "10.0.0.2", "tcp", "80", "--chain", "inside"]) == 0


@pytest.mark.parametrize(("name", "said"), [
    ("none", "unknown chain 'none'"), ("insid", "unknown chain 'insid': known are inet filter forward, ")])
def test_a_name_of_two_chains_or_of_none(name: str, said: str, capsys: Output) -> None:
    assert run(["show", "gw.nft", "--chain", name]) == 2
    assert said in capsys.readouterr().err

"""Calls of chains: a trace tells those that lead somewhere, and counts the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter.cli import run

CHAINS = """\
table inet filter {
	chain forward {
		type filter hook forward priority 0; policy drop;
		jump nothing
		jump outer
		jump nothing
		jump logs
	}
	chain nothing {
	}
	chain outer {
		jump inner
		jump nothing
	}
	chain inner {
		tcp dport 22 accept
	}
	chain logs {
		log prefix "seen"
	}
}
"""


@pytest.mark.parametrize(("port", "told"), [
    (22, ["gw.nft:5  jump outer", "gw.nft:12  jump inner", "gw.nft:16  tcp dport 22 accept",
          "(left out: 1 call of a chain in which nothing fits)", "PERMIT"]),
    (80, ["gw.nft:7  jump logs", 'gw.nft:19  log prefix "seen"',
          "gw.nft:3  policy drop of inet filter forward",
          "(left out: 5 calls of chains in which nothing fits)", "DENY"])])
def test_calls_of_chains_in_which_nothing_fits_are_counted(
        port: int, told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("gw.nft").write_text(CHAINS)
    run(["trace", "gw.nft", "10.20.0.1", "10.1.1.1", "tcp", str(port)])
    assert [each.strip() for each in capsys.readouterr().out.splitlines()[2:]] == told

"""`aclproof fix` where something is undecided: it says so, with the question, and ends as `check` does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aclproof.linter.cli import run

ASA = """\
ASA Version 9.12(4)
interface GigabitEthernet0/0
 nameif clients
 security-level 50
 ip address 10.20.0.254 255.255.255.0
interface GigabitEthernet0/1
 nameif servers
 security-level 80
 ip address 10.1.1.1 255.255.255.0
access-list IN extended permit tcp any host 10.1.1.11 eq 80{}
access-list IN extended deny ip any any
access-group IN in interface clients
"""
SITE = """\
settings: {mode: mixed, client-os: windows-7}
methods: [group-policy]
roles: {client: [10.20.0.0/28], management-point: [10.1.1.11]}
firewalls: [{name: fw, config: fw.cfg}]
"""
Output = pytest.CaptureFixture[str]


def fix(capsys: Output, *arguments: str) -> tuple[int, str]:
    code = run(["fix", "--as-of", "2026-01-15", *arguments])
    return code, capsys.readouterr().out


@pytest.mark.parametrize(("tail", "codes"), [("", 0), (" time-range T", 3), (" inactive", 1)])
def test_fix_ends_as_check_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output, tail: str,
                                codes: int) -> None:
    monkeypatch.chdir(tmp_path)
    Path("fw.cfg").write_text(ASA.format(tail))
    Path("aclproof.yaml").write_text(SITE)
    assert run(["check", "-qq", "--as-of", "2026-01-15"]) == codes
    for arguments in ([], ["--cheapest"]):
        code, out = fix(capsys, *arguments)
        assert code == codes
        assert ("nothing is missing" in out) is (codes == 0)
        assert ("nothing is surely missing" in out) is (codes == 3)
        if codes == 3:
            assert "undecided: CM2007-GPO-MP-HTTP" in out
            assert 'facts: {"time-range T": ...}' in " ".join(out.replace("\n#", "").split())
            assert all(line.startswith(("#", "!")) for line in out.splitlines() if line)
    code, out = fix(capsys, "--format", "json")
    assert json.loads(out)["undecided"] == (["CM2007-GPO-MP-HTTP"] if codes == 3 else [])

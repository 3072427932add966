"""Roles that only support the methods are named in a drafted site file, and do not fill it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aclproof import rules
from aclproof.linter.cli import run
from aclproof.linter.site import reader

PACK = rules.load("configmgr-current-branch")
NEEDED = {role for each in PACK.requirements if not each.tier for role in (each.source, each.destination)}


def test_they_are_listed_in_one_comment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("fw.rules").write_text("*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n"
                                "-A FORWARD -s 10.20.0.0/16 -d 10.1.1.11/32 -p tcp --dport 10123 -j ACCEPT\n"
                                "COMMIT\n")
    assert run(["init", "fw.rules", "--pack", PACK.id]) == 0
    text = Path("aclproof.yaml").read_text(encoding="utf-8")
    own = set(re.findall(r"^  (?:# )?([a-z][a-z-]*):", text, re.MULTILINE)) & {each.id for each in PACK.roles}
    assert own == NEEDED | {"package-share"}  # the pack has a remark about this one
    listed = text[text.index("# With 'tier: supporting'"):].partition("\n\n")[0]
    assert set(re.findall(r"[a-z]+(?:-[a-z]+)*", listed.partition("\n")[2])) == {
        each.id for each in PACK.roles} - own
    assert all(len(line) <= 110 for line in listed.splitlines())
    Path("aclproof.yaml").write_text(text.replace("FILL-IN     # http", "http     # http"), encoding="utf-8")
    assert reader.read(Path("aclproof.yaml")).roles.keys() == {"client", "management-point"}

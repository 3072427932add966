"""Every bundled site, anonymised as a whole: its verdicts are equal, and so is what hangs on them.

The verdicts are held against each other by the reports of `check`, not by the command's own comparison.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from aclproof.linter.cli import run
from tests.test_sites import NAMES, SITES

AS_OF = ("--as-of", "2026-01-15")
SALT = b"a salt that nobody keeps"


@pytest.mark.parametrize("name", NAMES)
def test_a_site_has_the_same_verdicts(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    salt, folder = tmp_path / "salt", tmp_path / "anonymised"
    salt.write_bytes(SALT)
    site = SITES / name / "aclproof.yaml"
    code = run(["anonymise", str(site), "--salt", str(salt), "--output", str(folder), *AS_OF])
    said = capsys.readouterr().err
    assert code == 0, said
    assert "the same meaning" in said
    old, new = (_checked(each, capsys) for each in (site, folder / "aclproof.yaml"))
    assert _told(old) == _told(new)


def _checked(site: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    code = run(["check", str(site), *AS_OF, "--format", "json"])
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return {**report, "code": code}


def _told(report: dict[str, Any]) -> object:
    """What a report says besides names, addresses and sentences."""
    results = [(each["verdict"], each["coverage"],
                sorted({part["blocked_by"]["line"] for part in each["missing"]}))
               for each in report["results"]]
    methods = [each["verdict"] for each in report["methods"]]
    return (report["code"], report["summary"]["requirements"], methods, results,
            sorted(str(each["line_counts"]) for each in report["inputs"]))


def test_its_names_and_addresses_are_gone(tmp_path: Path) -> None:
    salt, folder = tmp_path / "salt", tmp_path / "anonymised"
    salt.write_bytes(SALT)  # of another one the image of an address may be that address, by chance
    assert run(["anonymise", str(SITES / "branch" / "aclproof.yaml"), "--salt", str(salt),
                "--output", str(folder)]) == 0
    written = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert sorted(each.suffix for each in folder.iterdir()) == [".cfg", ".yaml"]
    for name, text in written.items():
        for gone in ("branch", "datacentre", r"\b10\.20\.", r"\b10\.1\.1\.", r"\b192\.0\.2\.2\b", "c2VjcmV0",
                     "JMX"):
            assert not re.search(gone, name + text), (name, gone)

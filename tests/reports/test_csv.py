"""CSV: RFC 4180, stable columns, and no formulas."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from aclproof.linter.cli import run
from aclproof.linter.reports.check import csv_v1
from tests.reports.cases import NAMES, ROOT, full, result_of
from tests.reports.readers import rows_of

COLUMNS = ["requirement", "title", "severity", "methods", "status", "verdict", "from", "to", "firewall",
           "file", "line", "kind", "text", "packets", "leg", "way", "reason", "to_do", "permitted",
           "required", "fingerprint", "waiver", "caveats", "relied_on", "stated", "conditions", "pack",
           "site", "baseline"]
RECORD = re.compile(r'"(?:[^"]|"")*"(?:,"(?:[^"]|"")*")*\r\n')


@pytest.mark.parametrize("name", NAMES)
def test_every_record_is_quoted_and_has_the_same_columns(name: str) -> None:
    text = csv_v1.render(result_of(name))
    assert re.fullmatch(f"(?:{RECORD.pattern})+", text)
    rows = rows_of(text)
    assert all(list(row) == COLUMNS for row in rows)
    assert None not in [value for row in rows for value in row.values()]
    assert {row["requirement"] for row in rows} == {each.requirement.id for each in result_of(name).demands}


@pytest.mark.parametrize("start", ["=1+1", "+1", "-A FORWARD", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1",
                                   "\u00a0=1"])
def test_no_cell_begins_a_formula(start: str) -> None:
    result = result_of("branch")
    smb = next(each for each in result.demands if each.requirement.id == "CM2007-PUSH-SMB")
    line = replace(smb.missing[0].blocked_by, firewall=start, text=start)
    changed = replace(smb, missing=(replace(smb.missing[0], blocked_by=line, way=start),))
    for row in rows_of(csv_v1.render(replace(result, demands=(changed,)))):
        for value in row.values():
            assert not re.match(r"\s*[=+\-@\t\r＝＋－＠]", value)
            assert value.isprintable()
        shown = row["text"].removeprefix("'")
        assert shown.encode("latin-1", "backslashreplace").decode("unicode_escape") == start


def test_waivers_and_fixes_have_their_columns() -> None:
    rows = rows_of(csv_v1.render(full()))
    waived = [row for row in rows if row["status"] == "waived"]
    assert {row["requirement"]: row["verdict"] for row in waived} == {
        "CM2007-PUSH-SMB": "missing", "CM2007-SWD-SMB": "undecided"}
    assert all("network team" in row["waiver"] for row in waived)
    assert next(row for row in rows if row["requirement"] == "CM2007-PUSH-EPM-UDP")["to_do"].startswith(
        "access-list DATACENTRE-IN line 3")


def test_a_met_requirement_names_the_lines_that_permit_it() -> None:
    row = next(row for row in rows_of(csv_v1.render(result_of("path-all-works"))) if row["status"] == "met")
    assert row["text"].count("; ") >= 1
    assert row["line"] == row["fingerprint"] == ""


def test_line_ends_reach_the_file_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    run(["check", "fixtures/sites/branch/aclproof.yaml", "--format", f"csv={tmp_path / 'a.csv'}"])
    data = (tmp_path / "a.csv").read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") > 10
    assert data.endswith(b"\r\n")

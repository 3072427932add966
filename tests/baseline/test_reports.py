"""Every report shows what is known as known, and as what it was proven to be."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from functools import cache

import jsonschema
import pytest
from msgspec.structs import replace

from aclproof.linter import schemas
from aclproof.linter.baseline.comparing import compare
from aclproof.linter.baseline.gaps import gaps_of
from aclproof.linter.baseline.packets_text import read
from aclproof.linter.gap import BaselineUse, Gap
from aclproof.linter.reports import FORMATS, Look, render
from aclproof.linter.result import Result
from tests.reports import readers
from tests.reports.cases import result_of

SMB, RPC, GONE = "CM2007-PUSH-SMB", "CM2007-PUSH-RPC", "CM2007-GPO-MP-HTTP"


@cache
def branch() -> Result:
    """The branch office: RPC is new, one host of SMB was known, one gap is cured, the rest is unchanged."""
    plain = result_of("branch")
    gaps = [each for each in gaps_of(plain) if each.requirement not in (RPC, SMB)]
    smb = read("tcp 10.1.1.10 1024-65535 > 10.20.0.77 445")
    gaps += [Gap(SMB, "branch-asa", "request", "missing", (smb,)),
             Gap(GONE, "branch-asa", "request", "missing", (smb,))]
    return compare(plain, tuple(gaps), "known.json")


@cache
def known() -> Result:
    """All of it is known."""
    plain = result_of("branch")
    return compare(plain, gaps_of(plain), "known.json")


def test_json_has_the_verdict_and_what_became_of_it() -> None:
    told = json.loads(render(branch(), "json"))
    jsonschema.validate(told, schemas.load("check"))
    results = {each["requirement"]: each for each in told["results"]}
    assert {name: (each["verdict"], each["baseline"], each["known"]) for name, each in results.items()
            if "baseline" in each} == {
        "CM2007-PUSH-ECHO": ("missing", "unchanged", True),
        "CM2007-PUSH-EPM-TCP": ("missing", "unchanged", True),
        "CM2007-PUSH-EPM-UDP": ("missing", "unchanged", True),
        "CM2007-SWD-SMB": ("undecided", "unchanged", True),
        RPC: ("missing", "new", False), SMB: ("missing", "grown", False)}
    assert {each["destination"][0]: each["baseline"] for each in results[SMB]["missing"]} == {
        "10.20.192.0/18": "grown", "10.20.0.77": "unchanged"}
    assert told["baseline"] == {"file": "known.json", "cured": [
        {"requirement": GONE, "firewall": "branch-asa", "leg": "request", "verdict": "missing"}]}
    counts = told["summary"]["requirements"]
    assert (counts["missing"], counts["undecided"], counts["known"], counts["met"]) == (2, 0, 4, 4)
    assert told["summary"]["methods"]["client-push"] == "blocked"


def test_sarif_says_it_in_its_own_word() -> None:
    told = json.loads(render(branch(), "sarif"))
    results = told["runs"][0]["results"]
    assert {(each["ruleId"], each["baselineState"], each["level"]) for each in results} == {
        (RPC, "new", "error"), (SMB, "updated", "error"), (SMB, "unchanged", "note"),
        ("CM2007-PUSH-ECHO", "unchanged", "note"), ("CM2007-PUSH-EPM-TCP", "unchanged", "note"),
        ("CM2007-PUSH-EPM-UDP", "unchanged", "note"), ("CM2007-SWD-SMB", "unchanged", "note")}
    assert not any(each["suppressions"] for each in results)  # nobody accepted anything
    notes = told["runs"][0]["invocations"][0]["toolConfigurationNotifications"]
    assert [each["message"]["text"] for each in notes if each["descriptor"]["id"] == "baseline"] == [
        f"Cured since the baseline: {GONE}. Write known.json again."]


def test_junit_skips_what_is_known_with_its_reason() -> None:
    cases = list(ET.fromstring(render(branch(), "junit")).iter("testcase"))
    outcome = {case.get("name", "").partition(":")[0]: next(iter(case), None) for case in cases}
    assert {name: each.tag for name, each in outcome.items() if each is not None} == {
        RPC: "failure", SMB: "failure", "CM2007-PUSH-ECHO": "skipped", "CM2007-PUSH-EPM-TCP": "skipped",
        "CM2007-PUSH-EPM-UDP": "skipped", "CM2007-SWD-SMB": "skipped"}
    skipped = outcome["CM2007-SWD-SMB"]
    assert skipped is not None
    assert (skipped.get("type"), skipped.get("message")) == (
        "known", "Undecided. Known: the baseline has it.")


def test_annotations_of_what_is_known_are_notices() -> None:
    commands = [each for each in readers.commands_of(render(known(), "github"))
                if "CM2007" in each.properties["title"]]
    assert {each.name for each in commands} == {"notice"}
    assert len(commands) == 7
    assert all(" known on branch-asa" in each.properties["title"] for each in commands)
    assert render(known(), "github").splitlines()[-1] == "aclproof: 6 known, 4 met, 12 not applicable"


def test_gitlab_has_what_is_known_as_information() -> None:
    found = {each["severity"] for each in json.loads(render(known(), "gitlab"))
             if "CM2007" in each["check_name"]}
    assert found == {"info"}


def test_csv_has_status_verdict_and_baseline() -> None:
    rows = {(each["requirement"], each["status"], each["verdict"], each["baseline"])
            for each in readers.rows_of(render(branch(), "csv")) if each["baseline"]}
    assert {(SMB, "missing", "missing", "grown"), (SMB, "missing", "missing", "unchanged"),
            (RPC, "missing", "missing", "new"), ("CM2007-SWD-SMB", "known", "undecided", "unchanged")} <= rows


def test_markdown_marks_each_finding() -> None:
    text = render(branch(), "markdown")
    assert text.startswith("## Firewall check: 2 missing, 4 known, 4 met\n")
    table = next(each for each in readers.tables_of(text) if each[0][1:3] == ["Verdict", "Firewall"])
    assert {(row[0], row[1]) for row in table[1:]} >= {
        (RPC, "missing (new)"), (SMB, "missing (grown)"), (SMB, "missing (known)"),
        ("CM2007-SWD-SMB", "undecided (known)")}
    assert f"**Cured since the baseline:** {GONE}" in text


def test_text_marks_each_requirement_and_counts() -> None:
    text = render(branch(), "text")
    assert f"MISSING  {SMB}  (grown since the baseline)" in text
    assert f"MISSING  {RPC}  (new since the baseline)" in text
    assert "KNOWN  CM2007-SWD-SMB\n" in text
    assert "Baseline: known.json, 4 requirements are known" in text
    assert "requirements: 4 met, 2 missing, 4 known.\n" in text


def test_html_has_a_badge_and_no_praise() -> None:
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", render(known(), "html").partition("<body>")[2]))
    assert "Not everything is proven. What is not proven was so before: the baseline has it." in text
    assert "Everything that is needed gets through." not in text
    assert "= known CM2007-SWD-SMB" in text
    assert "undecided, and known: known.json has it" in text
    assert "4 of 10 requirements met" in text
    assert "= 6 known" in text
    assert "Baseline known.json 6 requirements are known" in text


@pytest.mark.parametrize("form", FORMATS)
def test_without_a_baseline_no_report_speaks_of_one(form: str) -> None:
    text = FORMATS[form](result_of("branch"), Look())
    for word in ("KNOWN ", "baselineState", '"baseline"', "since the baseline", "(known)", "= known"):
        if (form, word) != ("csv", '"baseline"') and (form, word) != ("sarif", '"baseline"'):
            assert word not in text


@pytest.mark.parametrize("form", FORMATS)
def test_a_hostile_name_acts_in_no_report(form: str) -> None:
    name = "x\x1b[31m<script>alert(1)</script>\n::error::owned"
    cured = Gap(f"{GONE}{name}", name, "request", "missing", ())
    text = render(replace(branch(), baseline=BaselineUse(name, (cured,))), form)
    assert "\x1b" not in text
    assert "\n::error::owned" not in text
    assert form in ("json", "sarif", "text") or "<script>alert" not in text

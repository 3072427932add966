"""One run writes every format; each is read back as its readers do, and they all say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aclproof.linter.cli import run
from aclproof.linter.reports import FORMATS
from tests.reports import readers
from tests.reports.cases import NAMES, ROOT, result_of

SITES = ("branch", "dual-stack", "fqdn-open", "linux-asa-and-host", "linux-dnat-untracked", "linux-ipv4-only",
         "linux-unread-line", "native-works", "path-answers-lost", "path-first-hop-blocks",
         "path-two-hops-block", "show-access-list", "two-in-series", "unknown-route", "unread-permit",
         "windows-nothing-open", "windows-three-vendors")
CODES = {"met": 0, "missing": 1, "undecided": 3}


@pytest.fixture
def written(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The site's reports by format, of one run."""
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    arguments = ["check", f"fixtures/sites/{name}/aclproof.yaml", "--as-of", "2026-01-15"]
    for form in FORMATS:
        arguments += ["--format", f"{form}={tmp_path / form}"]
    verdicts = {each.verdict.value for each in result_of(name).demands if not each.is_warning}
    worst = next(each for each in ("missing", "undecided", "met") if each in verdicts)
    assert run(arguments) == CODES[worst]
    return {form: (tmp_path / form).read_bytes().decode("utf-8") for form in FORMATS}


def test_the_sites_show_every_verdict_and_place() -> None:
    assert set(SITES) <= set(NAMES)
    found = [each for name in SITES for each in result_of(name).demands]
    assert {each.verdict.value for each in found} == {"met", "missing", "undecided", "not-applicable"}
    assert any(part.line is None for each in found for part in each.undecided)
    assert any(len(each.hops) > 2 for each in found)


@pytest.mark.parametrize("name", SITES)
def test_all_formats_of_one_run_agree(name: str, written: dict[str, str]) -> None:
    told = readers.of_json(written["json"], f"fixtures/sites/{name}/aclproof.yaml")
    others = {"sarif": readers.of_sarif, "junit": readers.of_junit, "csv": readers.of_csv,
              "gitlab": readers.of_gitlab, "markdown": readers.of_markdown}
    for form, read in others.items():
        assert read(written[form]).findings == told.findings, form
    for form in ("sarif", "csv", "gitlab"):
        assert others[form](written[form]).fingerprints == told.fingerprints, form
    sarif, gitlab = readers.of_sarif(written["sarif"]), readers.of_gitlab(written["gitlab"])
    assert len(sarif.messages) == len(gitlab.messages) == len(told.fingerprints or ())


@pytest.mark.parametrize("name", SITES)
def test_annotations_are_the_same_findings_up_to_ten_of_a_level(name: str, written: dict[str, str]) -> None:
    annotated = readers.of_github(written["github"])
    everything = readers.of_json(written["json"], f"fixtures/sites/{name}/aclproof.yaml").findings
    assert annotated.findings <= everything
    if "left out" not in written["github"]:
        assert annotated.findings == everything


@pytest.mark.parametrize("name", SITES)
def test_verdicts_of_requirements_and_methods_agree(name: str, written: dict[str, str]) -> None:
    told = readers.of_json(written["json"], "")
    assert told.statuses
    assert told.methods
    assert readers.of_csv(written["csv"]).statuses == told.statuses
    needed = {key: status for key, status in told.statuses.items() if status != "not-applicable"}
    assert readers.of_junit(written["junit"]).statuses == needed
    assert readers.of_sarif(written["sarif"]).methods == told.methods
    assessed = {key: verdict for key, verdict in told.methods.items() if verdict != "not-assessed"}
    junit = readers.of_junit(written["junit"]).methods or {}
    assert {key: junit[key] for key in assessed} == assessed
    titles = {each.title: each.id for each in result_of(name).methods}
    markdown = readers.of_markdown(written["markdown"]).methods or {}
    assert {titles[key]: verdict.replace(" ", "-") for key, verdict in markdown.items()} == told.methods
    counted = dict(reversed(each.split(" ", 1)) for each in re.findall(
        r"\d+ (?:missing|undecided|met|not applicable)", written["github"].splitlines()[-1]))
    statuses = list(told.statuses.values())
    assert {key.replace(" ", "-"): int(number) for key, number in counted.items()} == {
        each: statuses.count(each) for each in set(statuses)}


@pytest.mark.parametrize("name", SITES)
def test_the_text_report_names_the_same_requirements(name: str, written: dict[str, str]) -> None:
    told = readers.of_json(written["json"], "")
    headed = re.findall(r"^(MISSING|UNDECIDED)  (\S+)(.*?)^$", written["text"], re.MULTILINE | re.DOTALL)
    missing, undecided = ({each[0] for each in told.findings if each[1] == verdict}
                          for verdict in ("missing", "undecided"))
    assert {name for word, name, _ in headed if word == "MISSING"} == missing
    assert missing & undecided == {name for word, name, block in headed if word == "MISSING"
                                   and "\n  Unknown " in block}
    assert undecided - missing == set(re.findall(r"^UNDECIDED  (\S+)", written["text"], re.MULTILINE))

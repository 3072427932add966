"""A run over many sites finds what a run about each of them finds, in every format a program can read."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from datetime import date
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import xmlschema
from junitparser import JUnitXml

from aclproof.linter import schemas
from aclproof.linter.cli import run
from aclproof.linter.cli.sinks import Files
from aclproof.linter.fleet.outcome import Outcome
from aclproof.linter.fleet.reports import Run
from aclproof.linter.fleet.reports.sarif import Sarif
from tests.fleet.farm import DAY, sites
from tests.reports.test_gitlab import DOCUMENTED

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "tests" / "schemas"
SITES = ROOT / "fixtures" / "sites"
NAMES = [each.parent.name for each in sorted(SITES.glob("*/aclproof.yaml"), key=str)]
CODES = {0: {"proven", "accepted"}, 1: {"missing"}, 2: {"unreadable"}, 3: {"unproven"}, 4: {"failed"}}
BROKEN = {
    "no-yaml": "roles: [", "no-role": "firewalls: [{config: fw.cfg}]",
    "no-config": "settings: {mode: mixed}\nroles: {client: [10.0.0.1]}\nfirewalls: [{config: none.cfg}]"}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every report of all fixture sites and of some that are broken, and of each alone."""
    folder = tmp_path_factory.mktemp("many")
    (folder / "sites").mkdir()
    for name in NAMES:
        shutil.copytree(SITES / name, folder / "sites" / name)
    for name, text in BROKEN.items():
        (folder / "sites" / name).mkdir()
        (folder / "sites" / name / "aclproof.yaml").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("GITHUB_STEP_SUMMARY", raising=False)
        forms = {"json": "json", "jsonl": "jsonl", "sarif": "sarif", "junit": "xml", "gitlab": "gitlab",
                 "csv": "csv", "github": "github", "markdown": "md", "text": "txt"}
        targets = [f"--format={form}=out.{suffix}" for form, suffix in forms.items()]
        assert run(["check", "sites/*/aclproof.yaml", "--allow-outside", "--as-of", DAY, "-q", *targets]) == 2
        (folder / "alone").mkdir()
        for name in [*NAMES, *BROKEN]:
            code = run(["check", f"sites/{name}/aclproof.yaml", "--as-of", DAY, "-q",
                        *(f"--format={form}=alone/{name}.{form}" for form in ("json", "sarif", "csv"))])
            (folder / "alone" / f"{name}.code").write_text(str(code))
    return folder


@cache
def lines(folder: Path) -> dict[str, Any]:
    found = map(json.loads, (folder / "out.jsonl").read_text(encoding="utf-8").splitlines())
    return {Path(each["site"]).parent.name: each for each in found}


def test_each_site_ends_as_the_exit_code_of_its_own_run_says(reports: Path) -> None:
    assert [f"{each}/" for each in lines(reports)] == sorted(f"{each}/" for each in [*NAMES, *BROKEN])
    for name, each in lines(reports).items():
        assert each["end"] in CODES[int((reports / "alone" / f"{name}.code").read_text())], name
    found = {each["end"] for each in lines(reports).values()}
    assert found >= {"proven", "unproven", "missing", "unreadable"}


def test_the_json_of_each_site_is_that_of_its_own_run(reports: Path) -> None:
    for name in NAMES:
        alone = json.loads((reports / "alone" / f"{name}.json").read_text(encoding="utf-8"))
        assert lines(reports)[name]["check"] == alone, name
        assert lines(reports)[name]["problems"] == []
    for name in BROKEN:
        assert lines(reports)[name]["check"] is None
        assert lines(reports)[name]["problems"], name


def test_json_keeps_its_schema_and_counts_what_it_holds(reports: Path) -> None:
    checks = jsonschema.Draft202012Validator(schemas.load("checks"))
    check = jsonschema.Draft202012Validator(schemas.load("check"))
    whole = json.loads((reports / "out.json").read_text(encoding="utf-8"))
    checks.validate(whole)
    assert not checks.is_valid({**whole, "sites": [{**whole["sites"][0], "end": "fine"}]})
    for each in whole["sites"]:
        if each["check"]:
            check.validate(each["check"])
    assert whole["sites"] == list(lines(reports).values())
    counted = whole["summary"]["sites"]
    assert (counted.pop("asked"), counted.pop("done")) == (len(NAMES) + len(BROKEN),) * 2
    assert counted == {end: sum(each["end"] == end for each in whole["sites"]) for end in counted}
    methods: dict[str, Counter[str]] = {}
    for each in filter(None, (each["check"] for each in whole["sites"])):
        if "+" not in (pack := each["pack"]["id"]):
            for method in each["methods"]:
                methods.setdefault(f"{pack}/{method['method']}", Counter())[method["verdict"]] += 1
    assert methods["configmgr-2007/client-push"]["blocked"] > 0
    for name, verdicts in methods.items():  # sites of several packs come on top of it
        assert verdicts <= Counter(whole["summary"]["methods"][name])
    assert sum(sum(each.values()) for each in whole["summary"]["methods"].values()) == sum(
        len(each["check"]["methods"]) for each in whole["sites"] if each["check"])


def test_sarif_is_split_into_files_that_github_takes(reports: Path) -> None:
    schema = jsonschema.Draft4Validator(json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text()))
    files = [reports / "out.sarif", *sorted(reports.glob("out-*.sarif"), key=lambda each: int(each.stem[4:]))]
    logs = [json.loads(each.read_text(encoding="utf-8")) for each in files]
    for log in logs:
        assert not list(schema.iter_errors(log))
        categories = [each["automationDetails"]["id"] for each in log["runs"]]
        assert len(set(categories)) == len(categories) <= 20
    assert all(each.stat().st_size < 10_000_000 for each in files)
    runs = [each for log in logs for each in log["runs"]]
    assert len(files) == -(-len(runs) // 20)
    assert len(runs) == len(NAMES) + len(BROKEN)
    assert sum(not each["invocations"][0]["executionSuccessful"] for each in runs) == len(BROKEN)
    of_branch = json.loads((reports / "alone" / "branch.sarif").read_text(encoding="utf-8"))["runs"][0]
    assert of_branch in runs


def test_junit_keeps_its_schema_and_names_suites_by_site(reports: Path) -> None:
    text = (reports / "out.xml").read_text(encoding="utf-8")
    xmlschema.XMLSchema10(SCHEMAS / "junit-10.xsd").validate(text)
    suites = [str(each.name) for each in JUnitXml.fromstring(text.encode())]
    assert {each.partition(" / ")[0].split("/")[-2] for each in suites} == {*NAMES, *BROKEN}


def test_gitlab_keeps_its_form_and_no_fingerprint_is_there_twice(reports: Path) -> None:
    entries = json.loads((reports / "out.gitlab").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(DOCUMENTED).validate(entries)
    names = [each["fingerprint"] for each in entries]
    assert len(set(names)) == len(names) > 100


def test_gitlab_has_what_is_wrong_at_its_line_and_names_the_file_once(reports: Path) -> None:
    """`roles: [` ends before its bracket: in line 2, as PyYAML and libyaml count."""
    entries = json.loads((reports / "out.gitlab").read_text(encoding="utf-8"))
    found = {each["location"]["path"]: each for each in entries if each["check_name"] == "unreadable"}
    broken = found["sites/no-yaml/aclproof.yaml"]
    assert broken["location"]["lines"] == {"begin": 2}
    assert broken["description"].startswith("sites/no-yaml/aclproof.yaml:2: this is not valid YAML")
    assert all(each["description"].count("aclproof.yaml") <= 1 for each in found.values())


def test_what_is_left_of_a_larger_run_and_a_folder_with_the_name_of_a_page_are_said(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    sites(tmp_path, [f"{number:02}" for number in range(21)])
    monkeypatch.chdir(tmp_path)
    call = ["check", "--format=sarif=out.sarif", "--format=json=out.json", "--lang", "en", "--jobs", "1"]
    Path("out-2.json").touch()  # nobody's report in two files
    run([*call, "."])
    assert capsys.readouterr().err == ""
    run([*call, "--format=html=out.html", "00/aclproof.yaml", "01/aclproof.yaml"])
    assert capsys.readouterr().err == (
        "aclproof: out.html becomes a folder of pages, of which index.html is the first\n"
        "aclproof: out-2.sarif is of an earlier run of more sites, and no part of this report\n")
    assert Path("out-2.sarif").exists()


def test_csv_has_one_header_and_the_rows_of_every_site(reports: Path) -> None:
    rows = list(csv.reader(StringIO((reports / "out.csv").read_bytes().decode(), newline="")))
    unread = [row for row in rows if row[rows[0].index("status")] == "unreadable"]
    assert [row[rows[0].index("site")] for row in unread] == [
        f"sites/{name}/aclproof.yaml" for name in sorted(BROKEN)]
    assert [row[rows[0].index("reason")] for row in unread] == [
        "; ".join(lines(reports)[name]["problems"]) for name in sorted(BROKEN)]
    assert {sum(map(bool, row)) for row in unread} == {3}
    alone = [list(csv.reader(StringIO((reports / "alone" / f"{name}.csv").read_bytes().decode(), newline="")))
             for name in NAMES]
    assert [row for row in rows if row not in unread] == [
        alone[0][0], *(row for each in alone for row in each[1:])]


def test_github_shows_ten_annotations_of_each_level_and_says_what_it_leaves_out(reports: Path) -> None:
    *shown, last = (reports / "out.github").read_text(encoding="utf-8").splitlines()
    for level in ("error", "warning"):
        assert sum(each.startswith(f"::{level} ") for each in shown) == 10
    assert f"aclproof: {len(NAMES) + len(BROKEN)} sites: " in last
    assert "annotations are left out" in last


def test_reports_for_people_name_every_end(reports: Path) -> None:
    for file in ("out.txt", "out.md"):
        text = (reports / file).read_text(encoding="utf-8")
        for end in ("proven", "not all proven", "something missing", "NOT READ"):
            assert end in text
        assert f"{len(NAMES) + len(BROKEN)} sites" in text


def test_sarif_below_ten_megabytes_is_split_by_size(tmp_path: Path) -> None:
    sink = Files(str(tmp_path / "big.sarif"))
    report = Sarif(Run(date(2026, 1, 15), 9), sink)
    for number in range(9):
        piece = json.dumps({"tool": {"driver": {"name": "x" * 3_299_000}}, "columnKind": number})
        report.add(Outcome(f"{number}", "missing", pieces={"sarif": piece}))
    report.close()
    assert not list(tmp_path.glob("*.sarif"))  # none has its name before all are done
    sink.finish()
    files = sorted(tmp_path.glob("*.sarif"))
    assert len(files) == 3
    assert all(9_000_000 < each.stat().st_size < 10_000_000 for each in files)
    assert [run["columnKind"] for each in ("big", "big-2", "big-3")
            for run in json.loads((tmp_path / f"{each}.sarif").read_text())["runs"]] == list(range(9))


def test_more_sites_than_a_sarif_file_holds_need_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                        capsys: pytest.CaptureFixture[str]) -> None:
    sites(tmp_path, [f"{number:02}" for number in range(21)])
    monkeypatch.chdir(tmp_path)
    assert run(["check", ".", "--format", "sarif"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "give it a name, --format sarif=FILE" in err
    assert run(["check", *(f"{number:02}/aclproof.yaml" for number in range(20)), "--format", "sarif"]) == 0
    assert len(json.loads(capsys.readouterr().out)["runs"]) == 20

"""`check --history`: what commits did to the site, as a part of its HTML and JSON report."""

from __future__ import annotations

import json
import re
from collections import Counter
from hashlib import sha256
from pathlib import Path

import jsonschema
import pytest

from aclproof.linter import schemas
from aclproof.linter.cli import run
from tests.history.repositories import CONFIG, SITE, SMB, WEB, Builder
from tests.reports.test_html import Page

NO_SMB = CONFIG.replace(f"{SMB}\n", "")
CHECK = ("check", "--as-of", "2026-01-15", "-qq")
Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four commits, of which the second breaks client push and the third cures it."""
    build = Builder(tmp_path / "site")
    for subject, config in (("begin", CONFIG), ("close SMB", NO_SMB), ("open SMB", CONFIG),
                            ("a <b>comment</b>", CONFIG + "! of somebody\n")):
        build.commit(subject, {"aclproof.yaml": SITE, "fw.cfg": config})
    monkeypatch.chdir(build.build())


def section(page: str) -> str:
    return page.partition('<section id="history"')[2].partition("</section>")[0]


def test_both_reports_have_the_history_and_the_verdict_is_of_the_files(capsys: Output) -> None:
    Path("fw.cfg").write_text(CONFIG.replace(f"{WEB}\n", ""), encoding="utf-8")  # not committed
    reports = ("--format", "json=out.json", "--format", "html=out.html", "--no-fixes")
    assert run([*CHECK, "--history", "all", *reports]) == 1
    told = json.loads(Path("out.json").read_text())
    jsonschema.Draft202012Validator(schemas.load("check")).validate(told)
    jsonschema.Draft202012Validator(schemas.load("history")).validate(told["history"])
    assert told["summary"]["methods"]["group-policy"] == "blocked"
    assert {each["method"]: each["verdict"] for each in told["history"]["latest"]["methods"]} == {
        "client-push": "works", "group-policy": "works"}
    capsys.readouterr()
    assert run(["history", "--as-of", "2026-01-15", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == told["history"]
    page = Path("out.html").read_text(encoding="utf-8")
    assert sha256(Path("out.json").read_bytes()).hexdigest() in page
    text = Page(section(page)).text
    assert "2 commits change what is proven: 1 broken, 1 cured. What is not committed is not part" in text
    assert "BROKEN CM2007-PUSH-SMB met → missing" in text
    assert "close SMB" in text
    assert section(page).count("<svg") == 1
    ids = Counter(re.findall(r'\bid="([^"]+)"', page))
    assert [each for each, count in ids.items() if count > 1] == []
    assert "<b>comment" not in page


def test_of_some_commits() -> None:
    assert run([*CHECK, "--history", "HEAD~1", "--format", "json=out.json"]) == 0
    history = json.loads(Path("out.json").read_text())["history"]
    assert (history["beginning"]["is_since"], history["summary"]["commits"]) == (True, 2)
    assert history["summary"]["changing"] == 0


def test_without_it_no_report_has_it() -> None:
    assert run([*CHECK, "--format", "json=out.json", "--format", "html=out.html"]) == 0
    assert "history" not in json.loads(Path("out.json").read_text())
    assert section(Path("out.html").read_text(encoding="utf-8")) == ""


@pytest.mark.parametrize(("options", "says"), [
    (("--history", "all"), "--history is a part of html and json"),
    (("--history", "nope", "--format", "json"), "no commit is called 'nope'"),
    (("--history", "", "--format", "json"), "--history: name a commit, or all"),
    (("--history", "all", "--format", "json", "--method", "client-push"), "--method has to stand in it"),
    (("--history", "all", "--format", "json", "--waivers", "w.yaml"), "--waivers has to stand in it"),
    (("--history", "all", "--format", "json", "."), "--history is about one site"),
    (("--history", "all", "--format", "json=fw.cfg"), "fw.cfg is an input")])
def test_what_does_not_fit_is_one_line(options: tuple[str, ...], says: str, capsys: Output) -> None:
    Path("w.yaml").write_text("waivers: []\n", encoding="utf-8")
    before = Path("fw.cfg").read_bytes()
    assert run(["check", "--as-of", "2026-01-15", *options]) == 2
    said = capsys.readouterr()
    assert says in said.err
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert Path("fw.cfg").read_bytes() == before


def test_a_site_without_a_file_and_one_without_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                             capsys: Output) -> None:
    monkeypatch.chdir(tmp_path)
    Path("fw.cfg").write_text(CONFIG, encoding="utf-8")
    Path("aclproof.yaml").write_text(SITE, encoding="utf-8")
    assert run(["check", "--history", "all", "--format", "json"]) == 2
    assert "Git" in capsys.readouterr().err

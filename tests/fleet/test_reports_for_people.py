"""Text, Markdown and portfolio of many sites: nothing looks better than it is, and what lacks is named."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from aclproof.linter.cli import run
from aclproof.linter.fleet.outcome import Outcome
from aclproof.linter.fleet.reports import Run
from aclproof.linter.fleet.reports.markdown import Markdown
from aclproof.linter.fleet.reports.text import Text
from tests.reports.many_sites import DAY, Pages
from tests.reports.test_html import Page

SITES = Path(__file__).parents[2] / "fixtures" / "sites"
REPORTS = ("--format=text=out.txt", "--format=markdown=out.md", "--format=html=out", "--format=json=out.json")
Output = pytest.CaptureFixture[str]


@pytest.fixture
def sites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("branch", "two-in-series", "wsus-wrong-port", "windows-three-vendors"):
        shutil.copytree(SITES / name, tmp_path / "sites" / name)
    monkeypatch.chdir(tmp_path)
    assert run(["check", "sites", "-qq", "--write-baseline", "known.json"]) == 1
    return tmp_path / "sites"


def reports(*options: str) -> tuple[str, str, str]:
    """The text, the Markdown and the start page of a run, each in one line."""
    run(["check", "sites", "-q", "--lang", "en", *REPORTS, *options])
    page = Page(Path("out/index.html").read_text()).text
    text, markdown, page = (" ".join(each.split()) for each in (
        Path("out.txt").read_text(), Path("out.md").read_text(), page))
    return text, markdown, page


def results() -> dict[str, list[Any]]:
    """By site, what programs read of each requirement that it has."""
    found = json.loads(Path("out.json").read_text())["sites"]
    return {Path(each["site"]).parent.name: [one for one in each["check"]["results"]
                                             if one["verdict"] != "not-applicable"] for each in found}


@pytest.mark.parametrize("options", [(), ("--baseline", "known.json")])
def test_what_is_known_is_not_met(sites: Path, options: tuple[str, ...]) -> None:
    for report in reports(*options):
        whole = [each for some in results().values() for each in some]
        met = sum(each["verdict"] == "met" for each in whole)
        assert met < len(whole)
        assert f"{met} of {len(whole)} requirements met" in report
        known = sum(each.get("known", False) for each in whole)
        assert (f", {known} known" in report) is bool(options)


def test_what_is_new_is_named_at_its_site_and_counted(sites: Path, capsys: Output) -> None:
    told = reports("--baseline", "known.json")
    assert not any("new" in re.findall(r"\w+", each) for each in told)
    config = sites / "branch" / "branch-asa.cfg"
    config.write_text(config.read_text().replace(" eq 445", " eq 446"), encoding="utf-8")
    told = reports("--baseline", "known.json")
    found = {name: [each["requirement"] for each in some if each.get("baseline") in ("new", "grown")]
             for name, some in results().items()}
    new = found.pop("branch")
    assert new
    assert not any(found.values())
    for report in told:
        assert f"new: {', '.join(new)}" in report.replace("`", "")
        assert f"new or grown since the baseline at 1 site: {', '.join(sorted(new))}" in report
    capsys.readouterr()
    assert run(["check", "sites", "--lang", "en", "--baseline", "known.json", "--format=csv=out.csv"]) == 1
    assert f"new or grown since the baseline at 1 site: {', '.join(sorted(new))}" in capsys.readouterr().err
    assert json.loads(Path("out.json").read_text())["summary"]["requirements"]["new"] == len(new)


def test_each_site_names_what_it_lacks_and_the_last_line_what_to_do(sites: Path) -> None:
    config = sites / "branch" / "branch-asa.cfg"
    config.write_text(config.read_text().replace("eq www", "eq 81").replace("eq 80", "eq 81"))
    text, markdown, _ = reports()
    missing = [each["requirement"] for each in results()["branch"]
               if each["verdict"] == "missing" and each["severity"] == "error"]
    assert len(missing) == 7
    for report in (text, markdown):
        assert f"missing: {', '.join(missing[:4])} and 3 more" in report.replace("`", "")
    step = "Next: aclproof fix sites/branch/aclproof.yaml prints verified permits for what is missing."
    assert text.endswith(step)
    assert step in markdown


def test_what_is_wrong_with_a_shared_file_is_said_once(sites: Path) -> None:
    Path("waivers.yaml").write_text("waivers: [{id: W-1}]\n", encoding="utf-8")
    for each in sites.iterdir():
        with (each / "aclproof.yaml").open("a", encoding="utf-8") as file:
            file.write("\nwaivers: ../../waivers.yaml\n")
    with (sites / "branch" / "aclproof.yaml").open("a", encoding="utf-8") as file:
        file.write("waivers: none.yaml\n")  # named twice: its own problem
    (Path(".aclproof")).touch()
    text, _, _ = reports()
    problems = [each["problems"] for each in json.loads(Path("out.json").read_text())["sites"]]
    shared = set(problems[1])
    assert all(set(each) == shared for each in problems[1:])
    assert shared.isdisjoint(problems[0])
    assert problems[0]
    for problem in (*problems[0], *shared):
        assert text.count(problem) == 1
    assert text.count("3 sites waivers.yaml:1: ") == len(shared) > 1
    assert text.count("aclproof.yaml NOT READ") == 4


def test_github_shows_errors_first_and_what_is_common_once(sites: Path) -> None:
    Path("waivers.yaml").write_text("waivers: [{id: W-1, requirement: CM2007-PUSH-SMB, reason: Old, owner: A"
                                    ", expires: 2020-01-01}]\n", encoding="utf-8")
    run(["check", "sites", "--waivers", "waivers.yaml", "-q", "--format=github=out.github"])
    *lines, last = Path("out.github").read_text(encoding="utf-8").splitlines()
    levels = [each[2:].partition(" ")[0] for each in lines]
    assert levels == sorted(levels, key=["error", "warning", "notice"].index)
    assert set(levels) == {"error", "warning", "notice"}
    assert len(lines) == len(set(lines))
    assert sum("Waiver W-1" in each for each in lines) == 1
    assert last.startswith("aclproof: 4 sites: ")


def test_a_pack_stands_once_above_its_methods(sites: Path) -> None:
    """One site has two packs, the others one of them: a method is one row and one column."""
    site = sites / "branch" / "aclproof.yaml"
    packs = "packs: [configmgr-2007, active-directory-members]"
    site.write_text(re.sub(r"(?m)^pack: .*$", packs, site.read_text()))
    text, markdown, _ = reports()
    for report, end in ((text, "What stops"), (markdown, "| Sites")):
        table = report.partition("not assessed")[2].partition(end)[0]
        assert table.count("configmgr-2007:") == table.count("active-directory-members:") == 1
        assert table.count("Client push") == 1
    index = Page(Path("out/index.html").read_text()).text
    assert "(configmgr-2007)" not in index


def test_sites_with_something_new_are_listed_first() -> None:
    """Of 250 sites the last two have it: whatever is left out, they are not."""
    old = [Outcome(f"{number:03}.yaml", "accepted", unmet={"known": ("A",)}) for number in range(248)]
    some = [*old, *(Outcome(f"{number}.yaml", "missing", new=("B",)) for number in (248, 249))]
    for begin, shown in ((Markdown, 100), (Text, 40)):
        sink = Pages()
        sink.next_file("report")
        report = begin(Run(DAY, len(some)), sink)
        for each in some:
            report.add(each)
        report.close()
        text = sink.pages["report"]
        assert len(re.findall(r"(?m)^(?:\| `)?\d+\.yaml", text)) == shown
        assert text.index("248.yaml") < text.index("249.yaml") < text.index("000.yaml")
        assert f"and {250 - shown} more sites" in text

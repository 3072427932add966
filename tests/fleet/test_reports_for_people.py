"""Text, Markdown and portfolio of many sites: nothing looks better than it is, and what lacks is named."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from aclproof.linter.cli import run
from aclproof.linter.fleet.outcome import Cause, MethodOutcome, Outcome
from aclproof.linter.fleet.pieces import piece
from aclproof.linter.fleet.reports import Report, Run, Sink, lines
from aclproof.linter.fleet.reports.markdown import Markdown
from aclproof.linter.fleet.reports.text import Text
from aclproof.linter.reports import Look, render
from aclproof.rules import pack
from tests.reports.cases import result_of
from tests.reports.many_sites import DAY, Pages
from tests.reports.readers import Command, commands_of
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
    assert f"new: {', '.join(new)}" in told[2]
    for report in told[:2]:  # what it is, from where to where (no line permits 445 any more), and the port
        assert [f"new: {name} " in report for name in new] == [True] * len(new)
        assert ("new: CM2007-PUSH-SMB SMB from the site server to the client computer: "
                "10.1.1.10 -> 10.20.0.0/16 TCP 445") in report.replace("`", "").replace("\\", "")
    for report in told:
        assert f"New or grown since the baseline at 1 site: {', '.join(sorted(new))}" in report
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
    step = ("Next: aclproof check sites/branch/aclproof.yaml shows what is missing and why; "
            "aclproof fix sites/branch/aclproof.yaml prints verified permits")
    assert text.endswith(f"{step}.")
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


def annotated(some: Sequence[Outcome]) -> list[Command]:
    return list(commands_of(written(lines.Github, some)))


def test_github_has_each_line_once_and_first_what_was_not_read() -> None:
    """Eleven lines of one site each, and one that fifteen share: ten are shown, and that is one of them."""
    def of(file: str, text: str) -> dict[str, str]:
        found = f"::error file={file},line=7,title=SMB missing on fw::{text}\n"
        return {"github": f"{found}aclproof: 1 missing\n"}

    some = [*(Outcome(f"{number:02}.yaml", "missing", pieces=of(f"{number:02}.cfg", "one"))
              for number in range(11)),
            *(Outcome(f"{number}.yaml", "missing", pieces=of("hub.cfg", f"from 10.{number}.0.0/16"))
              for number in range(11, 26)),
            Outcome("bad.yaml", "unreadable", ("bad.yaml:1: wrong", "bad.yaml:2: wrong"))]
    first, second, third, *_ = found = annotated(some)
    assert len(found) == 10
    assert (first.properties["title"], first.data) == (
        "Not read at bad.yaml", "bad.yaml:1: wrong (and 1 more)")
    assert (second.properties["file"], second.properties["title"], second.data) == (
        "hub.cfg", "SMB missing on fw at 15 sites", "from 10.11.0.0/16 (for example at 11.yaml)")
    assert (third.properties["title"], third.data) == ("SMB missing on fw at 00.yaml", "one")
    assert written(lines.Github, some).splitlines()[-1].startswith(
        "aclproof: 27 sites: 26 with something missing, 1 NOT READ; 3 annotations are left out")


def test_github_has_request_and_reply_that_a_line_leaves_open_once() -> None:
    """A command that is not read leaves both ways of a requirement open; a site alone says each."""
    result = result_of("unread-command")
    both, once = (Counter(each.properties["title"] for each in commands_of(text) if "file" in each.properties)
                  for text in (render(result, "github"), piece("github", result, Look())))
    assert min(both.values()) == 2
    assert set(once.values()) == {1}
    assert both.keys() <= once.keys()


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


def written(begin: Callable[[Run, Sink], Report], some: Sequence[Outcome], look: Look | None = None) -> str:
    """A report of these sites, as wide as it likes."""
    sink = Pages()
    sink.next_file("report")
    report = begin(Run(DAY, len(some), look or Look(width=500)), sink)
    for each in some:
        report.add(each)
    report.close()
    return sink.pages["report"]


def test_the_worst_sites_are_listed_first_and_never_left_out() -> None:
    """Of 250 sites the last five are worse than the others, each for another reason."""
    old = [Outcome(f"{number:03}.yaml", "unproven") for number in range(245)]
    some = [*old, Outcome("245.yaml", "missing"), Outcome("246.yaml", "unproven", new=("B",)),
            Outcome("247.yaml", "missing", new=("B",)), Outcome("248.yaml", "unreadable", ("x",)),
            Outcome("249.yaml", "failed", ("y",))]
    for begin, shown in ((Markdown, 100), (Text, 40)):
        text = written(begin, some)
        listed = re.findall(r"(?m)^(?:\| `)?(\d+)\.yaml", text)
        assert len(listed) == shown
        assert listed[:7] == ["249", "248", "246", "247", "245", "000", "001"]
        assert f"and {250 - shown} more sites" in text
        assert "and 1 more site" in written(begin, some[-shown - 1:]).replace(": -v shows all", "")
        assert "1 more sites" not in written(begin, some[-shown - 1:])


def test_text_counts_accepted_sites_and_lists_those_with_something_to_look_at() -> None:
    some = [*(Outcome(f"{number}.yaml", "accepted", unmet={"known": ("A",)}) for number in range(14)),
            Outcome("cured.yaml", "accepted", unmet={"known": ("A",)}, cured=("B", "B")),
            Outcome("new.yaml", "missing", new=("A",))]
    text = written(Text, some)
    assert re.findall(r"(?m)^\S+\.yaml", text) == ["new.yaml", "cured.yaml"]
    assert "  cured: B\n" in text
    assert "14 sites are accepted and not listed: -v shows all\n" in text
    assert ": 15 accepted (not proven), 1 with something missing." in text
    assert written(Text, some, Look(width=500, verbose=True)).count("accepted (not proven)\n") == 15


def test_what_was_not_read_is_in_no_sum_unseen() -> None:
    """Ten sites, of which two were not read: the verdicts of the method are those of eight."""
    push = MethodOutcome("push", pack.Text("Push", "Push"), "works")
    some = [*(Outcome(f"{number}.yaml", "proven", (), (push,), {"met": 3}) for number in range(8)),
            Outcome("8.yaml", "unreadable", ("x",)), Outcome("9.yaml", "failed", ("y",))]
    text, markdown = written(Text, some), written(Markdown, some)
    assert re.findall(r"(?m)^Push +8 +0 +0 +0 +2$", text)
    assert "| Push | 8 | 0 | 0 | 0 | 2 |\n" in markdown
    for report in (text, markdown):
        assert "Of the 8 sites that were read: 24 of 24 requirements met" in report
        assert "Next: correct the site that could not be read: 8.yaml" in report


def line(config: str, text: str, *requirements: str, only_warned: bool = False) -> Cause:
    return Cause("line", "fw", f"{config}.cfg:7", text, text, requirements, only_warned=only_warned)


def test_lines_of_single_sites_that_are_alike_are_one_cause() -> None:
    """The same words that stop something else are another; a site counts once, however many its files."""
    some = [Outcome("a.yaml", "missing", causes=(line("a1", "deny", "SMB"), line("a2", "deny", "SMB"))),
            Outcome("b.yaml", "missing", causes=(line("b", "deny", "SMB"),)),
            Outcome("c.yaml", "missing", causes=(line("c", "deny", "RPC"),)),
            Outcome("d.yaml", "missing", causes=(line("d", "drop", "SMB"),))]
    text, markdown = written(Text, some), written(Markdown, some)
    assert "What stops most sites\n  2 sites  a1.cfg:7, a2.cfg:7 and 1 more  deny\n" in text
    assert text.count("  1 site  ") == 2
    assert "| 2 | `a1.cfg:7`, `a2.cfg:7`, `b.cfg:7` | `deny` |" in markdown
    assert "What stops it\n  1 site  c.cfg:7  deny\n" in written(Text, some[2:])


def test_the_next_step_is_at_the_line_that_most_sites_share() -> None:
    """A line that only stops what is warned of is not the one to begin with, at however many sites."""
    warns = line("dc", "no echo", "ECHO", only_warned=True)
    some = [Outcome("a.yaml", "missing", causes=(line("a", "deny", "SMB"), warns)),
            *(Outcome(site, "missing", causes=(line("hub", "deny", "WSUS"), warns))
              for site in ("b.yaml", "c.yaml")),
            Outcome("d.yaml", "unproven"), Outcome("e.yaml", "proven", causes=(warns,))]
    *_, first, second = written(Text, some).splitlines()
    assert first == ("Next: aclproof check b.yaml shows what hub.cfg:7 stops at 2 sites; "
                     "aclproof fix b.yaml prints verified permits.")
    assert second == "Then: aclproof check d.yaml names what is open and how to find it out."
    assert written(Text, some[-1:]).count("Next") == 0


def test_of_few_sites_the_text_has_the_block_of_each_that_asks(sites: Path, capsys: Output) -> None:
    shutil.rmtree(sites / "windows-three-vendors")
    assert run(["check", "sites", "--lang", "en", "-q"]) == 1
    text = capsys.readouterr().out
    assert text.count("\nMISSING  ") >= 3
    assert re.findall(r"(?m)^=== sites/(.+)/aclproof.yaml$", text) == [
        "branch", "two-in-series", "wsus-wrong-port"]
    run(["check", "sites", "--lang", "en", "-q", "--baseline", "known.json"])  # all of it is accepted
    assert "===" not in capsys.readouterr().out
    shutil.copytree(SITES / "windows-three-vendors", sites / "windows-three-vendors")
    run(["check", "sites", "--lang", "en", "-q"])
    assert "===" not in capsys.readouterr().out

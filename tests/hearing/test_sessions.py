"""A session of a device, as it was saved, held against its site: what every report says of it."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from aclproof.linter import schemas
from aclproof.linter.cli import run

ROOT = Path(__file__).parents[2]
CHECK = ["check", "--as-of", "2026-11-30", "--evidence", "session.log"]
SESSION = ROOT / "fixtures" / "transcripts" / "branch" / "branch-asa.txt"


@pytest.fixture(autouse=True)
def _site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "fixtures" / "sites" / "branch", tmp_path, dirs_exist_ok=True)
    shutil.copy(SESSION, tmp_path / "session.log")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")


def said(*options: str) -> dict[str, list[dict[str, object]]]:
    """The answers of the JSON report by how they stand."""
    assert run(["check", "--as-of", "2026-11-30", *options, "--format", "json=out.json", "-qq"]) == 1
    document = json.loads(Path("out.json").read_text())
    jsonschema.Draft202012Validator(schemas.load("check")).validate(document)
    found: dict[str, list[dict[str, object]]] = {}
    for each in document["evidence"]["said"]:
        found.setdefault(each["standing"], []).append(each)
    return found


def test_a_stale_configuration_is_named_with_phase_and_line() -> None:
    """The device has a deny for WSUS that the configuration has not: nothing passes by proof any more."""
    found = said("--evidence", "session.log")
    contradicted, = found["contradicted"]
    assert contradicted["decided_by"] == {
        "file": "branch-asa.cfg", "line": 62,
        "text": "access-list BRANCH-IN extended permit tcp 10.20.0.0 255.255.0.0 object WSUS1 eq 8530"}
    assert contradicted["requirements"] == ["CM2007-SUP-HTTP"]
    assert "phase 2, ACCESS-LIST, access-list BRANCH-IN extended deny tcp any object WSUS1 eq 8530" in str(
        contradicted["says"])
    assert [each["about"] for each in found["settled"]] == ["time-range OFFICE-HOURS: active"]
    assert [each["requirements"] for each in found["confirmed"]] == [["CM2007-PUSH-SMB"]]
    methods = json.loads(Path("out.json").read_text())["summary"]["methods"]
    assert "works" not in methods.values()


def test_what_was_not_asked_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """Of all that probe prints, what the session has neither entered nor answered otherwise."""
    said("--evidence", "session.log")
    document = json.loads(Path("out.json").read_text())
    marks = {each["requirement"]: each["answers"] for each in document["results"]}
    assert run(["probe", "--as-of", "2026-11-30", "--format", "json"]) == 0
    probes = [(machine["name"], each["commands"], each["requirements"])
              for machine in json.loads(capsys.readouterr().out)["machines"] for each in machine["probes"]]
    left = [(each["machine"], each["commands"], each["requirements"])
            for each in document["evidence"]["not_asked"]]
    assert [commands for _, commands, _ in probes if commands not in [each for _, each, _ in left]] == [
        ["packet-tracer input datacentre tcp 10.1.1.10 49152 10.20.0.77 445 detailed"], ["show time-range"],
        ["packet-tracer input branch tcp 10.20.0.10 1025 10.1.1.13 8530 detailed"]]
    assert all(each in probes for each in left)
    by_name = {name: sum(name in of for _, _, of in left) for name in marks}
    assert {name: of.get("not_asked", 0) for name, of in marks.items()} == by_name
    assert {name: {**of, "not_asked": 0} for name, of in marks.items() if set(of) - {"not_asked"}} == {
        "CM2007-PUSH-SMB": {"confirmed": 1, "not_asked": 0}, "CM2007-SWD-SMB": {"settled": 1, "not_asked": 0},
        "CM2007-SUP-HTTP": {"contradicted": 1, "not_asked": 0}}


@pytest.mark.parametrize(("more", "asked"), [
    ("packet-tracer input datacentre tcp 10.1.1.10 49152 10.20.0.10 445 detailed\n", True),
    ("packet-tracer input datacentre tcp 10.1.1.10 49152 10.20.0.10 445 detailed xml\n", False),
    ("packet-tracer input datacentre tcp 10.1.1.10 49152 10.20.0.10 44\n", False)])
def test_a_command_that_was_entered_was_asked(more: str, asked: bool) -> None:
    """Whatever came of it; and one that is cut, or another one, was not."""
    text = Path("session.log").read_text()
    Path("session.log").write_text(f"{text}branch-asa# {more}")
    said("--evidence", "session.log")
    left = json.loads(Path("out.json").read_text())["evidence"]["not_asked"]
    wanted = ["packet-tracer input datacentre tcp 10.1.1.10 49152 10.20.0.10 445 detailed"]
    assert (wanted not in [each["commands"] for each in left]) == asked


def test_without_the_contradiction_the_answer_settles_the_question() -> None:
    text = Path("session.log").read_text()
    Path("session.log").write_text(text[:text.index("branch-asa# packet-tracer input branch")])
    assert set(said("--evidence", "session.log")) == {"settled", "confirmed"}
    document = json.loads(Path("out.json").read_text())
    assert document["summary"]["methods"]["software-distribution"] == "works"
    assert {"key": "time-range OFFICE-HOURS", "value": "active"}.items() <= next(
        each for each in document["assumptions"] if each["origin"] == "fact").items()


def _unless_called(name: str, scandir: Callable[[str], object]) -> Callable[[str], object]:
    """As the system refuses a folder to all but root."""
    def refused(path: str) -> object:
        if os.path.basename(path) == name:
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return scandir(path)
    return refused


def test_every_way_to_name_it(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A file, a folder, a pattern, with its firewall."""
    Path("answers").mkdir()
    shutil.move("session.log", "answers/branch.log")
    for given in ("answers", "answers/*.log", "branch-asa=answers/branch.log"):
        assert len(said("--evidence", given)["contradicted"]) == 1
    assert run(["check", "--evidence", "branch=answers/branch.log"]) == 2
    assert "did you mean 'branch-asa'" in capsys.readouterr().err
    Path("more").mkdir()
    shutil.copy("answers/branch.log", "more/branch.log")
    assert run(["check", "--evidence", "*/*.log"]) == 1
    monkeypatch.setattr(os, "scandir", _unless_called("more", os.scandir))
    capsys.readouterr()
    assert run(["check", "--evidence", "*/*.log"]) == 2, "an answer in it may contradict"
    assert "more: " in capsys.readouterr().err
    Path("answers/empty.log").write_text("nothing\n")
    Path("answers/none.log").write_text("")
    assert len(said("--evidence", "answers")["contradicted"]) == 1
    assert run(["check", "--evidence", "answers/empty.log"]) == 2
    assert "answers/empty.log: no answer of a device is read in it" in capsys.readouterr().err


def test_reports_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    """At the line that decides here, at level error; each in the form of its program."""
    forms = [f"--format={form}=out.{form}" for form in ("sarif", "gitlab", "junit")]
    assert run([*CHECK, "--checks", "any-any", *forms, "--format=github"]) == 1
    annotations = [each for each in capsys.readouterr().out.splitlines() if "title=contradicted" in each]
    assert annotations[0].startswith("::error file=branch-asa.cfg,line=62,")
    of_run, = json.loads(Path("out.sarif").read_text())["runs"]
    schema = json.loads((ROOT / "tests" / "schemas" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate({"version": "2.1.0", "runs": [of_run]})
    rules = [each["id"] for each in of_run["tool"]["driver"]["rules"]]
    found, = [each for each in of_run["results"] if each["ruleId"] == "evidence/contradicted"]
    assert (rules[found["ruleIndex"]], found["level"]) == ("evidence/contradicted", "error")
    entry, = [each for each in json.loads(Path("out.gitlab").read_text())
              if each["check_name"] == "evidence/contradicted"]
    assert (entry["location"]["path"], entry["location"]["lines"]["begin"]) == ("branch-asa.cfg", 62)
    assert 'type="contradicted"' in Path("out.junit").read_text(encoding="utf-8")


def test_what_to_do_next_is_to_export_the_configuration_again(capsys: pytest.CaptureFixture[str]) -> None:
    Path("nothing.log").write_text("hello\n")
    assert run([*CHECK, "--evidence", "nothing.log"]) == 1
    text = capsys.readouterr().out
    assert text.endswith("\nNext: export the configuration of branch-asa again, and check with that.\n")
    assert "\n  nothing.log: no answer is read in it\n" in text
    assert "\n\n\n" not in text
    assert run([*CHECK, "--lang", "de"]) == 1
    assert "die Konfiguration von branch-asa neu exportieren" in " ".join(capsys.readouterr().out.split())


def test_what_many_counters_say_hides_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    entry = "access-list IN line {0} extended permit tcp any host 10.0.0.{0} eq 80 (hitcnt=7) 0x{0:08x}\n"
    Path("many.log").write_text("branch-asa# show access-list\naccess-list IN; 40 elements; name hash: 0x1\n"
                                f"{''.join(map(entry.format, range(1, 41)))}branch-asa# \n")
    Path("tnc.txt").write_text("PS> Test-NetConnection 192.0.2.1 -Port 80\nComputerName : 192.0.2.1\n"
                               "RemoteAddress : 192.0.2.1\nRemotePort : 80\nSourceAddress : 192.0.2.2\n"
                               "TcpTestSucceeded : True\n")
    assert run([*CHECK, "--evidence", "many.log", "--evidence", "tnc.txt"]) == 1
    text = capsys.readouterr().out
    assert "41 prove nothing" in " ".join(text.split())
    assert text.index("tnc.txt:6") < text.index("many.log:3")
    assert "and 33 more; -v shows all" in text
    assert "many.log (40 answers), tnc.txt (1 answer)" in " ".join(text.split())


def test_reports_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*CHECK, "--format=markdown=out.md", "--format=html=out.html", "--format=text"]) == 1
    for text in (capsys.readouterr().out, Path("out.md").read_text(encoding="utf-8"),
                 Path("out.html").read_text(encoding="utf-8")):
        assert "1 contradicted, 1 settled, 1 confirmed, 20 not asked" in text
        assert "1 confirmed, 4 not asked" in text
        assert "What devices say" in text
        plain = " ".join(text.replace("`", "").split())
        assert "branch-asa does otherwise than its configuration says (session.log:" in plain
        assert plain.index("does otherwise") < plain.index("CM2007-PUSH-ECHO")
    assert 'id="testimony"' in Path("out.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("last", ["Phase: 1", "found next-hop", "Type: ACCESS-LIST", "Result:\n",
                                  "output-line-status"])
def test_a_trace_without_its_result_is_named(last: str) -> None:
    """Cut anywhere before its action, with other answers after it."""
    text = SESSION.read_text(encoding="utf-8")
    begin, end = text.index("branch-asa# packet-tracer"), text.index("branch-asa# show time-range")
    cut = text[begin:text.rindex(last, begin, end)] + last.rstrip() + "\n"
    Path("session.log").write_text(text[:begin] + cut + text[end:])
    found = said("--evidence", "session.log")
    named, = [each for each in found["proves-nothing"] if each["kind"] == "packet"]
    assert (named["file"], named["line"]) == ("session.log", text[:begin].count("\n") + 1)
    assert named["says"] == "the answer is cut off or damaged"
    assert "allowed" not in named
    assert len([each for some in found.values() for each in some]) > 1

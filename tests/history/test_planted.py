"""200 commits of which three break something and two cure it: exactly these are named, with their lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aclproof.linter.cli import run
from tests.history.repositories import CONFIG, SITE, SMB, WEB, Builder

AS_OF = ("--as-of", "2026-01-15")
BREAKS, CURES = {40: "SMB lost", 97: "a deny above", 150: "group emptied"}, {60: "SMB again", 120: "no deny"}


def history(folder: Path) -> Builder:
    """The lines of one configuration are moved, renamed and spaced otherwise all the time."""
    build = Builder(folder)
    lines, acl, others, group = CONFIG.splitlines(), "DC-IN", 0, "10.1.1.11"
    planted = BREAKS | CURES
    for number in range(1, 201):
        subject = planted.get(number, "")
        match subject:
            case "SMB lost":
                lines.remove(SMB)
            case "SMB again":
                lines.insert(12, SMB)
            case "a deny above":
                lines.insert(12, "access-list BRANCH-IN extended deny tcp any any eq www")
            case "no deny":
                lines.remove("access-list BRANCH-IN extended deny tcp any any eq www")
            case "group emptied":
                group = "10.1.1.99"
        if subject:
            pass
        elif number % 5 == 0:
            acl, subject = f"DC-IN-{number}", "a list renamed"
        elif number % 5 == 1:
            others, subject = others + 1, "a permit for others"
        elif number % 5 == 2:
            subject = "spaces and comments"
        elif number % 5 == 3:
            subject = "a remark"
        else:
            build.commit(f"{number}: nothing of the site", {"README.md": f"{number}\n"})
            continue
        text = "\n".join(lines).replace("DC-IN", acl).replace("host 10.1.1.11", f"host {group}")
        for other in range(others):
            text += f"\naccess-list {acl} extended permit tcp host 10.9.9.{other + 1} any eq 9999"
        if subject == "spaces and comments":
            text = text.replace("\naccess-list", "\n!\naccess-list").replace("\n nameif", "\n   nameif")
        if subject == "a remark":
            text = text.replace("\naccess-list", f"\naccess-list {acl} remark of {number}\naccess-list", 1)
        build.commit(f"{number}: {subject}", {"fw.cfg": f"{text}\n", **({"aclproof.yaml": SITE} if number == 1
                                                                        else {})})
    build.build()
    return build


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = history(tmp_path_factory.mktemp("planted"))
    assert len(built.subjects) == 200
    return built.folder


def told(folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> Any:
    assert run(["history", str(folder / "aclproof.yaml"), *AS_OF, "--format", "json", *more]) == 1
    return json.loads(capsys.readouterr().out)


def test_exactly_the_planted_commits_are_named(
        repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(repository, capsys)
    changing = [(each["subject"], [(of["requirement"], of["change"]) for of in each["requirements"]],
                 [(of["method"], of["before"], of["after"]) for of in each["methods"]])
                for each in found["commits"] if each["requirements"] or each["methods"]]
    web = ["CM2007-GPO-MP-HTTP", "CM2007-PUSH-MP-HTTP"]
    both = [("client-push", "works", "blocked"), ("group-policy", "works", "blocked")]
    assert [(subject, sorted(of), methods) for subject, of, methods in changing] == [
        ("150: group emptied", [(each, "broken") for each in web], both),
        ("120: no deny", [(each, "cured") for each in web],
         [(name, after, before) for name, before, after in both]),
        ("97: a deny above", [(each, "broken") for each in web], both),
        ("60: SMB again", [("CM2007-PUSH-SMB", "cured")], [("client-push", "blocked", "works")]),
        ("40: SMB lost", [("CM2007-PUSH-SMB", "broken")], [("client-push", "works", "blocked")])]


def test_the_lines_that_decide_are_those_of_the_commit(
        repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changes = {each["subject"]: each["requirements"][0]
               for each in told(repository, capsys)["commits"] if each["requirements"]}
    denied = changes["97: a deny above"]
    assert [line["text"] for line in denied["decided_by"]] == [
        "access-list BRANCH-IN extended deny tcp any any eq www"]
    assert denied["decided_by"][0]["file"] == "fw.cfg"
    assert [line["text"] for line in denied["decided_before_by"]] == [WEB]
    lost = changes["40: SMB lost"]
    assert [line["kind"] for line in lost["decided_by"]] == ["implicit-deny"]
    assert "eq 445" in lost["decided_before_by"][0]["text"]
    assert "eq 445" in changes["60: SMB again"]["decided_by"][0]["text"]


def test_what_has_the_same_files_is_not_proven_again(
        repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    summary = told(repository, capsys)["summary"]
    assert (summary["commits"], summary["changing"], summary["unreadable"]) == (200, 5, 0)
    assert summary["touching"] <= 161  # every fifth commit is about something else
    assert summary["proven"] <= summary["touching"] + 1  # README.md comes into being beside the site once


def test_since_leaves_out_what_was_before(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for revision, names in (("HEAD~50", []), ("main~51", ["150"]), ("HEAD^^~100", ["150", "120"])):
        found = told(repository, capsys, "--since", revision)
        assert [each["subject"].split(":")[0] for each in found["commits"] if each["requirements"]] == names
        assert found["beginning"]["is_since"]

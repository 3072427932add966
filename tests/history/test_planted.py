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

NOISE = ("a list renamed", "a permit for others", "spaces and comments", "a remark", "nothing of the site")
DENY = "access-list BRANCH-IN extended deny tcp any any eq www"


def history(folder: Path) -> Builder:
    """The lines of one configuration are moved, renamed and spaced otherwise all the time."""
    build = Builder(folder)
    text, acl, others = CONFIG, "DC-IN", 0
    for number in range(1, 201):
        subject = (BREAKS | CURES).get(number) or NOISE[number % 5]
        others += subject == "a permit for others"
        if subject == "a list renamed":
            acl = f"DC-IN-{number}"
        text = planted(text, subject)
        lines = noisy(text, subject, number)
        lines += [f"access-list DC-IN extended permit tcp host 10.9.9.{other} any eq 9999"
                  for other in range(1, others + 1)]
        changed = {"README.md": f"{number}\n"} if subject == "nothing of the site" else {
            "fw.cfg": "".join(f"{line}\n" for line in lines).replace("DC-IN", acl)}
        build.commit(f"{number}: {subject}", changed | ({"aclproof.yaml": SITE} if number == 1 else {}))
    build.build()
    return build


def planted(text: str, subject: str) -> str:
    """What matters."""
    match subject:
        case "SMB lost":
            return text.replace(f"{SMB}\n", "")
        case "SMB again" | "a deny above":
            before = "access-list DC-IN extended permit tcp host 10.1.1.10 10.20.0.0 255.255.0.0 eq 135"
            return text.replace(before, f"{SMB if subject == 'SMB again' else DENY}\n{before}")
        case "no deny":
            return text.replace(f"{DENY}\n", "")
        case "group emptied":
            return text.replace("object host 10.1.1.11", "object host 10.1.1.99")
        case _:
            return text


def noisy(text: str, subject: str, number: int) -> list[str]:
    """What does not matter, for as long as one commit."""
    if subject == "spaces and comments":
        text = text.replace("\naccess-list", "\n!\naccess-list").replace("\n nameif", "\n   nameif")
    if subject == "a remark":
        text = text.replace("\naccess-list", f"\naccess-list DC-IN remark of {number}\naccess-list", 1)
    return text.splitlines()


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
    assert [line["text"] for line in denied["decided_by"]] == [DENY]
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

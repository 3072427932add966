"""What is named of special histories, and what is said where there is none."""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rich.cells import cell_len

from aclproof.linter import schemas
from aclproof.linter.cli import run
from tests.cli.command import shell
from tests.history.repositories import CONFIG, SITE, SMB, Builder, git

AS_OF = ("--as-of", "2026-01-15", "--lang", "en")
NO_SMB = CONFIG.replace(f"{SMB}\n", "")

Output = pytest.CaptureFixture[str]


def built(folder: Path, *commits: tuple[str, dict[str, str | None]]) -> Path:
    build = Builder(folder)
    for subject, files in commits:
        build.commit(subject, files)
    return build.build()


def told(folder: Path, capsys: Output, *more: str, site: str = "aclproof.yaml") -> Any:
    """The JSON of a history, which keeps its schema; nothing is left of its folder."""
    code = run(["history", str(folder / site), *AS_OF, "--format", "json", *more])
    found = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(schemas.load("history")).validate(found)
    assert code == {"proven": 0, "missing": 1, "unreadable": 2, "unproven": 3}[found["latest"]["end"]]
    return found


def changed(found: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """The subjects of commits, with what they did to requirements."""
    return [(each["subject"], [(of["requirement"], of["change"]) for of in each["requirements"]])
            for each in found["commits"] if each["requirements"]]


@pytest.fixture
def refused(capsys: Output) -> Any:
    def says(words: str, *arguments: str) -> None:
        assert run(["history", *arguments, *AS_OF]) == 2
        out, error = capsys.readouterr()
        assert (out, error.count("\n")) == ("", 1), error
        assert words in error
    return says


def test_what_cannot_be_walked_is_one_line(tmp_path: Path, refused: Any) -> None:
    folder = built(tmp_path / "it", ("one", {"aclproof.yaml": SITE, "fw.cfg": CONFIG}), ("two", {"x": "y"}))
    site = str(folder / "aclproof.yaml")
    (tmp_path / "aclproof.yaml").write_text(SITE, encoding="utf-8")
    refused("no Git repository holds this file", str(tmp_path / "aclproof.yaml"))
    refused("no commit is called 'v9'", site, "--since", "v9")
    refused("no commit is called 'HEAD~2'", site, "--since", "HEAD~2")
    refused("no commit is called 'HEAD^3'", site, "--since", "HEAD^3")
    refused("name a commit", site, "--since", "")
    refused("no commit of this history has the file other.yaml", str(folder / "other.yaml"))
    refused("is a folder: name the site file in it", str(folder))
    refused("is no site file", str(folder / "fw.cfg"))
    git(tmp_path, "clone", "--quiet", "--depth=1", folder.as_uri(), "shallow")
    refused("this is a shallow clone", str(tmp_path / "shallow" / "aclproof.yaml"))
    git(tmp_path, "clone", "--quiet", "--bare", folder.as_uri(), "bare")
    refused("this is a bare repository", str(tmp_path / "bare" / "aclproof.yaml"))
    git(tmp_path, "init", "--quiet", "empty")
    refused("no commit is called 'HEAD'", str(tmp_path / "empty" / "aclproof.yaml"))
    (folder / ".git" / "config").write_text("[core]\nrepositoryformatversion = 9\n")
    refused("or of a newer format", site)


def test_damaged_objects_are_one_line(tmp_path: Path, refused: Any) -> None:
    folder = built(tmp_path, ("one", {"aclproof.yaml": SITE, "fw.cfg": CONFIG}))
    tree = git(folder, "rev-parse", "HEAD^{tree}")
    for kept in (folder / ".git" / "objects" / tree[:2]).iterdir():
        kept.chmod(0o600)
        kept.write_bytes(b"damaged")
    refused("see what 'git fsck' says", str(folder / "aclproof.yaml"))


def test_without_dulwich_the_command_says_how_to_get_it(
        tmp_path: Path, refused: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dulwich.repo", None)
    refused("install it: pip install '.[history]'", str(tmp_path / "aclproof.yaml"))


def test_a_shallow_clone_will_do_for_what_it_has(tmp_path: Path, capsys: Output) -> None:
    files = {"aclproof.yaml": SITE, "fw.cfg": CONFIG}
    folder = built(tmp_path / "it", ("one", {**files}), ("two", {"fw.cfg": NO_SMB}), ("three", {"x": "y"}))
    git(tmp_path, "clone", "--quiet", "--depth=2", folder.as_uri(), "shallow")
    assert changed(told(tmp_path / "shallow", capsys, "--since", "HEAD~1")) == []
    git(tmp_path, "clone", "--quiet", "--depth=3", folder.as_uri(), "deeper")
    assert [each for each, _ in changed(told(tmp_path / "deeper", capsys, "--since", "HEAD~2"))] == ["two"]


def test_what_was_so_before_the_first_commit_that_is_told_is_said_to_be_so(tmp_path: Path,
                                                                           capsys: Output) -> None:
    folder = built(tmp_path, ("one", {"aclproof.yaml": SITE, "fw.cfg": CONFIG}), ("two", {"fw.cfg": NO_SMB}),
                   ("three", {"aclproof.yaml": "roles: ["}), ("four", {"aclproof.yaml": SITE}))
    site = str(folder / "aclproof.yaml")
    for form in ("text", "markdown", f"html={tmp_path / 'all.html'}"):
        run(["history", site, *AS_OF, "--format", form])
        run(["history", site, *AS_OF, "--since", "HEAD~2", "--format", form.replace("all", "since")])
    out = " ".join(capsys.readouterr().out.replace("`", "").split())
    two = git(folder, "rev-parse", "--short=10", "HEAD~2").strip()
    for text in (out, (tmp_path / "since.html").read_text(encoding="utf-8")):
        assert f"{two} or before" in text
        assert f"1 commit between {two} and " in text
    assert "the beginning" in (tmp_path / "all.html").read_text(encoding="utf-8")
    assert "the beginning" not in (tmp_path / "since.html").read_text(encoding="utf-8")


def test_since_another_branch_is_since_the_two_part(tmp_path: Path, capsys: Output) -> None:
    build = Builder(tmp_path)
    build.commit("one", {"aclproof.yaml": SITE, "fw.cfg": NO_SMB})
    two = build.commit("two", {"fw.cfg": CONFIG})
    build.commit("aside", {"y": "z"}, branch="other", start=two)
    build.commit("three", {"fw.cfg": NO_SMB})
    found = told(build.build(), capsys, "--since", "other")
    assert changed(found) == [("three", [("CM2007-PUSH-SMB", "broken")])]
    assert found["beginning"]["commit"] == git(tmp_path, "rev-parse", "main~1")


def test_a_merge_is_one_change_and_the_branch_is_not_told(tmp_path: Path, capsys: Output) -> None:
    build = Builder(tmp_path)
    one = build.commit("one", {"aclproof.yaml": SITE, "fw.cfg": CONFIG})
    build.commit("aside", {"fw.cfg": NO_SMB}, branch="other", start=one)
    aside = build.commit("still aside", {"x": "y"}, branch="other")
    build.commit("two", {"z": "z"})
    build.commit("merged", {"fw.cfg": NO_SMB, "x": "y"}, merge=aside)
    found = told(build.build(), capsys)
    assert changed(found) == [("merged", [("CM2007-PUSH-SMB", "broken")])]
    assert [each["merge"] for each in found["commits"]] == [True, False]


def test_where_the_site_cannot_be_read_its_neighbours_are_compared(tmp_path: Path, capsys: Output) -> None:
    folder = built(
        tmp_path, ("one", {"aclproof.yaml": SITE, "fw.cfg": CONFIG}),
        ("broken", {"aclproof.yaml": "roles: ["}),
        ("SMB lost", {"fw.cfg": NO_SMB}), ("repaired", {"aclproof.yaml": SITE}),
        ("no file", {"fw.cfg": None}), ("and again", {"fw.cfg": NO_SMB}), ("gone", {"aclproof.yaml": None}),
        ("back", {"aclproof.yaml": SITE}))
    found = told(folder, capsys)
    assert changed(found) == [("repaired", [("CM2007-PUSH-SMB", "broken")])]
    told_of = {each["subject"]: each for each in found["commits"]}
    assert told_of["repaired"]["unreadable_between"] == 2
    assert told_of["repaired"]["compared_with"] == told_of["one"]["commit"]
    assert "fw.cfg: no such file" in told_of["no file"]["problems"][0]
    assert "aclproof.yaml: no such file" in told_of["gone"]["problems"][0]
    assert found["latest"]["methods"][0] == {"method": "client-push", "verdict": "blocked",
                                             "since": told_of["repaired"]["commit"]}
    run(["history", str(folder / "aclproof.yaml"), *AS_OF])
    text = capsys.readouterr().out
    ends = (told_of[each]["commit"][:10] for each in ("one", "repaired"))
    assert f"2 commits between {' and '.join(ends)} cannot be read." in " ".join(text.split())
    assert "NOT READABLE aclproof.yaml:2: this is not valid YAML" in text


def test_where_the_site_file_was_renamed_the_history_begins(tmp_path: Path, capsys: Output) -> None:
    folder = built(tmp_path, ("one", {"old.yaml": SITE, "fw.cfg": CONFIG}), ("two", {"fw.cfg": NO_SMB}),
                   ("moved", {"old.yaml": None, "aclproof.yaml": SITE}), ("three", {"x": "y"}))
    found = told(folder, capsys)
    assert (changed(found), found["beginning"]["was_called"]) == ([], "old.yaml")
    run(["history", str(folder / "aclproof.yaml"), *AS_OF])
    assert "The site file begins here; until then it was old.yaml." in capsys.readouterr().out


def test_links_that_lead_out_are_refused_and_others_followed(tmp_path: Path, capsys: Output) -> None:
    secret = tmp_path / "secret.cfg"
    secret.write_text(CONFIG, encoding="utf-8")
    folder = built(
        tmp_path / "it",
        ("one", {"aclproof.yaml": SITE, "asa/real.cfg": CONFIG, "fw.cfg": "-> asa/real.cfg"}),
        ("behind the link", {"asa/real.cfg": NO_SMB}), ("out", {"fw.cfg": f"-> {secret}"}),
        ("up", {"fw.cfg": "-> ../secret.cfg"}), ("a folder", {"fw.cfg": None, "out": f"-> {tmp_path}",
         "aclproof.yaml": SITE.replace("fw.cfg", "out/secret.cfg")}),
        ("above", {"aclproof.yaml": SITE.replace("fw.cfg", "../secret.cfg")}))
    found = told(folder, capsys)
    assert changed(found) == [("behind the link", [("CM2007-PUSH-SMB", "broken")])]
    for each in found["commits"][:4]:
        assert "lies outside" in each["problems"][0], each["subject"]
        assert tempfile.gettempdir() + "/aclproof-" not in each["problems"][0]


@pytest.mark.parametrize(("files", "change", "of"), [
    ({"own.yaml": "roles: {management-point: [10.1.1.99]}\n"},
     {"own.yaml": "roles: {management-point: 10.1.1.11}\n"}, "extends"),
    ({"gw.ipset": "create c hash:net\nadd c 10.99.0.0/16\n"},
     {"gw.ipset": "create c hash:net\nadd c 10.20.0.0/16\n"}, "ipset"),
    ({"parts/a.nft": "# nothing\n"}, {"parts/a.nft": "add rule inet f fwd tcp dport 80 accept\n"}, "nft"),
    ({}, {"parts/b.nft": "add rule inet f fwd tcp dport 80 accept\n"}, "nft")])
def test_every_file_of_a_site_counts(files: dict[str, str | None], change: dict[str, str | None], of: str,
                                     tmp_path: Path, capsys: Output) -> None:
    site, config = SITE.replace("client-push, ", ""), CONFIG
    match of:
        case "ipset":
            site = site.replace("config: fw.cfg", "config: fw.cfg, ipset: gw.ipset")
            config = ("*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n"
                      "-A FORWARD -m state --state ESTABLISHED -j ACCEPT\n"
                      "-A FORWARD -m set --match-set c src -p tcp --dport 80 -j ACCEPT\nCOMMIT\n")
        case "nft":
            config = ("table inet f {\n chain fwd {\n  type filter hook forward priority 0; policy drop;\n"
                      "  ct state established accept\n }\n}\ninclude \"./parts/*.nft\"\n")
            files = {"parts/README": "x", **files}
        case _:
            site = "extends: own.yaml\n" + site.replace("  management-point: [10.1.1.11]\n", "")
    folder = built(tmp_path, ("begin", {"aclproof.yaml": site, "fw.cfg": config, **files}),
                   ("nothing", {"x": "y"}), ("the change", {**change}), ("more", {"z": "z"}))
    (subject, [(requirement, kind)]), = changed(told(folder, capsys))
    assert (subject, requirement) == ("the change", "CM2007-GPO-MP-HTTP")
    assert kind in ("cured", "undecided")


def test_waivers_are_told_and_the_day_is_the_same_for_all(tmp_path: Path, capsys: Output) -> None:
    waiver = ("waivers:\n  - {id: w, requirement: CM2007-PUSH-SMB, reason: r, owner: me, "
              "created: 2026-01-01, expires: 2026-06-30}\n")
    site = f"{SITE}waivers: w.yaml\n"
    folder = built(
        tmp_path, ("one", {"aclproof.yaml": site, "fw.cfg": NO_SMB, "w.yaml": "waivers: []\n"}),
        ("waived", {"w.yaml": waiver}), ("not any more", {"w.yaml": "waivers: []\n"}))
    assert changed(told(folder, capsys)) == [("not any more", [("CM2007-PUSH-SMB", "unwaived")]),
                                             ("waived", [("CM2007-PUSH-SMB", "waived")])]
    assert changed(told(folder, capsys, "--as-of", "2026-12-01")) == []


def test_more_of_what_is_missing_is_worse(tmp_path: Path, capsys: Output) -> None:
    half = CONFIG.replace(SMB, SMB.replace("10.20.0.0 255.255.0.0", "10.20.0.0 255.255.128.0"))
    other = CONFIG.replace(SMB, SMB.replace("10.20.0.0 255.255.0.0", "10.20.128.0 255.255.128.0"))
    folder = built(tmp_path, ("one", {"aclproof.yaml": SITE, "fw.cfg": half}), ("all", {"fw.cfg": NO_SMB}),
                   ("half", {"fw.cfg": half}), ("the other half", {"fw.cfg": other}),
                   ("renamed", {"aclproof.yaml": SITE.replace("name: fw", "name: asa")}))
    assert changed(told(folder, capsys)) == [
        ("the other half", [("CM2007-PUSH-SMB", "shifted")]), ("half", [("CM2007-PUSH-SMB", "better")]),
        ("all", [("CM2007-PUSH-SMB", "worse")])]


def test_names_of_authors_and_subjects_cannot_act(tmp_path: Path, capsys: Output) -> None:
    build = Builder(tmp_path)
    build.commit("one", {"aclproof.yaml": SITE, "fw.cfg": CONFIG})
    build.commit("::error::x \x1b[31m<script>alert(1)</script> ##vso[task] @all", {"fw.cfg": NO_SMB},
                 author="\u202eeve\x1b]0;x\x07")
    folder = build.build()
    page = tmp_path / "page.html"
    assert run(["history", str(folder / "aclproof.yaml"), *AS_OF, "--format", "text",
                "--format", f"html={page}"]) == 1
    markup = page.read_text(encoding="utf-8")
    assert "<script>" not in markup
    text = capsys.readouterr().out + markup
    assert not [sign for sign in ("\x1b", "\u202e", "\x07", "##vso[") if sign in text]
    for form in ("markdown", "json"):
        run(["history", str(folder / "aclproof.yaml"), *AS_OF, "--format", form])
        out = capsys.readouterr().out
        assert not [sign for sign in ("\x1b", "\u202e", "\x07", "##vso[") if sign in out]


def test_nothing_is_left_and_nothing_is_checked_out(tmp_path: Path, capsys: Output) -> None:
    folder = built(tmp_path / "it", ("one", {"aclproof.yaml": SITE, "fw.cfg": CONFIG}),
                   ("two", {"fw.cfg": NO_SMB}))
    (folder / "fw.cfg").write_text("not committed", encoding="utf-8")
    (temporary := tmp_path / "tmp").mkdir()
    before = git(folder, "status", "--porcelain")
    done = shell("aclproof history --as-of 2026-01-15", folder, {"TMPDIR": str(temporary)})
    assert (done.code, done.err) == (1, "")
    assert b"SMB" in done.out
    assert os.listdir(temporary) == []
    assert git(folder, "status", "--porcelain") == before
    done = shell("aclproof history --format json=fw.cfg", folder, {"TMPDIR": str(temporary)})
    done.says("fw.cfg is an input")
    assert os.listdir(temporary) == []


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("verbose", [(), ("-v",)])
def test_no_line_is_wider_than_a_terminal(language: str, verbose: tuple[str, ...], tmp_path: Path,
                                          capsys: Output) -> None:
    folder = built(tmp_path, ("one " * 40, {"aclproof.yaml": SITE, "fw.cfg": CONFIG}),
                   ("two", {"fw.cfg": NO_SMB}), ("three", {"fw.cfg": None}), ("four", {"fw.cfg": CONFIG}))
    run(["history", str(folder / "aclproof.yaml"), "--as-of", "2026-01-15", "--lang", language, *verbose])
    out = capsys.readouterr().out
    assert [line for line in out.splitlines() if cell_len(line) > 80] == []
    assert ("BROKEN" in out) == (language == "en")


def test_the_report_is_the_same_in_every_run(tmp_path: Path, capsys: Output) -> None:
    folder = built(tmp_path, ("one", {"aclproof.yaml": SITE, "fw.cfg": CONFIG}), ("two", {"fw.cfg": NO_SMB}))
    for form in ("text", "json", "markdown", "html"):
        outs = set()
        for _ in range(2):
            run(["history", str(folder / "aclproof.yaml"), *AS_OF, "--format", form])
            outs.add(capsys.readouterr().out)
        assert len(outs) == 1
        assert "CM2007-PUSH-SMB" in outs.pop()


def test_a_file_without_a_reader_is_no_site(tmp_path: Path, capsys: Output,
                                            monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"")))
    folder = built(tmp_path, ("one", {"aclproof.yaml": SITE.replace("fw.cfg", "-"), "fw.cfg": CONFIG}))
    found = told(folder, capsys)
    assert found["latest"]["end"] == "unreadable"


def test_what_was_there_before_is_not_proven_again(tmp_path: Path, capsys: Output) -> None:
    back_and_forth: list[tuple[str, dict[str, str | None]]] = [
        (f"{number}", {"fw.cfg": NO_SMB if number % 2 else CONFIG}) for number in range(20)]
    folder = built(tmp_path, ("one", {"aclproof.yaml": SITE, "fw.cfg": CONFIG}), *back_and_forth[1:])
    found = told(folder, capsys)
    assert [each for each, _ in changed(found)] == [str(number) for number in range(19, 0, -1)]
    assert found["summary"]["proven"] == 2

"""Many sites before and after a change: two folders of sites, and files that changed."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from aclproof.linter.cli import run

SITES = Path(__file__).parents[2] / "fixtures" / "sites"
Output = pytest.CaptureFixture[str]


@pytest.fixture
def trees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`base` and `head` with the same three sites, one of them deeper than the others."""
    for tree in ("base", "head"):
        for name, place in (("branch", "branch"), ("two-in-series", "deep/two"), ("linux-by-hand", "linux")):
            shutil.copytree(SITES / name, tmp_path / tree / place)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def states(capsys: Output) -> dict[str, tuple[str, int]]:
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "aclproof/diffs/v1"
    assert all((each["diff"] is not None) is (each["state"] == "changed") for each in found["sites"])
    return {each["site"]: (each["state"], each["code"]) for each in found["sites"]}


def test_only_sites_that_a_change_touches_are_compared(trees: Path, capsys: Output) -> None:
    assert run(["diff", "base", "head", "--format", "json"]) == 0
    assert set(states(capsys).values()) == {("unchanged", 0)}
    # the permit for TCP 80 to the management point is the only one
    change(trees / "head" / "branch" / "branch-asa.cfg", " extended permit tcp", " extended deny tcp")
    shutil.rmtree(trees / "head" / "linux")
    shutil.copytree(SITES / "wsus-wrong-port", trees / "head" / "more")
    assert run(["diff", "base", "head", "--format", "json"]) == 1
    assert states(capsys) == {
        "branch/aclproof.yaml": ("changed", 1), "deep/two/aclproof.yaml": ("unchanged", 0),
        "linux/aclproof.yaml": ("removed", 3), "more/aclproof.yaml": ("added", 0)}
    assert run(["diff", "base", "head"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("=== branch/aclproof.yaml\nbase/branch/aclproof.yaml -> head/branch/aclproof.yaml")
    assert out.endswith("\n1 unchanged, 1 changed, 1 added, 1 removed\n"
                        "Added, and not compared (1 site): more\n"
                        "Removed, and not compared (1 site): linux\nWORSE (1 site): branch\n")


def test_sites_that_fare_alike_are_one_block_and_the_end_says_which_fare_how(
        trees: Path, capsys: Output) -> None:
    """Two lose the same line of a file that they share, one is broken; two get better and open more, one of
    them everything, the other UDP 135 to anybody."""
    shutil.rmtree(trees / "base" / "deep")
    shutil.rmtree(trees / "head" / "deep")
    for tree in ("base", "head"):
        (trees / tree / "shared.cfg").write_bytes((SITES / "branch" / "branch-asa.cfg").read_bytes())
        (trees / tree / ".aclproof").touch()
        for name in ("one", "two", "open", "cured", "bad"):
            shutil.copytree(SITES / "branch", trees / tree / name)
        for name in ("one", "two"):
            change(trees / tree / name / "aclproof.yaml", "branch-asa.cfg", "../shared.cfg")
    change(trees / "head" / "shared.cfg", " extended permit tcp", " extended deny tcp")
    change(trees / "head" / "open" / "branch-asa.cfg", "access-group DATACENTRE-IN",
           "access-list DATACENTRE-IN extended permit ip any any\naccess-group DATACENTRE-IN")
    change(trees / "head" / "cured" / "branch-asa.cfg", " inactive", "")
    (trees / "head" / "bad" / "aclproof.yaml").write_text("roles: {\n")
    assert run(["diff", "base", "head", "--lang", "en"]) == 2
    out = capsys.readouterr().out
    assert re.findall(r"(?m)^=== (.*)$", out) == [
        "one/aclproof.yaml, and alike at 1 more site: two", "cured/aclproof.yaml", "open/aclproof.yaml"]
    assert out.splitlines()[-5:] == [  # `branch` and `linux` stay
        "2 unchanged, 5 changed", "NOT READ (1 site): bad", "WORSE (2 sites): one, two",
        "opens more than any requirement asks (2 sites): cured, open", "better (2 sites): cured, open"]
    assert run(["diff", "base", "head", "--lang", "en", "--format", "markdown"]) == 2
    text = capsys.readouterr().out
    assert text.startswith("## Firewall change: ")
    assert text.index("- WORSE (2 sites): `one`, `two`\n") < text.index("### `one/aclproof.yaml`, and alike")
    blocks = re.split(r"(?m)^###.*\n\n", text)[1:]
    assert len(blocks) == 3
    assert all(re.fullmatch(r"(?:    .*\n|\n)*", block) for block in blocks)


def test_what_differs_in_the_verdict_is_another_block(trees: Path, capsys: Output) -> None:
    """Both lose the same line of one file; at one of them it did not work before, as a role is elsewhere."""
    for tree in ("base", "head"):
        (trees / tree / ".aclproof").touch()
        (trees / tree / "shared.cfg").write_bytes((SITES / "branch" / "branch-asa.cfg").read_bytes())
        for name in ("one", "two"):
            shutil.copytree(SITES / "branch", trees / tree / name)
            change(trees / tree / name / "aclproof.yaml", "branch-asa.cfg", "../shared.cfg")
        change(trees / tree / "two" / "aclproof.yaml", "client: [10.20.0.0/16]", "client: [10.20.192.0/18]")
    change(trees / "head" / "shared.cfg", "eq 445", "eq 446")
    assert run(["diff", "base", "head", "--lang", "en"]) == 1
    out = capsys.readouterr().out
    assert "alike" not in out
    assert "=== one/aclproof.yaml\n" in out


def test_the_folders_need_not_stand_side_by_side(trees: Path, capsys: Output) -> None:
    """As with `git worktree add ../base`; what a site has in common with others may be outside of both."""
    for tree in ("base", "head"):
        (trees / tree / ".aclproof").touch()
        (trees / tree / "sites").mkdir()
        for name in ("branch", "deep", "linux"):
            (trees / tree / name).rename(trees / tree / "sites" / name)
        change(trees / tree / "sites" / "branch" / "aclproof.yaml", "branch-asa.cfg", "../../branch-asa.cfg")
        (trees / tree / "sites" / "branch" / "branch-asa.cfg").rename(trees / tree / "branch-asa.cfg")
    os.chdir("head")
    assert run(["diff", "../base/sites", "sites", "--format", "json"]) == 0
    assert set(states(capsys).values()) == {("unchanged", 0)}


def test_a_site_that_cannot_be_read_does_not_stop_the_others(trees: Path, capsys: Output) -> None:
    (trees / "head" / "linux" / "aclproof.yaml").write_text("roles: {\n")
    change(trees / "head" / "branch" / "branch-asa.cfg", " extended permit tcp", " extended deny tcp")
    assert run(["diff", "base", "head", "--format", "json"]) == 2
    out, err = capsys.readouterr()
    assert {each["site"]: each["code"] for each in json.loads(out)["sites"]} == {
        "branch/aclproof.yaml": 1, "deep/two/aclproof.yaml": 0, "linux/aclproof.yaml": 2}
    assert err.startswith("aclproof: head/linux/aclproof.yaml:2: this is not valid YAML")


@pytest.mark.parametrize("options", [["--firewall", "x"], ["--script"], ["--no-script"], ["--chain", "x"],
                                     ["--client", "10.0.0.1"]])
def test_what_is_about_one_site_is_refused(trees: Path, capsys: Output, options: list[str]) -> None:
    assert run(["diff", "base", "head", *options]) == 2
    assert "is about one site, and these are folders of many" in capsys.readouterr().err


def asked(capsys: Output) -> list[str]:
    return [json.loads(line)["site"] for line in capsys.readouterr().out.splitlines()]


def test_changed_files_choose_the_sites_that_name_them(
        trees: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    call = ["check", "--sites", "head", "--format", "jsonl", "--jobs", "1", "-q"]
    run([*call, "head/branch/branch-asa.cfg", "README.md"])
    assert asked(capsys) == ["head/branch/aclproof.yaml"]
    run([*call, "head/branch/../linux/aclproof.yaml"])  # under another name
    assert asked(capsys) == ["head/linux/aclproof.yaml"]
    # lines of any system, and what `git diff -z` writes: a name may hold all but NUL, in any encoding
    for listed in (b"head/branch/branch-asa.cfg\n\nhead/linux/aclproof.yaml\n",
                   b"head/branch/branch-asa.cfg\r\nhead/linux/aclproof.yaml",
                   b"head/branch/branch-asa.cfg\0gr\xfc\xdfe\n.txt\0head/linux/aclproof.yaml\0"):
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(listed), "utf-8"))
        run([*call, "-"])
        assert asked(capsys) == ["head/branch/aclproof.yaml", "head/linux/aclproof.yaml"]
    (trees / "head" / "branch" / "branch-asa.cfg").unlink()  # a commit may delete one, and others not name it
    for changed in (["head/branch/branch-asa.cfg"], ["README.md"], []):
        assert run([*call, *changed]) == 2
        assert asked(capsys) == ["head/branch/aclproof.yaml"]


def test_where_no_site_is_touched_nothing_is_proven_and_nothing_fails(trees: Path, capsys: Output) -> None:
    (trees / "README.md").touch()
    assert run(["check", "--sites", "head", "README.md"]) == 0
    assert capsys.readouterr() == ("0 sites.\n", "aclproof: no site names a file that changed: nothing is to "
                                                 "be proven\n")


def test_a_site_that_cannot_be_read_is_looked_at_whatever_changed(trees: Path, capsys: Output) -> None:
    (trees / "head" / "linux" / "aclproof.yaml").write_text("roles: {\n")
    assert run(["check", "--sites", "head", "--format", "jsonl", "README.md"]) == 2
    assert asked(capsys) == ["head/linux/aclproof.yaml"]


def test_links_and_folders_on_the_way_to_a_file_touch_a_site(trees: Path, capsys: Output) -> None:
    """`git diff` names a link that leads elsewhere now, and a submodule; not what is in them."""
    (trees / ".aclproof").touch()
    (trees / "head" / "branch" / "branch-asa.cfg").rename(trees / "branch-asa.cfg")
    (trees / "configs" / "new").mkdir(parents=True)
    (trees / "branch-asa.cfg").rename(trees / "configs" / "new" / "branch-asa.cfg")
    (trees / "configs" / "current").symlink_to("new", target_is_directory=True)
    (trees / "way").symlink_to("configs/current")
    (trees / "linked").symlink_to("head/linux", target_is_directory=True)
    change(trees / "head" / "branch" / "aclproof.yaml", "branch-asa.cfg", "../../way/branch-asa.cfg")
    call = ["check", "--sites", "head", "--format", "jsonl", "--jobs", "1", "-q"]
    for changed in ("configs/current", "configs", "way", "configs/new", "way/branch-asa.cfg",
                    "configs/current/branch-asa.cfg", "configs/new/branch-asa.cfg"):
        run([*call, changed])
        assert asked(capsys) == ["head/branch/aclproof.yaml"], changed
    run([*call, "linked/aclproof.yaml"])
    assert asked(capsys) == ["head/linux/aclproof.yaml"]
    (trees / "head" / "branch" / "cur").symlink_to("sub")
    (trees / "head" / "branch" / "sub").mkdir()
    change(trees / "head" / "branch" / "aclproof.yaml", "../../way/", "cur/../../../way/")
    run([*call, "head/branch/cur"])
    assert asked(capsys) == ["head/branch/aclproof.yaml"]
    for changed in ("linked", "configs/old", "head/bran", "configs/currents"):
        run([*call, changed])
        assert asked(capsys) == [], changed


def test_a_file_of_the_command_line_touches_every_site(trees: Path, capsys: Output) -> None:
    (trees / "w.yaml").write_text("waivers: []\n")
    shutil.copytree(trees / "head", trees / "every")
    (trees / "rules").mkdir()
    own = (SITES.parents[1] / "rules" / "configmgr-2007.yaml").read_text("utf-8")
    (trees / "rules" / "own.yaml").write_text(own)
    run(["check", "every", "--write-baseline", "known.json", "-q"])
    capsys.readouterr()
    call = ["check", "--sites", "every", "--format", "jsonl", "--jobs", "1", "-q", "--waivers", "w.yaml",
            "--pack", "own", "--baseline", "known.json"]
    for changed in ("w.yaml", "rules/own.yaml", "rules", "known.json"):
        run([*call, changed])
        assert len(asked(capsys)) == 3, changed
    run([*call, "README.md"])
    assert asked(capsys) == []


def test_an_empty_list_of_changes_is_told(
        trees: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b"\n"), "utf-8"))
    assert run(["check", "--sites", "head", "-q", "-"]) == 0
    assert capsys.readouterr().err == "aclproof: standard input lists no file that changed\n"
    assert run(["check", "--sites", "head", "-q"]) == 0
    assert "no file is named that changed" in capsys.readouterr().err


def test_a_name_that_git_quotes_is_no_file_that_did_not_change(
        trees: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b'"head/m\\303\\274nchen/fw.cfg"\n'), "utf-8"))
    assert run(["check", "--sites", "head", "-"]) == 2
    assert "list names by 'git diff -z --name-only'" in capsys.readouterr().err


def test_a_site_with_a_file_that_is_gone_is_looked_at(trees: Path, capsys: Output) -> None:
    """Whatever it is: what lists changes may leave out those that were deleted."""
    change(trees / "head" / "branch" / "aclproof.yaml", "firewalls:", "waivers: gone.yaml\nfirewalls:")
    assert run(["check", "--sites", "head", "--format", "jsonl", "README.md"]) == 2
    assert asked(capsys) == ["head/branch/aclproof.yaml"]


def test_a_site_at_the_top_is_one_of_many(trees: Path, capsys: Output) -> None:
    for tree in ("base", "head"):
        shutil.copytree(SITES / "branch", trees / tree, dirs_exist_ok=True)
    change(trees / "head" / "branch" / "branch-asa.cfg", " extended permit tcp", " extended deny tcp")
    assert run(["diff", "base", "head", "--format", "json"]) == 1
    assert states(capsys) == {
        "aclproof.yaml": ("unchanged", 0), "branch/aclproof.yaml": ("changed", 1),
        "deep/two/aclproof.yaml": ("unchanged", 0), "linux/aclproof.yaml": ("unchanged", 0)}
    for tree in ("base", "head"):
        for below in ("branch", "deep", "linux"):
            shutil.rmtree(trees / tree / below)
    assert run(["diff", "base", "head", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == "aclproof/diff/v1"


def test_what_is_missing_on_both_sides_is_not_unchanged(trees: Path, capsys: Output) -> None:
    for tree in ("base", "head"):
        (trees / tree / "branch" / "branch-asa.cfg").unlink()
    assert run(["diff", "base", "head", "--format", "json"]) == 2
    out, err = capsys.readouterr()
    assert {each["site"]: each["code"] for each in json.loads(out)["sites"]} == {
        "branch/aclproof.yaml": 2, "deep/two/aclproof.yaml": 0, "linux/aclproof.yaml": 0}
    assert "branch/branch-asa.cfg: no such file" in err


def test_a_folder_that_leads_out_of_the_root_is_not_compared_and_not_passed_over(
        trees: Path, capsys: Output) -> None:
    shutil.copytree(SITES / "branch", trees / "elsewhere" / "s3cr3t")
    for tree in ("base", "head"):
        (trees / tree / "link").symlink_to("../elsewhere", target_is_directory=True)
    assert run(["diff", "base", "head"]) == 2
    out, err = capsys.readouterr()
    assert "base/link lies outside" in err
    assert "s3cr3t" not in out + err
    (trees / "base" / "link").unlink()
    assert run(["diff", "base", "head"]) == 2


def test_sites_of_other_names_are_told(trees: Path, capsys: Output) -> None:
    (trees / "head" / "branch" / "aclproof.yaml").rename(trees / "head" / "branch" / "Berlin.yaml")
    assert run(["diff", "base", "head"]) == 3
    assert "not looked at: 1, such as head/branch/Berlin.yaml" in capsys.readouterr().err
    shutil.copy("base/branch/aclproof.yaml", "base/branch/Bonn.yaml")
    assert run(["diff", "base/branch", "base/branch"]) == 0
    assert "not looked at: 1, such as base/branch/Bonn.yaml" in capsys.readouterr().err


def test_a_removed_site_is_not_proven_to_be_as_it_was(trees: Path, capsys: Output) -> None:
    shutil.rmtree(trees / "head" / "linux")
    assert run(["diff", "base", "head"]) == 3
    shutil.copytree(SITES / "linux-by-hand", trees / "head" / "linux")
    shutil.copytree(SITES / "linux-by-hand", trees / "head" / "more")
    assert run(["diff", "base", "head"]) == 0  # one that is new is proven by `check`
    capsys.readouterr()


def test_folders_without_a_common_site_are_no_comparison(trees: Path, capsys: Output) -> None:
    """Such as the wrong level of one of them."""
    assert run(["diff", ".", "head"]) == 2
    assert ". and head have no site in common: nothing can be compared" in capsys.readouterr().err

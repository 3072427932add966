"""Which site files a run is about."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from aclproof.linter.cli import run, site_files
from tests.cli.command import shell
from tests.fleet.farm import ends, ran, sites

Output = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    sites(tmp_path / "sites", ["b", "a", "a/below", ".hidden"])
    (tmp_path / "sites" / "b" / "other.yml").write_bytes((tmp_path / "sites/b/aclproof.yaml").read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def named(capsys: Output, *arguments: str) -> list[str]:
    assert run(["check", *arguments, "--format", "jsonl"]) == 0
    return [json.loads(line)["site"] for line in capsys.readouterr().out.splitlines()]


A, BELOW, B = (f"sites/{each}/aclproof.yaml" for each in ("a", "a/below", "b"))


@pytest.mark.parametrize(("arguments", "found"), [
    (["sites"], [A, BELOW, B]),
    (["./sites/"], [A, BELOW, B]),
    (["sites/.hidden"], ["sites/.hidden/aclproof.yaml"]),
    ([B, A], [B, A]),
    ([B, "sites"], [B, A, BELOW]),
    (["sites/*/aclproof.yaml"], [A, B]),
    (["sites/**/aclproof.yaml"], [A, BELOW, B]),
    (["sites/b/*.yml"], ["sites/b/other.yml"]),
    ([A, f"./{A}", "sites/a/../a/aclproof.yaml"], [A])])
def test_folders_files_and_patterns_name_sites(folder: Path, capsys: Output, arguments: list[str],
                                               found: list[str]) -> None:
    assert named(capsys, *arguments) == found


def test_a_site_under_two_names_is_one(folder: Path, capsys: Output) -> None:
    (folder / "linked").symlink_to(folder / "sites" / "a", target_is_directory=True)
    assert named(capsys, "linked", "sites/a") == ["linked/aclproof.yaml", "linked/below/aclproof.yaml"]
    assert named(capsys, "sites") == [A, BELOW, B]


def test_a_list_on_standard_input_names_what_arguments_do(folder: Path) -> None:
    done = shell(f"printf '{B}\\r\\n\\nsites/a\\n' | aclproof check - --format jsonl", folder)
    assert (done.code, list(ends(done.out.decode()))) == (0, ["b", "a", "below"])
    done = shell("printf '\\n' | aclproof check -", folder)
    done.says("the list on standard input names no site file")


@pytest.mark.parametrize(("arguments", "says"), [
    (["empty"], "empty: no aclproof.yaml in this folder or below it"),
    (["named"], "below it; for site files of other names write 'named/*.yml'"),
    (["sites/*/none.yaml"], "sites/*/none.yaml: no file matches this pattern"),
    (["sites", "--client", "10.0.0.1"], "--client is about one site; put it into the site files"),
    (["sites", "--profile", "domain"], "--profile is about one site"),
    (["sites", "--statistics"], "--statistics is about one site"),
    (["sites", "--evidence", "answers"],
     "--evidence is about one site; for each: aclproof check SITE_FILE --evidence..."),
    (["sites", "--cache", ""], "--cache: nothing is named"),
    (["sites", "--cluster", ""], "--cluster: nothing is named"),
    (["sites", "--jobs", "2", "--cluster", "local:2"], "give one of them"),
    (["sites", "--cluster", "here"], "write tcp://HOST:PORT of a Dask scheduler, or local:N"),
    (["sites", "--waivers", ""], "--waivers: name the waiver file"),
    (["sites", "--format", "sarif", "--format", "json"], "cannot share standard output")])
def test_what_names_no_run_is_one_line(folder: Path, capsys: Output, arguments: list[str], says: str) -> None:
    (folder / "empty").mkdir()
    (folder / "named").mkdir()
    (folder / "sites" / "b" / "other.yml").rename(folder / "named" / "Berlin.yml")
    assert run(["check", *arguments]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert says in err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is closed to root")
def test_a_folder_that_is_closed_is_not_passed_over(folder: Path) -> None:
    (folder / "sites" / "b").chmod(0)
    done = ran(folder / "sites", "--format", "jsonl")
    (folder / "sites" / "b").chmod(0o700)
    assert (done.returncode, ends(done.stdout)) == (2, {"a": "proven", "below": "proven", "": "unreadable"})
    assert "Permission denied" in done.stdout


def test_a_folder_that_is_closed_is_a_site_that_cannot_be_read(folder: Path, capsys: Output,
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    whole = os.scandir

    def scandir(path: str) -> object:
        if path.endswith("b"):
            raise PermissionError(13, "Permission denied", path)
        return whole(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert site_files.site_files(["sites"]) == [A, BELOW, "sites/b"]
    assert run(["check", "sites", "--format", "jsonl"]) == 2
    assert list(ends(capsys.readouterr().out).values()) == ["proven", "proven", "unreadable"]


def test_sites_may_share_one_file_by_links(folder: Path, capsys: Output) -> None:
    """What the file names is read from the folder of each: one has the port, the other has not."""
    (folder / ".aclproof").touch()
    for site in sites(folder / "linked", ["full", "short"]):
        site.replace(folder / "common.yaml")
        site.symlink_to("../../common.yaml")
    call = ["check", "linked", "--format", "jsonl", "-q"]
    assert run(call) == 1
    assert ends(capsys.readouterr().out) == {"full": "proven", "short": "missing"}
    assert run([*call, "--write-baseline", "known.json"]) == 1
    known = json.loads((folder / "known.json").read_text())["sites"]
    assert {name: bool(gaps) for name, gaps in known.items()} == {
        "linked/full/aclproof.yaml": False, "linked/short/aclproof.yaml": True}
    capsys.readouterr()
    (folder / "linked" / "full" / "fw.cfg").write_bytes((folder / "linked" / "short" / "fw.cfg").read_bytes())
    assert run([*call, "--baseline", "known.json"]) == 1
    assert ends(capsys.readouterr().out) == {"full": "missing", "short": "accepted"}


def test_linked_folders_are_followed_and_each_is_looked_into_once(folder: Path, capsys: Output) -> None:
    sites(folder / "elsewhere", ["z"])
    (folder / ".aclproof").touch()
    for link, to in (("a/loop", "../.."), ("a/again", "../b"), ("0", "../elsewhere"),
                     ("1", "../elsewhere/z")):
        (folder / "sites" / link).symlink_to(to, target_is_directory=True)
    assert named(capsys, "sites") == ["sites/0/z/aclproof.yaml", A, BELOW, B]


def test_a_linked_folder_outside_the_root_is_a_site_that_cannot_be_read(folder: Path, capsys: Output) -> None:
    """So nothing in it is passed over unseen, and nothing of it is told."""
    sites(folder / "elsewhere", ["s3cr3t"])
    (folder / "sites" / "a" / "link").symlink_to("../../elsewhere", target_is_directory=True)
    assert run(["check", "sites", "--format", "jsonl"]) == 2
    out = capsys.readouterr().out
    found = [json.loads(line)["end"] for line in out.splitlines()]
    assert found == ["proven", "proven", "unreadable", "proven"]
    assert "sites/a/link lies outside" in out
    assert "s3cr3t" not in out
    for allowed in (["--root", "."], ["--allow-outside"]):
        assert "sites/a/link/s3cr3t/aclproof.yaml" in named(capsys, "sites", *allowed)


def test_site_files_of_other_names_are_not_passed_over_in_silence(folder: Path, capsys: Output) -> None:
    """`init --from-configmgr` names them after the product's groups; a base that sites extend is none."""
    said = ("aclproof: site files in {} that are not called aclproof.yaml, and not looked at: {}, such as "
            "{}; name them, by '{}' perhaps\n")
    (folder / "sites" / "b" / "pack.yaml").write_text("requirements: []\nroles: {}\nfirewalls: []\n")
    (folder / "sites" / "b" / "other.yaml").write_text("roles: {}\n")
    for quiet in ([], ["-q"]):
        assert run(["check", "sites", *quiet]) == 0
        assert capsys.readouterr().err == said.format("sites", 1, "sites/b/other.yml", "sites/b/*.yml")
    assert run(["check", "sites", "sites/b/*.yml"]) == 0
    assert capsys.readouterr().err == ""
    assert run(["check", "--sites", "sites", "sites/b/other.yml"]) == 0
    assert "sites/b/other.yml" in capsys.readouterr().err
    (folder / "sites" / "b" / "other.yml").rename(folder / "sites" / "b" / "base.yaml")
    (folder / "sites" / "b" / "aclproof.yaml").write_text("extends: base.yaml  # all of it\n")
    assert run(["check", "sites"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("name", "data"), [
    ("Berlin.YAML", b"roles: {}\nfirewalls: []\n"), ("Berlin.Yml", b"roles: {}\r\nfirewalls: []\r\n"),
    ("b.yaml", b'"firewalls": []\n"roles": {}\n'), ("b.yaml", b"'firewalls' : []\n'roles' : {}\n"),
    ("b.yaml", b'{"roles": {}, "firewalls": []}\n'), ("b.yaml", b"{\n  roles: {},\n  firewalls: []\n}\n"),
    ("b.yaml", b"\xef\xbb\xbffirewalls: []\nroles: {}\n"),
    ("b.yaml", "\ufefffirewalls: []\r\nroles: {}\r\n".encode("utf-16-le"))])
def test_a_site_file_of_another_name_is_told_however_it_is_written(
        folder: Path, capsys: Output, name: str, data: bytes) -> None:
    (folder / "sites" / "b" / "other.yml").unlink()
    (folder / "sites" / "b" / name).write_bytes(data)
    assert run(["check", "sites", "-q"]) == 0
    assert f"not looked at: 1, such as sites/b/{name}" in capsys.readouterr().err
    assert run(["check", "sites", f"sites/b/*{Path(name).suffix}", "-q"]) == 2
    assert "not looked at" not in capsys.readouterr().err


@pytest.mark.parametrize("text", [
    "settings:\n  firewalls: []\n  roles: {}\n", "- firewalls: []\n- roles: {}\n",
    '{"requirements": [], "roles": {}, "firewalls": []}\n'])
def test_what_only_holds_the_words_is_no_site_file(folder: Path, capsys: Output, text: str) -> None:
    (folder / "sites" / "b" / "other.yml").write_text(text)
    assert run(["check", "sites", "-q"]) == 0
    assert capsys.readouterr().err == ""


def test_a_base_is_no_site_file_of_another_name_however_it_is_named(folder: Path, capsys: Output) -> None:
    (folder / "sites" / "b" / "other.yml").rename(folder / "sites" / "b" / "base.yaml")
    for line in ('"extends": "base.yaml"\n', "{extends: base.yaml}\n", "\ufeffextends: base.yaml\n"):
        (folder / "sites" / "b" / "aclproof.yaml").write_text(line, encoding="utf-8")
        run(["check", "sites", "-q"])
        assert capsys.readouterr().err == "", line

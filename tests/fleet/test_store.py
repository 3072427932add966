"""Outcomes that are kept over runs: the same bytes, and proven anew as soon as anything is another."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from threading import Thread

import pytest

from aclproof import parsers
from aclproof.linter.cli import run
from aclproof.linter.fleet import store
from aclproof.linter.fleet.outcome import Outcome
from aclproof.linter.fleet.proving import Wishes, prove
from aclproof.linter.fleet.shared import Shared
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import Source
from tests.fleet.farm import DAY, ends, sites

Output = pytest.CaptureFixture[str]
FORMS = ("json", "sarif", "junit", "gitlab", "csv", "github", "markdown", "text")
BRANCH = Path(__file__).parents[2] / "fixtures" / "sites" / "branch"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    sites(tmp_path / "sites", ["a", "b-short", "c"])
    shutil.copytree(BRANCH, tmp_path / "sites" / "branch")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def proven(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sites that are proven from now on, by this process."""
    found: list[str] = []

    def noted(site: str, wishes: Wishes, shared: Shared) -> Outcome:
        found.append(Path(site).parent.name)
        return prove(site, wishes, shared)

    monkeypatch.setattr(store, "prove", noted)
    return found


def checked(*options: str, day: str = DAY) -> int:
    return run(["check", "sites", "--cache", "kept", "--jobs", "1", "--as-of", day, "-qq", *options])


def test_a_second_run_proves_nothing_and_writes_the_same_bytes(folder: Path, proven: list[str]) -> None:
    reports: list[dict[str, bytes]] = []
    for language in ("en", "de", "en", "de"):
        proven.clear()
        assert checked("--lang", language, *(f"--format={form}=out.{form}" for form in FORMS)) == 1
        assert len(proven) == (4 if len(reports) < 2 else 0)
        reports.append({form: (folder / f"out.{form}").read_bytes() for form in FORMS})
    assert reports[0] == reports[2]
    assert reports[1] == reports[3] != reports[0]
    assert run(["check", "sites", "--as-of", DAY, "-q", "--format=json=fresh.json"]) == 1
    assert (folder / "fresh.json").read_bytes() == reports[0]["json"]


def _config(folder: Path, name: str = "a") -> None:
    file = folder / "sites" / name / "fw.cfg"
    file.write_text(file.read_text().replace("eq 445", "eq 446"))


def _config_of_the_same_age_and_size(folder: Path) -> None:
    file = folder / "sites" / "a" / "fw.cfg"
    before = file.stat()
    _config(folder)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def _site(folder: Path) -> None:
    file = folder / "sites" / "a" / "aclproof.yaml"
    file.write_text(file.read_text().replace("10.1.1.12", "10.1.1.13"))


@pytest.mark.parametrize(("change", "code"), [
    (_config, 1), (_config_of_the_same_age_and_size, 1), (_site, 1),
    (lambda folder: (folder / "sites" / "a" / "fw.cfg").unlink(), 2)],
    ids=["config", "same-age", "site", "gone"])
def test_a_site_whose_input_changed_is_proven_anew(folder: Path, proven: list[str], code: int,
                                                   change: Callable[[Path], None]) -> None:
    shutil.rmtree(folder / "sites" / "branch")
    shutil.rmtree(folder / "sites" / "b-short")
    assert checked() == 0
    proven.clear()
    change(folder)
    assert checked() == code
    assert proven == ["a"]


def test_packs_waivers_and_inherited_files_are_inputs(folder: Path, proven: list[str]) -> None:
    own = folder / "sites" / "own.yaml"
    shutil.copy(Path(__file__).parents[2] / "rules" / "configmgr-2007.yaml", own)
    site = folder / "sites" / "a" / "aclproof.yaml"
    site.write_text(site.read_text().replace("configmgr-2007", "../own.yaml"))
    waivers = folder / "waivers.yaml"
    waivers.write_text("waivers: []\n")
    assert checked("--allow-outside", "--waivers", "waivers.yaml") == 1
    proven.clear()
    assert checked("--allow-outside", "--waivers", "waivers.yaml") == 1
    assert proven == []
    own.write_text(own.read_text() + "\n")
    assert checked("--allow-outside", "--waivers", "waivers.yaml") == 1
    assert proven == ["a"]
    proven.clear()
    waivers.write_text("waivers: []\n\n")
    assert checked("--allow-outside", "--waivers", "waivers.yaml") == 1
    assert sorted(proven) == ["a", "b-short", "branch", "c"]


@pytest.mark.parametrize("options", [
    ("--strict",), ("--require", "any"), ("--assume", "usual"), ("--method", "software-distribution"),
    ("--fixes",), ("--format=json=more.json",), ("--lang", "de"), ("--second-opinion",),
    ("--fact", "fqdn x=2001:db8::1")])
def test_another_option_is_another_question(folder: Path, proven: list[str],
                                                   options: tuple[str, ...]) -> None:
    checked()
    proven.clear()
    checked(*options)
    assert len(proven) == 4
    proven.clear()
    checked()
    assert proven == []


def test_another_day_takes_the_place_of_the_last_one(folder: Path, proven: list[str]) -> None:
    checked()
    size = len(list((folder / "kept").glob("*.json")))
    proven.clear()
    checked(day="2026-01-16")
    assert len(proven) == 4
    assert len(list((folder / "kept").glob("*.json"))) == size == 4


def test_another_program_proves_anew(folder: Path, proven: list[str],
                                     monkeypatch: pytest.MonkeyPatch) -> None:
    checked()
    proven.clear()
    monkeypatch.setattr(store, "build", lambda: "another")
    checked()
    assert len(proven) == 4


def _cut(entry: Path) -> None:
    entry.write_bytes(entry.read_bytes()[:-1])


def _empty(entry: Path) -> None:
    entry.write_bytes(b"")


def _forged(entry: Path) -> None:
    entry.write_bytes(entry.read_bytes().replace(b'"missing"', b'"proven"'))


def _open_to_others(entry: Path) -> None:
    entry.chmod(0o666)


@pytest.mark.parametrize("damage", [_cut, _empty, _forged, _open_to_others])
def test_a_damaged_entry_is_as_if_it_were_not_there(folder: Path, proven: list[str],
                                                    damage: Callable[[Path], None]) -> None:
    checked("--format=json=first.json")
    for entry in (folder / "kept").glob("*.json"):
        damage(entry)
    proven.clear()
    assert checked("--format=json=second.json") == 1
    assert len(proven) == 4
    assert (folder / "first.json").read_bytes() == (folder / "second.json").read_bytes()


def test_nothing_is_kept_of_what_could_not_be_proven(folder: Path, proven: list[str]) -> None:
    (folder / "sites" / "a" / "aclproof.yaml").write_text("roles: [")
    assert checked() == 2
    assert len(list((folder / "kept").glob("*.json"))) == 3
    proven.clear()
    assert checked() == 2
    assert proven == ["a"]


def test_what_changes_while_it_is_proven_is_not_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def changing(site: str, wishes: Wishes, shared: Shared) -> Outcome:
        found = prove(site, wishes, shared)
        if "/a/" in site:
            _config(folder)
        return found

    monkeypatch.setattr(store, "prove", changing)
    checked()
    assert len(list((folder / "kept").glob("*.json"))) == 3


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="rights of POSIX")
def test_a_folder_that_others_may_write_to_is_refused(folder: Path, capsys: Output) -> None:
    (folder / "kept").mkdir()
    for mode in (0o777, 0o770, 0o702):
        (folder / "kept").chmod(mode)
        assert run(["check", "sites", "--cache", "kept"]) == 2
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert "kept: others may write to this folder" in err
    (folder / "file").write_text("")
    assert run(["check", "sites", "--cache", "file"]) == 2
    assert "file: cannot be used (" in capsys.readouterr().err
    (folder / "kept").chmod(0o755)
    old = os.umask(0)
    try:
        assert checked() == 1
    finally:
        os.umask(old)
    assert {each.stat().st_mode & 0o777 for each in (folder / "kept").glob("*.json")} == {0o600}


def test_git_ignores_a_folder_of_outcomes_and_no_other(folder: Path) -> None:
    for made in (True, False):
        if made:
            (folder / "kept").mkdir(mode=0o700)
        assert checked() == 1
        assert (folder / "kept" / ".gitignore").read_text() == "*\n"
        shutil.rmtree(folder / "kept")
    (folder / "kept").mkdir(mode=0o700)
    (folder / "kept" / "notes.txt").touch()
    assert checked() == 1
    assert not (folder / "kept" / ".gitignore").exists()
    assert len(list((folder / "kept").glob("*.json"))) == 4


def test_resume_has_a_folder_of_its_own(folder: Path, proven: list[str],
                                        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "caches"))
    for _ in range(2):
        assert run(["check", "sites", "--resume", "--jobs", "1", "--as-of", DAY, "-qq"]) == 1
    assert len(proven) == 4
    assert len(list((folder / "caches" / "aclproof").glob("*.json"))) == 4


def test_a_configuration_that_sites_share_is_parsed_once(folder: Path,
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    whole = parsers.parse_all

    def counted(some: Sequence[Source]) -> Firewall:
        parsed.append(some[0].name)
        return whole(some)

    monkeypatch.setattr(parsers, "parse_all", counted)
    shared, wishes = Shared(), Wishes(date.fromisoformat(DAY), formats=("json",))
    first = prove("sites/a/aclproof.yaml", wishes, shared)
    assert prove("sites/a/aclproof.yaml", wishes, shared) == first
    assert parsed == ["sites/a/fw.cfg"]
    file = folder / "sites" / "a" / "fw.cfg"
    before = file.stat()
    _config(folder)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert prove("sites/a/aclproof.yaml", wishes, shared).end == "missing" != first.end
    assert len(parsed) == 2


def test_no_report_overwrites_an_input(folder: Path, capsys: Output) -> None:
    """Neither a late one that is split off early, nor one of a site that cannot be read."""
    sites(folder / "many", [f"{number:02}" for number in range(45)])
    (folder / "many" / "40" / "aclproof.yaml").write_text("roles: [")
    (folder / "many" / "41" / "fw.cfg").write_text("nothing of a firewall")
    for target in ("sarif=many/44/fw.cfg", "json=many/40/aclproof.yaml", "junit=many/41/fw.cfg",
                   "csv=many/30/aclproof.yaml"):
        file = folder / target.partition("=")[2]
        before = file.read_bytes()
        assert run(["check", "many", "--format", target, "--jobs", "1"]) == 2
        assert "is an input; name another file" in capsys.readouterr().err
        assert file.read_bytes() == before
    assert not list(folder.rglob(".aclproof-*"))


def test_the_summary_of_a_step_is_written_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))
    (folder / "summary.md").write_text("before\n")
    run(["check", "sites", "--format", "github=annotations", "--format", "markdown=own.md", "-q"])
    assert (folder / "summary.md").read_text() == "before\n" + (folder / "own.md").read_text()


def test_notices_say_what_the_exit_code_leaves_out(folder: Path, capsys: Output) -> None:
    for name in ("a", "b-short", "branch"):
        shutil.rmtree(folder / "sites" / name)
    waiver = {"id": "W1", "requirement": "CM2007-SWD-SMB", "reason": "r", "owner": "o",
              "expires": "2026-03-01"}
    (folder / "waivers.yaml").write_text(json.dumps({"waivers": [waiver]}))
    _config(folder, "c")
    for day, code, said in (("2026-02-01", 0, "aclproof: 1 requirement is waived, not proven\n"), (
            "2026-04-01", 1, "aclproof: waivers that have expired do not apply: W1\n")):
        for quiet in ((), ("-q",)):
            assert run(["check", "sites", "--waivers", "waivers.yaml", "--as-of", day, *quiet]) == code
            assert capsys.readouterr().err == ("" if quiet else said)


def test_which_sites_a_waiver_means_is_an_input(folder: Path, proven: list[str]) -> None:
    """A path of a waiver may be a link; where it leads is in no file."""
    for name in ("a", "branch"):
        shutil.rmtree(folder / "sites" / name)
    _config(folder, "c")
    (folder / "current").symlink_to("sites/c")
    entry = ("{id: W, requirement: CM2007-SWD-SMB, site: current/aclproof.yaml, reason: r, owner: o, "
             "expires: 2026-03-01}")
    (folder / "waivers.yaml").write_text(f"waivers: [{entry}]\n")
    shutil.rmtree(folder / "sites" / "b-short")
    for _ in range(2):
        assert checked("--waivers", "waivers.yaml") == 0
    assert proven == ["c"]
    (folder / "current").unlink()
    (folder / "current").symlink_to("other")
    shutil.copytree(folder / "sites" / "c", folder / "other")
    assert checked("--waivers", "waivers.yaml") == 1
    (folder / "current").unlink()  # and a path that is not there is an error
    assert checked("--waivers", "waivers.yaml") == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names")
def test_a_pipe_is_read_once_and_its_site_is_not_kept(folder: Path) -> None:
    file = folder / "sites" / "a" / "fw.cfg"
    text = file.read_bytes()
    file.unlink()
    os.mkfifo(file)
    writer = Thread(target=file.write_bytes, args=(text,))
    writer.start()
    assert checked("--format=jsonl=out.jsonl") == 1
    writer.join()
    assert ends((folder / "out.jsonl").read_text())["a"] == "proven"
    assert len(list((folder / "kept").glob("*.json"))) == 3


def test_without_a_folder_of_the_user_one_is_asked_for(folder: Path, monkeypatch: pytest.MonkeyPatch,
                                                       capsys: pytest.CaptureFixture[str]) -> None:
    """`~` stays as it is where nobody has a home: it is no folder of the working directory."""
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", "home")
    assert run(["check", str(folder), "--resume"]) == 2
    assert "no folder of yours is known: name one with --cache" in capsys.readouterr().err

"""A bundle proves itself in an empty folder, by another process; what was changed is refused by name."""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
from pathlib import Path
from zipfile import ZipFile

import click
import jsonschema
import pytest

from aclproof.linter import schemas
from aclproof.linter.bundle import prove
from aclproof.linter.cli import bundle, check, run
from tests.cli.command import BRANCH, COMMAND, ROOT, Done, shell
from tests.second_judge.test_self_check import ALL_FAULTS

SITES = ROOT / "fixtures" / "sites"


@pytest.fixture(autouse=True)
def _as_this_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command that a script starts is this checkout's, wherever it starts."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def unpacked(file: Path, to: Path) -> Path:
    with ZipFile(file) as zip_file:
        zip_file.extractall(to)
    return to


def proven(folder: Path, *arguments: str) -> Done:
    options = " ".join(arguments)
    return shell(f"{sys.executable} {folder / 'prove.py'} --aclproof '{COMMAND}' {options}", folder)


def a_copy(name: str, tmp_path: Path) -> Path:
    return Path(shutil.copytree(SITES / name, tmp_path / "site"))


@pytest.fixture(scope="module")
def branch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of the branch."""
    file = tmp_path_factory.mktemp("bundle") / "audit.zip"
    done = shell(f"aclproof check -q --checks hygiene --bundle {file}", BRANCH)
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith(b"Installation method")
    return file


def test_an_auditor_proves_it_again_in_an_empty_folder(branch: Path, tmp_path: Path) -> None:
    folder = unpacked(branch, tmp_path)
    done = proven(folder)
    assert (done.code, done.err) == (0, "")
    assert b"every report has the same bytes" in done.out
    assert (folder / "inputs" / "branch-asa.cfg").read_bytes() == (BRANCH / "branch-asa.cfg").read_bytes()
    said = json.loads((folder / "bundle.json").read_text())
    jsonschema.Draft202012Validator(schemas.load("bundle")).validate(said)
    assert [each["path"] for each in said["inputs"]] == ["aclproof.yaml", "branch-asa.cfg"]
    assert [each["path"] for each in said["packs"]] == ["configmgr-2007.yaml"]


@pytest.mark.parametrize("name", ["inputs/branch-asa.cfg", "inputs/aclproof.yaml", "reports/report.html",
                                  "packs/configmgr-2007.yaml"])
def test_one_byte_is_refused_by_name(name: str, branch: Path, tmp_path: Path) -> None:
    file = unpacked(branch, tmp_path) / name
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    done = proven(tmp_path)
    assert done.code == 1
    assert f"{name}: was changed" in done.err
    file.unlink()
    assert f"{name}: is missing" in proven(tmp_path).err


def test_what_was_added_is_refused_by_name(branch: Path, tmp_path: Path) -> None:
    (unpacked(branch, tmp_path) / "inputs" / "more.cfg").write_text("")
    assert "more.cfg: was added" in proven(tmp_path).err


def test_a_sum_that_was_changed_with_its_file_does_not_help(branch: Path, tmp_path: Path) -> None:
    """The report then comes out otherwise, whatever the sums say."""
    from hashlib import sha256

    folder = unpacked(branch, tmp_path)
    file, said = folder / "inputs" / "branch-asa.cfg", folder / "bundle.json"
    before = file.read_bytes()
    after = before.replace(b"deny tcp any host 10.20.0.77 eq 445", b"deny tcp any host 10.20.0.78 eq 445")
    assert before != after
    file.write_bytes(after)
    said.write_text(said.read_text().replace(sha256(before).hexdigest(), sha256(after).hexdigest()))
    done = proven(folder)
    assert done.code == 1
    assert "report.json: comes out otherwise" in done.err


@pytest.mark.parametrize(("part", "other", "words"), [
    ("arguments", ["--write-baseline=/tmp/x"], "'--write-baseline=/tmp/x' is none that a proof needs"),
    ("arguments", ["--format=json=/tmp/x"], "none that a proof needs"),
    ("arguments", ["-qq"], "none that a proof needs"),
    ("folder", "../..", "lies outside of the bundle"), ("folder", "/tmp", "lies outside of the bundle")])
def test_a_bundle_of_a_stranger_reaches_nothing_else(part: str, other: object, words: str, branch: Path,
                                                     tmp_path: Path) -> None:
    said = unpacked(branch, tmp_path) / "bundle.json"
    said.write_text(json.dumps({**json.loads(said.read_text()), part: other}))
    done = proven(tmp_path)
    assert done.code == 1
    assert words in done.err


def test_what_may_be_given_is_what_a_bundle_holds() -> None:
    """Every other option writes, asks somebody else, or is about many sites."""
    options = [each for each in check.command.params if isinstance(each, click.Option)]
    left_out = {*bundle._NOT_AGAIN, *bundle._NOT_WITH}
    wanted = {max(names, key=len) for each in options if each.name not in left_out
              for names in (each.opts, each.secondary_opts) if names}
    assert wanted == prove.MAY_BE_GIVEN


def test_another_version_cannot_tell(branch: Path, tmp_path: Path) -> None:
    said = unpacked(branch, tmp_path) / "bundle.json"
    said.write_text(said.read_text().replace('"version": "', '"version": "9'))
    assert proven(tmp_path).code == 2


def test_only_its_owner_reads_it_and_a_second_one_is_the_same(branch: Path, tmp_path: Path) -> None:
    assert stat.S_IMODE(branch.stat().st_mode) == 0o600
    again = tmp_path / "again.zip"
    assert shell(f"aclproof check -qq --checks hygiene --bundle {again}", BRANCH).code == 1
    assert again.read_bytes() == branch.read_bytes()


def test_without_inputs_none_of_their_lines_is_in_it(tmp_path: Path) -> None:
    file, folder = tmp_path / "sums.zip", tmp_path / "unpacked"
    assert shell(f"aclproof check -qq --bundle {file} --without-inputs", BRANCH).code == 1
    unpacked(file, folder)
    assert not (folder / "inputs").exists()
    assert proven(folder).code == 2
    assert proven(folder, "--inputs", str(BRANCH)).code == 0
    site = a_copy("branch", tmp_path)
    with (site / "branch-asa.cfg").open("ab") as config:
        config.write(b"!\n")
    assert "branch-asa.cfg: was changed" in proven(folder, "--inputs", str(site)).err


@pytest.mark.parametrize("name", sorted(each.parent.name for each in SITES.glob("*/aclproof.yaml"))[::12])
def test_sites_of_all_kinds_are_proven_again(name: str, tmp_path: Path,
                                             monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process, as it is faster; the script compares with what a run in the site's folder gives."""
    monkeypatch.chdir(SITES / name)
    file = tmp_path / "audit.zip"
    code = run(["check", "-qq", "--bundle", str(file)])
    assert file.exists()
    folder = unpacked(file, tmp_path / "unpacked")
    assert json.loads((folder / "bundle.json").read_text())["exit_code"] == code
    assert prove.main([str(folder), "--aclproof", COMMAND]) == 0


def test_names_from_elsewhere_lead_to_the_same(tmp_path: Path) -> None:
    """Whole paths on the command line, a site above, a configuration beside it, a baseline."""
    a_copy("branch", tmp_path)
    work = tmp_path / "deep" / "work"
    work.mkdir(parents=True)
    (tmp_path / ".aclproof").touch()
    (tmp_path / "site" / "sub").mkdir()
    text = (tmp_path / "site" / "aclproof.yaml").read_text().replace("branch-asa.cfg", "../branch-asa.cfg")
    (tmp_path / "site" / "sub" / "aclproof.yaml").write_text(text)
    known = "aclproof check -qq ../../site/sub/aclproof.yaml --write-baseline known.json"
    assert shell(known, work).code == 1
    done = shell(f"aclproof check -qq {tmp_path}/site/sub/aclproof.yaml --baseline {work}/known.json "
                 "--fact 'time-range OFFICE-HOURS=active' --method client-push --lang de "
                 "--bundle audit.zip", work)
    assert (done.code, done.err) == (0, "")
    folder = unpacked(work / "audit.zip", tmp_path / "unpacked")
    assert (folder / "inputs" / "deep" / "work" / "known.json").exists()
    assert proven(folder).code == 0
    assert "Installationsmethode" in (folder / "reports" / "report.txt").read_text()


def test_answers_of_a_named_firewall_are_kept(tmp_path: Path) -> None:
    site = a_copy("branch", tmp_path)
    (site / "a=b.txt").write_text(
        "BRANCH-ASA# show time-range OFFICE-HOURS\n\n"
        "time-range entry: OFFICE-HOURS (active)\n   periodic daily 0:00 to 23:59\n")
    done = shell(f"aclproof check -qq --evidence branch-asa={site}/a=b.txt --bundle audit.zip", site)
    assert (done.code, done.err) == (1, "")
    assert proven(unpacked(site / "audit.zip", tmp_path / "unpacked")).code == 0


def test_quick_options_are_kept(tmp_path: Path) -> None:
    done = shell("aclproof check -qq branch-asa.cfg --client 10.20.0.0/16 --server 10.1.1.0/24 "
                 f"--set mode=mixed --bundle {tmp_path}/audit.zip", BRANCH)
    assert (done.code, done.err) == (1, "")
    assert proven(unpacked(tmp_path / "audit.zip", tmp_path / "unpacked")).code == 0


@pytest.mark.parametrize(("line", "words"), [
    ("cat branch-asa.cfg | aclproof check - --client 10.20.0.0/16 --server 10.1.1.0/24 --set mode=mixed",
     "can be read once: a bundle needs files"),
    ("aclproof check --history all", "--bundle goes without --history"),
    ("aclproof check --write-baseline known.json", "--bundle goes without --write-baseline"),
    ("aclproof check --watch", "--bundle goes without --watch"),
    ("aclproof check . .", "--bundle is about one site"),
    ("aclproof check --format json=audit.zip", "two reports would go to"),
    ("aclproof check --without-inputs whole.yaml", "named by its whole path")])
def test_what_cannot_be_proven_again_is_refused(line: str, words: str, tmp_path: Path) -> None:
    site = a_copy("branch", tmp_path)
    text = (site / "aclproof.yaml").read_text()
    (site / "whole.yaml").write_text(text.replace("branch-asa.cfg", f"{site}/branch-asa.cfg"))
    done = shell(f"{line} -qq --bundle audit.zip", site)
    done.says(words)
    assert not (site / "audit.zip").exists()


def test_judges_that_differ_are_in_no_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                             capsys: pytest.CaptureFixture[str]) -> None:
    fault = ALL_FAULTS["verdict: what is missing is not told"]
    monkeypatch.chdir(SITES / fault.site)
    monkeypatch.setattr(fault.module, fault.name, fault.wrong)
    file = tmp_path / "audit.zip"
    assert run(["check", "--format", "json", "--self-check", "50", "--bundle", str(file)]) == 4
    assert "the judges of this run differ" in capsys.readouterr().err
    assert not file.exists()


def test_no_bundle_where_the_option_is_missing_or_the_site_is_wrong(tmp_path: Path) -> None:
    site = a_copy("branch", tmp_path)
    shell("aclproof check --without-inputs", site).says("--without-inputs is about --bundle")
    shell("aclproof check --bundle ''", site).says("--bundle: name the file")
    shell("aclproof check --bundle aclproof.yaml", site).says("is an input")
    (site / "branch-asa.cfg").unlink()
    assert shell("aclproof check --bundle audit.zip", site).code == 2
    assert not os.path.exists(site / "audit.zip")

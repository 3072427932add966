"""What a release is made of (`make release`), and that nothing stays after it."""

from __future__ import annotations

import copy
import email
import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.version import Version

import aclproof
from shipping import bill, single_file, sums, version
from tests.shipping.conftest import ROOT, Packages, pip

BRANCH = ROOT / "fixtures" / "sites" / "branch"
CHECK = ("check", "--as-of", "2026-01-15", "--format", "json")


def files(folder: Path) -> set[Path]:
    """What is in a folder, but for what Python compiled of it."""
    return {path.relative_to(folder) for path in folder.rglob("*") if "__pycache__" not in path.parts}


def test_the_single_file_says_what_the_checkout_says_and_leaves_nothing(
        packages: Packages, tmp_path: Path) -> None:
    file = single_file.build(packages.wheel, tmp_path, single_file.here())
    home, site = tmp_path / "home", tmp_path / "site"
    home.mkdir()
    shutil.copytree(BRANCH, site)
    empty = {"HOME": str(home), "PATH": os.defpath}  # no PYTHONPATH, no cache, no locale
    before = files(site)
    alone = subprocess.run([sys.executable, file, *CHECK], cwd=site, capture_output=True, check=False,
                           env=empty)
    checkout = subprocess.run([sys.executable, "-m", "aclproof", *CHECK], cwd=site, capture_output=True,
                              check=False, env={**empty, "PYTHONPATH": str(ROOT)})
    assert (alone.returncode, alone.stdout, alone.stderr) == (1, checkout.stdout, b"")
    [unpacked] = home.iterdir()  # docs/install.md says so
    assert unpacked.name == ".shiv"
    shutil.rmtree(unpacked)
    assert (files(site), files(home)) == (before, set())


def test_the_single_file_is_the_same_when_it_is_built_again(packages: Packages, tmp_path: Path) -> None:
    built = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        built.append(single_file.build(packages.wheel, tmp_path / name, single_file.here()).read_bytes())
    assert built[0] == built[1]


def test_modules_that_differ_from_one_system_to_another_are_refused(tmp_path: Path) -> None:
    one, two, whole = (tmp_path / name for name in ("one", "two", "whole"))
    for folder, text in ((one, b"a = 1\n"), (two, b"a = 1\r\n")):
        folder.mkdir()
        (folder / "module.py").write_bytes(text)
    single_file.merge(one, whole)
    single_file.merge(two, whole)  # only the ends of lines differ
    (two / "module.py").write_bytes(b"a = 2\r\n")
    with pytest.raises(SystemExit, match=r"module\.py differs"):
        single_file.merge(two, whole)


def test_uninstalling_leaves_what_was_there_before(packages: Packages, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    shutil.copytree(packages.environment, environment, symlinks=True, copy_function=os.link,
                    ignore=shutil.ignore_patterns("aclproof*"))
    before = files(environment)
    pip("--python", str(environment), "install", "--no-deps", "--no-index", str(packages.wheel))
    assert files(environment) > before
    done = subprocess.run([environment / "bin" / "aclproof", *CHECK], cwd=BRANCH, capture_output=True,
                          check=False)
    assert done.returncode == 1
    pip("--python", str(environment), "uninstall", "--yes", "aclproof")
    assert files(environment) - before <= {Path("share"), Path("share/man"), Path("share/man/man1")}


def test_the_newest_release_of_the_changelog_is_the_version() -> None:
    version.require_release()
    assert str(Version(aclproof.__version__)) == aclproof.__version__


@pytest.mark.parametrize(("file", "line"), [
    ("CITATION.cff", "version: {}"),
    ("docs/install.md",
     "| this very version | `uv tool install aclproof=={}` | `pipx install aclproof=={}` |"),
    ("docs/install.md", "| a file of a release | `uv tool install ./aclproof-{}-py3-none-any.whl` | "
                        "`pipx install ./aclproof-{}-py3-none-any.whl` |")])
def test_pages_that_name_the_version_name_this_one(file: str, line: str) -> None:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    assert line.replace("{}", aclproof.__version__) in lines


def test_a_version_without_its_heading_is_no_release(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aclproof, "__version__", "99.0")
    with pytest.raises(SystemExit, match=r"expected '## \[99\.0\] - YYYY-MM-DD'"):
        version.require_release()


def test_check_sums_are_those_that_sha256sum_takes(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"1")
    sums.write(tmp_path)
    assert sums.write(tmp_path) == f"{hashlib.sha256(b'1').hexdigest()}  one\n"  # never of itself
    if tool := shutil.which("sha256sum"):
        subprocess.run([tool, "--check", "--strict", sums.NAME], cwd=tmp_path, check=True,
                       capture_output=True)


def test_the_bill_of_materials_has_our_version_and_a_licence_for_each() -> None:
    """Version and purl by hand: the tool reads pyproject.toml, which says that the version is elsewhere."""
    written = {"metadata": {"component": {"name": "aclproof"}}, "components": [
        {"name": "passlib", "licenses": None},
        {"name": "click", "licenses": [{"license": {"id": "BSD-3-Clause"}}]}]}
    done = bill.completed(copy.deepcopy(written))
    assert done["metadata"]["component"] == {"name": "aclproof", "version": aclproof.__version__,
                                             "purl": f"pkg:pypi/aclproof@{aclproof.__version__}"}
    assert [each["licenses"][0]["license"]["id"] for each in done["components"]] == ["BSD-3-Clause"] * 2
    with pytest.raises(SystemExit, match="unheard names no licence"):
        bill.completed({**written, "components": [{"name": "unheard"}]})


def test_what_an_index_shows_has_no_link_to_a_neighbouring_file(packages: Packages) -> None:
    with zipfile.ZipFile(packages.wheel) as wheel:
        [name] = (each for each in wheel.namelist() if each.endswith(".dist-info/METADATA"))
        found = email.message_from_bytes(wheel.read(name))
    description = found.get_payload(decode=True)
    assert isinstance(description, bytes)
    links = re.findall(r"\]\(([^)]+)\)", description.decode())
    assert links
    assert not [each for each in links if not each.startswith(("https://", "#"))]
    assert {each.partition(",")[0] for each in found.get_all("Project-URL", [])} == {
        "Homepage", "Documentation", "Changelog", "Issues"}
    assert found["Author"] == "The aclproof maintainers"

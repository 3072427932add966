"""The cache and a cluster compare programs: another file, library or Python is another program."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from aclproof.linter.fleet import build
from tests.fleet.farm import LIMIT, ROOT

ROOMS = ("aclproof", "linter", "parsers", "rules")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program, in the form of a wheel: one folder has all."""
    top = tmp_path_factory.mktemp("program")
    for room in ROOMS:
        place = top / "aclproof" if room == "aclproof" else top / "aclproof" / room
        shutil.copytree(ROOT / room, place, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    return top


def built(program: Path) -> str:
    call = "from aclproof.linter.fleet.build import build; print(build())"
    return subprocess.run([sys.executable, "-B", "-c", call], cwd=program, env={"PYTHONPATH": str(program)},
                          capture_output=True, text=True, check=True, timeout=LIMIT).stdout.strip()


def test_a_checkout_and_a_wheel_of_it_are_the_same_program(program: Path) -> None:
    assert built(program) == built(ROOT)


@pytest.mark.parametrize("file", ["aclproof/inputs.py", "aclproof/reason.py", "aclproof/linter/program.py",
                                  "aclproof/parsers/source.py", "aclproof/rules/configmgr-2007.yaml"])
def test_every_file_counts(program: Path, file: str) -> None:
    before, text = built(program), (program / file).read_bytes()
    (program / file).write_bytes(text + b"\n")
    changed = built(program)
    (program / file).write_bytes(text)
    assert changed != before == built(program)


def test_every_library_is_one_that_the_project_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["hive"]]
    names = [each.partition(">")[0].partition("=")[0] for each in needed]
    assert sorted(names, key=str.lower) == list(build.LIBRARIES)


def _another(library: str) -> Callable[[str], str]:
    def version(name: str) -> str:
        if name == "regipy":
            raise PackageNotFoundError(name)
        return "2" if name == library else "1"

    return version


def test_libraries_and_python_count(monkeypatch: pytest.MonkeyPatch) -> None:
    found = set()
    for library in ("", "msgspec", "PyYAML", "netaddr", "ciscoconfparse"):
        monkeypatch.setattr(build, "version", _another(library))
        found.add(build.build.__wrapped__())
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    found.add(build.build.__wrapped__())
    assert len(found) == 6

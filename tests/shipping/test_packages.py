"""The wheel and the source archive, installed next to other people's packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.shipping.conftest import ROOT, Packages, pip

ROOMS = ("linter", "parsers", "rules")
BRANCH = ROOT / "fixtures" / "sites" / "branch"
COMMANDS = (
    ("check", "--as-of", "2026-01-15", "--fixes"),
    ("check", "--as-of", "2026-01-15", "--format", "json"),
    ("check", "--as-of", "2026-01-15", "--format", "html", "--lang", "de"),
    ("show", "branch-asa.cfg"),
    ("explain", "CM2007-PUSH-SMB", "--lang", "de"),
    ("schema", "site"),
)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def said(command: list[str | Path], folder: Path, **environment: str) -> tuple[int, str, str]:
    """Exit code and outputs, in an environment that knows nothing of this checkout."""
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False,
                          env={**clean, **environment})
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def environment(packages: Packages, tmp_path: Path) -> Path:
    """A virtual environment to change: with what aclproof needs, without aclproof."""
    copy = tmp_path / "environment"
    shutil.copytree(packages.environment, copy, symlinks=True, copy_function=os.link,
                    ignore=shutil.ignore_patterns("aclproof*"))
    return copy


def install(environment: Path, *wheels: Path) -> None:
    pip("--python", str(environment), "install", "--no-deps", "--no-index", "--no-compile",
        *map(str, wheels))


def assert_aclproof_works(environment: Path) -> None:
    code, out, err = said([environment / "bin" / "aclproof", "--version"], BRANCH)
    assert (code, out.split()[0], err) == (0, "aclproof", "")
    code, out, err = said([environment / "bin" / "python", "-m", "aclproof", "check"], BRANCH)
    assert (code, err) == (1, "")
    assert out.startswith("Installation method")


def assert_rules_works(environment: Path) -> None:
    program = "import rules; rules.add_rule('a', rules.always_true); print(rules.test_rule('a'))"
    assert said([environment / "bin" / "python", "-c", program], environment) == (0, "True\n", "")


def test_the_wheel_holds_the_three_rooms_whole_and_nothing_else(packages: Packages) -> None:
    with zipfile.ZipFile(packages.wheel) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    data = {name for name in names if ".data/" in name}
    rooms = {f"aclproof/{path.relative_to(ROOT)}" for room in ROOMS for path in files(ROOT / room)}
    assert names - data == rooms | {str(path.relative_to(ROOT)) for path in files(ROOT / "aclproof")}
    assert [name.split(".data/")[1] for name in data] == ["data/share/man/man1/aclproof.1"]
    assert {"aclproof/__init__.py", "aclproof/py.typed", "aclproof/rules/configmgr-2007.yaml"} <= names


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_what_is_installed_says_what_the_checkout_says(
        arguments: tuple[str, ...], packages: Packages) -> None:
    installed = said([packages.environment / "bin" / "aclproof", *arguments], BRANCH)
    checkout = said([sys.executable, "-m", "aclproof", *arguments], BRANCH, PYTHONPATH=str(ROOT))
    assert installed == checkout
    assert installed[1]


@pytest.mark.parametrize("first", ["aclproof", "rules"])
def test_it_and_the_rules_of_pypi_leave_each_other_alone(
        first: str, packages: Packages, environment: Path) -> None:
    wheels = {"aclproof": packages.wheel, "rules": packages.rules}
    second = "rules" if first == "aclproof" else "aclproof"
    works = {"aclproof": assert_aclproof_works, "rules": assert_rules_works}
    install(environment, wheels[first])
    install(environment, wheels[second])
    works[first](environment)
    works[second](environment)
    pip("--python", str(environment), "uninstall", "--yes", first)
    works[second](environment)
    install(environment, wheels[first])
    works[first](environment)
    works[second](environment)


def test_an_editable_install_works_beside_the_rules_of_pypi(packages: Packages, environment: Path) -> None:
    pip("--python", str(environment), "install", "--no-deps", "--no-index", "--no-build-isolation",
        "--editable", str(ROOT))
    install(environment, packages.rules)
    assert_aclproof_works(environment)
    assert_rules_works(environment)
    program = "from aclproof import linter; print(linter.__path__[0])"
    where = said([environment / "bin" / "python", "-c", program], environment)
    assert where == (0, f"{ROOT / 'linter'}\n", "")


def test_folders_of_a_repository_that_are_called_as_ours_are_not_run(
        packages: Packages, tmp_path: Path) -> None:
    shutil.copytree(BRANCH, tmp_path, dirs_exist_ok=True)
    for room in ROOMS:
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").write_text(f"raise SystemExit('{room} of the repository')\n")
    installed, checkout = packages.environment / "bin" / "python", Path(sys.executable)
    for python, path in ((installed, "."), (checkout, f"{tmp_path}{os.pathsep}{ROOT}")):
        code, out, err = said([python, "-m", "aclproof", "check"], tmp_path, PYTHONPATH=path)
        assert (code, err) == (1, "")
        assert out.startswith("Installation method")


def test_the_source_archive_builds_the_same_wheel(packages: Packages, tmp_path: Path) -> None:
    python = packages.environment / "bin" / "python"
    build: list[str | Path] = [python, "-m", "hatchling", "build", "--target"]
    code, _, err = said([*build, "sdist", "--directory", tmp_path], ROOT)
    assert code == 0, err
    [archive] = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as sources:
        assert [each.name for each in sources if not each.isfile()] == []  # Windows unpacks no links
        sources.extractall(tmp_path, filter="data")
    [folder] = (each for each in tmp_path.iterdir() if each.is_dir())
    code, _, err = said([*build, "wheel", "--directory", tmp_path], folder)
    assert code == 0, err
    assert contents(next(tmp_path.glob("*.whl"))) == contents(packages.wheel)
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = tracked.stdout.split("\0")[:-1] or ["README.md", "tests"]  # outside of git: some
    missing = {name for name in names if not (folder / name).exists()}  # tests and pages read all others
    assert missing == {name for name in names if name.startswith(".typed/")}  # which `make types` lays


def contents(wheel: Path) -> dict[str, bytes]:
    """Every file of a wheel, but for which version of the builder wrote it."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()
                if not name.endswith((".dist-info/WHEEL", ".dist-info/RECORD"))}

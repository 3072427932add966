"""What is built once for all tests of a run, by the worker that needs it first."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Packages:
    """The wheel of this checkout, that of the Django library `rules`, and where the first is installed."""

    wheel: Path
    rules: Path
    environment: Path
    """A virtual environment with aclproof and what builds it, without pip; not to be changed."""


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Packages:
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    wheels, environment, unreachable = folder / "wheels", folder / "environment", folder / "unreachable"
    with _alone(folder / "packages.lock"):
        if not (environment.exists() or unreachable.exists()):
            problem = _fetch(wheels)
            if problem:
                unreachable.write_text(problem, encoding="utf-8")
            else:
                pip("wheel", "--no-deps", "--wheel-dir", str(wheels), str(ROOT))
                subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
                pip("--python", str(environment), "install", "--no-compile",
                    str(wheel_of("aclproof", wheels)), "hatchling", "hatch-fancy-pypi-readme")
    if unreachable.exists():
        pytest.skip(f"no package index within reach: {unreachable.read_text(encoding='utf-8')}")
    return Packages(wheel_of("aclproof", wheels), wheel_of("rules", wheels), environment)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages as `make site` builds them."""
    if not importlib.util.find_spec("material"):
        pytest.skip("the site of the pages is built where the extra docs is installed: make site")
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with _alone(folder / "site.lock"):
        if not (folder / "site").exists():
            command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet",
                       "--site-dir", str(folder / "site")]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False,
                                  env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
            assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return folder / "site"


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One worker at a time."""
    fcntl = pytest.importorskip("fcntl", reason="the environments are those of Linux and macOS")
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _fetch(wheels: Path) -> str:
    """Download `rules`; returns what is wrong with the index, empty for nothing."""
    fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--retries", "1",
             "--only-binary", ":all:", "--dest", str(wheels), "rules"]
    done = subprocess.run(fetch, capture_output=True, text=True, check=False)
    return done.stderr.strip().rpartition("\n")[2] or "pip failed" if done.returncode else ""


def pip(*arguments: str) -> None:
    """Run pip; what it prints is shown when it fails."""
    done = subprocess.run([sys.executable, "-m", "pip", "--quiet", *arguments],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"pip {' '.join(arguments)}\n{done.stdout}{done.stderr}"


def wheel_of(name: str, wheels: Path) -> Path:
    """Find the wheel of a project."""
    [wheel] = wheels.glob(f"{name}-*.whl")
    return wheel

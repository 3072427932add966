"""The wheel and the source archive."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from shipping.tools import ROOT, dated, run


def require_empty(folder: Path) -> None:
    """Make a folder; SystemExit where there is something in it, which may be of another release."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise SystemExit(f"{folder}: not empty; remove it first, as it may hold another release")


def build(folder: Path) -> tuple[Path, Path]:
    """Build both; SystemExit where a second build, of the source archive itself, has other bytes."""
    run("uv", "build", "--out-dir", folder.resolve(), **dated())
    [wheel], [source] = folder.glob("*.whl"), folder.glob("*.tar.gz")
    with TemporaryDirectory() as name:
        run("uv", "build", "--sdist", "--out-dir", name, **dated())
        run("uv", "build", "--wheel", "--out-dir", name, source.resolve(), **dated())
        for file in (wheel, source):
            if (Path(name) / file.name).read_bytes() != file.read_bytes():
                raise SystemExit(f"{file.name}: built twice, and the bytes differ")
    (folder / ".gitignore").unlink(missing_ok=True)  # uv writes one
    return wheel, source


def check(wheel: Path, source: Path) -> None:
    """Ask the tools that know what an index refuses, and what does not belong into a wheel."""
    run("check-wheel-contents", "--config", ROOT / "pyproject.toml", wheel.resolve())
    run("twine", "check", "--strict", wheel.resolve(), source.resolve())

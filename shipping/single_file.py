"""`aclproof.pyz`: one file with all libraries, for hosts that have Python and no pip."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from shipping.tools import ROOT, dated, run

EXTRAS = "hive,history"
"""What reads more inputs; `watch` and `cluster` are for machines that are worked on."""


class Target(NamedTuple):
    """A Python on a system, as uv names them."""

    python: str
    system: str


_PYTHONS = ("3.11", "3.12", "3.13", "3.14")
_SYSTEMS = ("x86_64-manylinux_2_28", "aarch64-manylinux_2_28", "x86_64-pc-windows-msvc",
            "aarch64-apple-darwin")
EVERYWHERE: Sequence[Target] = tuple(Target(python, system) for system in _SYSTEMS for python in _PYTHONS)


def here() -> Sequence[Target]:
    """Return this Python on this Linux."""
    machine = platform.machine()
    return (Target(f"{sys.version_info.major}.{sys.version_info.minor}", f"{machine}-manylinux_2_28"),)


def build(wheel: Path, folder: Path, targets: Sequence[Target]) -> Path:
    """Put the wheel and its libraries into one file that runs on all targets.

    Compiled modules lie beside each other: each has the Python and the system in its name.
    """
    file = folder / "aclproof.pyz"
    with TemporaryDirectory() as name:
        whole = Path(name) / "whole"
        for target in targets:
            one = Path(name) / f"{target.python}-{target.system}"
            run("uv", "pip", "install", "--quiet", "--target", one, "--python-version", target.python,
                "--python-platform", target.system, "--only-binary", ":all:", "--link-mode", "copy",
                "--constraint", ROOT / "constraints.txt", f"{wheel.resolve()}[{EXTRAS}]")
            merge(one, whole)
        run("shiv", "--site-packages", whole, "--entry-point", "aclproof.linter.cli:main", "--reproducible",
            "--compressed", "--python", "/usr/bin/env python3", "--output-file", file.resolve(), **dated())
    return file


def merge(one: Path, whole: Path) -> None:
    """Move what is not there yet; SystemExit where a module is another one on another system."""
    for file in sorted(each for each in one.rglob("*") if each.is_file()):
        inside = file.relative_to(one)
        if inside.parts[0] == "bin" or inside.name.startswith(".") or "__pycache__" in inside.parts:
            continue
        there = whole / inside
        if not there.exists():
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(file, there)
        elif inside.name not in _OF_ONE_WHEEL and _text(file) != _text(there):
            raise SystemExit(f"aclproof.pyz: {inside} differs from one system or Python to another")


def _text(file: Path) -> bytes:
    """Wheels for Windows may end lines as Windows does."""
    return file.read_bytes().replace(b"\r\n", b"\n")


_OF_ONE_WHEEL = ("WHEEL", "RECORD", "METADATA", "INSTALLER", "uv_cache.json", "REQUESTED", "direct_url.json")
"""What says which wheel something came from."""

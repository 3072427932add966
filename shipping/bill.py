"""The software bill of materials: what an installation brings, with versions and licences."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from shipping.single_file import EXTRAS
from shipping.tools import ROOT, run


def write(wheel: Path, folder: Path) -> Path:
    """Write it as CycloneDX JSON, out of an environment that has nothing else."""
    bill = folder / f"{'-'.join(wheel.name.split('-')[:2])}.cdx.json"
    with TemporaryDirectory() as name:
        run("uv", "venv", "--quiet", name)
        run("uv", "pip", "install", "--quiet", "--python", name, "--constraint", ROOT / "constraints.txt",
            f"{wheel.resolve()}[{EXTRAS}]")
        run("cyclonedx-py", "environment", "--pyproject", ROOT / "pyproject.toml", "--mc-type", "application",
            "--output-reproducible", "--output-file", bill.resolve(), name)
    return bill

"""The software bill of materials: what is in the single file, with versions and licences."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import aclproof
from shipping.tools import ROOT, run

_UNSAID = {"passlib": "BSD-3-Clause"}
"""Licences that a package says in a text only: read by hand."""


def write(single: Path, folder: Path) -> Path:
    """Write it as CycloneDX JSON, out of an environment that holds the libraries of the single file.

    SystemExit where a library has no licence.
    """
    bill = folder / f"aclproof-{aclproof.__version__}.cdx.json"
    with TemporaryDirectory() as name:
        run("uv", "venv", "--quiet", name)
        [libraries] = Path(name).glob("[Ll]ib/**/site-packages")
        with ZipFile(single) as archive:
            for each in archive.namelist():
                if ".dist-info/" in each and "/aclproof-" not in each:
                    archive.extract(each, libraries.parent)  # its folder is called site-packages as well
        run("cyclonedx-py", "environment", "--pyproject", ROOT / "pyproject.toml", "--mc-type", "application",
            "--output-reproducible", "--output-file", bill.resolve(), name)
    written = json.loads(bill.read_text(encoding="utf-8"))
    bill.write_text(json.dumps(completed(written), indent=2, sort_keys=True) + "\n", encoding="utf-8",
                    newline="\n")
    return bill


def completed(bill: dict[str, Any]) -> dict[str, Any]:
    """Add what the tool cannot read: our version, which is in a module, and licences in texts only."""
    bill["metadata"]["component"] |= {"version": aclproof.__version__,
                                      "purl": f"pkg:pypi/aclproof@{aclproof.__version__}"}
    for each in bill["components"]:
        if not each.get("licenses"):
            if each["name"] not in _UNSAID:
                raise SystemExit(f"bill of materials: {each['name']} names no licence; read it, and add it")
            each["licenses"] = [{"license": {"acknowledgement": "concluded", "id": _UNSAID[each["name"]]}}]
    return bill

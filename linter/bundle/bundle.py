"""The file of a run: inputs, reports, packs, their sums, how it was called, and the script."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib import resources
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from msgspec import Struct

from aclproof import __version__

SCHEMA = "aclproof/bundle/v1"
INPUTS, REPORTS, PACKS = "inputs", "reports", "packs"
"""The folders of a bundle."""
_SCRIPT = "prove.py"
_ABOUT = """\
An audit by aclproof {version}, which can be proven again.

    python prove.py

holds every file here against the sums in bundle.json, has aclproof {version}
make the bundle again from the inputs, and compares every file byte by byte.
It needs Python 3.11 or later and aclproof {version}, and no network. Who does
not want to run a script of a stranger takes the one of a bundle of their own,
which holds this one against itself: python prove.py FOLDER

inputs/   {inputs}
packs/    the requirement packs of aclproof that were used, to be read
reports/  what aclproof said

Every sum is in bundle.json. Keep the sum of the whole file elsewhere, which
aclproof printed when it was written: who changes a file here can change its
sum here.
"""
_WHOLE = "what was read; configurations hold secrets: keep them so"
_SUMS = "not here, but their sums are: name their folder by --inputs FOLDER"


class Run(Struct, frozen=True):
    """What a run was: each file by its place, with its bytes."""

    arguments: Sequence[str]
    """Of `aclproof check`, without those that say where reports go."""
    folder: str
    """The working directory, below the inputs."""
    exit_code: int
    inputs: Mapping[str, bytes]
    packs: Mapping[str, bytes]
    """Those that are part of the program, by their names."""


def contents(run: Run, reports: Mapping[str, bytes], *, whole: bool) -> bytes:
    """Return the bytes of the bundle (zip) with reports by their names; of the same run always the same.

    Without `whole` inputs are there by their sums only.
    """
    parts = {
        "README.txt": _ABOUT.format(version=__version__, inputs=_WHOLE if whole else _SUMS).encode(),
        _SCRIPT: resources.files(__package__).joinpath(_SCRIPT).read_bytes(),
        "bundle.json": f"{json.dumps(_described(run, reports, whole=whole), indent=2)}\n".encode(),
        **_below(REPORTS, reports), **_below(PACKS, run.packs),
        **(_below(INPUTS, run.inputs) if whole else {})}
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as file:
        for name, data in sorted(parts.items()):
            entry = ZipInfo(name)  # of 1980: no time of this run
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o600 << 16
            file.writestr(entry, data)
    return out.getvalue()


def _described(run: Run, reports: Mapping[str, bytes], *, whole: bool) -> dict[str, Any]:
    return {"schema": SCHEMA, "tool": {"name": "aclproof", "version": __version__},
            "arguments": list(run.arguments), "folder": run.folder, "exit_code": run.exit_code,
            "holds_inputs": whole, "inputs": _summed(run.inputs), "reports": _summed(reports),
            "packs": _summed(run.packs)}


def _summed(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    return [{"path": path, "bytes": len(data), "sha256": sha256(data).hexdigest()}
            for path, data in sorted(files.items())]


def _below(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{path}": data for path, data in files.items()}

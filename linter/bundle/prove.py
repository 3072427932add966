"""Prove an audit of aclproof again: the same inputs, the same bytes.

    python prove.py [FOLDER] [--aclproof COMMAND] [--inputs FOLDER]

It needs nothing but Python and aclproof, and lies in every bundle (`aclproof check --bundle FILE`).
"""

from __future__ import annotations

import argparse
import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

MAY_BE_GIVEN = frozenset(
    "--client --server --role --set --method --pack --tier --root --allow-outside --interface --acl --host "
    "--profile --context --fact --assume --as-of --waivers --baseline --require --strict --allow-undecided "
    "--fixes --no-fixes --checks --fail-on --evidence --second-opinion --self-check --verbose --lang".split())
"""Options that a bundle may hold: none of them writes anything."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 where all is the same, 1 where something is not, 2 where that cannot be told."""
    parser = argparse.ArgumentParser(prog="prove.py", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent, metavar="FOLDER",
                        help="the unpacked bundle, default: where this script is")
    parser.add_argument("--aclproof", metavar="COMMAND", help="how aclproof is called here, such as "
                                                              "'python aclproof.pyz'")
    parser.add_argument("--inputs", type=Path, metavar="FOLDER", help="where the inputs are, default: inputs")
    given = parser.parse_args(arguments)
    try:
        bundle = json.loads((given.folder / "bundle.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return _ended(2, f"bundle.json cannot be read: {error}")
    inputs = given.inputs or given.folder / "inputs"
    command = shlex.split(given.aclproof) if given.aclproof else _installed()
    if not (bundle["holds_inputs"] or given.inputs):
        return _ended(2, "the inputs are not in this bundle: give their folder by --inputs FOLDER")
    if foreign := list(_foreign(bundle)):
        return _ended(1, *foreign, "not proven: aclproof writes no such bundle")
    changed = [*_changed(inputs, bundle["inputs"], alone=not given.inputs),
               *_changed(given.folder / "reports", bundle["reports"]),
               *_changed(given.folder / "packs", bundle["packs"])]
    if changed:
        return _ended(1, *changed, "not proven: these are not the files of this audit")
    print(f"{len(bundle['inputs'])} inputs and {len(bundle['reports'])} reports are those of bundle.json")
    wanted, found = "aclproof " + bundle["tool"]["version"], _version(command)
    if found != wanted:
        return _ended(2, f"this audit is of {wanted}, and here is {found or 'none'}: pip install "
                         f"aclproof=={bundle['tool']['version']}, or name it by --aclproof COMMAND")
    different = list(_different(command, bundle, inputs / bundle["folder"], given.folder / "reports"))
    if different:
        return _ended(1, *different, "not proven: this audit says something else now")
    return _ended(0, f"proven again by {found}: exit code {bundle['exit_code']}, and every report has the "
                     "same bytes")


def _foreign(bundle: dict[str, Any]) -> Iterator[str]:
    """Name what would reach out of the bundle: who made it may be a stranger."""
    for each in bundle["arguments"]:
        if each.startswith("-") and each.partition("=")[0] not in MAY_BE_GIVEN:
            yield f"bundle.json: the argument {each!r} is none that a proof needs"
    files = [each["path"] for part in ("inputs", "reports", "packs") for each in bundle[part]]
    for each in (bundle["folder"], *files):
        if Path(each).is_absolute() or ".." in Path(each).parts:
            yield f"bundle.json: {each!r} lies outside of the bundle"


def _installed() -> list[str]:
    """The command of this environment, else what is found by its name."""
    beside = shutil.which("aclproof", path=str(Path(sys.executable).parent))
    return [beside or shutil.which("aclproof") or "aclproof"]


def _version(command: Sequence[str]) -> str:
    try:
        return subprocess.run([*command, "--version"], capture_output=True, text=True,
                              check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _changed(folder: Path, listed: list[dict[str, Any]], *, alone: bool = True) -> Iterator[str]:
    """Name what is gone, changed or, where they are `alone`, added."""
    for each in listed:
        file = folder / each["path"]
        if not file.is_file():
            yield f"{file}: is missing"
        elif sha256(file.read_bytes()).hexdigest() != each["sha256"]:
            yield f"{file}: was changed (its sha256 is not that of bundle.json)"
    known = {folder / each["path"] for each in listed}
    for file in sorted(folder.rglob("*")) if alone else ():
        if file.is_file() and file not in known:
            yield f"{file}: was added"


def _different(command: Sequence[str], bundle: dict[str, Any], folder: Path, reports: Path) -> Iterator[str]:
    """Run it again, and name what differs."""
    folder.mkdir(parents=True, exist_ok=True)  # nothing need lie in the working directory
    command = [str(Path(each).absolute()) if Path(each).exists() else each for each in command]
    with TemporaryDirectory() as room:
        out = Path(room)
        names = [each["path"] for each in bundle["reports"]]
        formats = [f"--format={FORMS[Path(name).suffix]}={out / name}" for name in names]
        ended = subprocess.run([*command, "check", "-qq", *bundle["arguments"], *formats], cwd=folder,
                               check=False).returncode
        if ended != bundle["exit_code"]:
            yield f"exit code {ended}: it was {bundle['exit_code']}"
        for name in names:
            file = out / name
            if not file.is_file() or file.read_bytes() != (reports / name).read_bytes():
                yield f"{reports / name}: comes out otherwise"


FORMS = {".json": "json", ".txt": "text", ".md": "markdown", ".html": "html"}
"""The format of each report, by the end of its name."""


def _ended(code: int, *lines: str) -> int:
    for each in lines:
        print(each, file=sys.stderr if code else sys.stdout)
    return code


if __name__ == "__main__":
    sys.exit(main())

"""Prove an audit of aclproof again: the same inputs, the same bytes.

    python prove.py [FOLDER] [--aclproof COMMAND] [--inputs FOLDER]

It needs nothing but Python and aclproof, and lies in every bundle
(`aclproof check --bundle FILE`).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from zipfile import ZipFile

MAY_BE_GIVEN = frozenset(
    "--client --server --role --set --method --pack --tier --root --allow-outside --interface --acl --host "
    "--profile --context --fact --assume --as-of --waivers --baseline --require --strict --allow-undecided "
    "--fixes --no-fixes --checks --fail-on --evidence --second-opinion --self-check --verbose --lang".split())
"""Options that a bundle may hold: none of them writes anything."""
_INPUTS, _SAID = "inputs", "bundle.json"
_PARTS = (_INPUTS, "reports", "packs")
_BESIDE = {*_PARTS, _SAID, "README.txt", "prove.py"}


class Audit(NamedTuple):
    """What bundle.json says."""

    version: str
    arguments: list[str]
    folder: str
    exit_code: int
    whole: bool
    sums: dict[str, str]
    """By the place of each file in the bundle, with `/`."""


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
        with TemporaryDirectory() as room:
            return _proven(given.folder, given.inputs, given.aclproof, Path(room))
    except (OSError, ValueError) as error:
        return _ended(2, f"this cannot be told: {error}")


def _proven(folder: Path, inputs: Path | None, called: str | None, room: Path) -> int:
    """As `main`; OSError and ValueError for what cannot be read or written."""
    audit = _read(folder / _SAID)
    if not (audit.whole or inputs):
        return _ended(2, "the inputs are not in this bundle: give their folder by --inputs FOLDER")
    if foreign := list(_foreign(audit)):
        return _ended(1, *foreign, "not proven: aclproof writes no such bundle")
    if changed := [*_added(folder, audit), *_copied(audit, folder, inputs or folder / _INPUTS, room)]:
        return _ended(1, *changed, "not proven: these are not the files of this audit")
    _ended(0, f"{_count(audit, _INPUTS)} inputs and {_count(audit, 'reports')} reports are those of {_SAID}",
           shlex.join(["aclproof", "check", *audit.arguments]))
    command = _absolute(shlex.split(called)) if called else _installed()
    wanted, found = f"aclproof {audit.version}", _version(command)
    if found != wanted:
        return _ended(2, f"this audit is of {wanted}, and here is {found or 'none'}: pip install "
                         f"aclproof=={audit.version}, or name it by --aclproof COMMAND")
    if different := list(_different(command, audit, folder, room)):
        return _ended(1, *different, "not proven: this audit says something else now")
    if beside := sorted({each.name for each in folder.iterdir()} - _BESIDE):
        _ended(0, f"no part of this audit, and not proven: {', '.join(beside)}")
    return _ended(0, f"proven again by {found}: exit code {audit.exit_code}, and every report has the same "
                     "bytes")


def _read(file: Path) -> Audit:
    """ValueError where it is none of aclproof's."""
    try:
        said = json.loads(file.read_bytes())
        return Audit(f"{said['tool']['version']}", [f"{each}" for each in said["arguments"]],
                     f"{said['folder']}", said["exit_code"], said["holds_inputs"] is True,
                     {f"{part}/{each['path']}": each["sha256"] for part in _PARTS for each in said[part]})
    except (LookupError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"{file} is not as aclproof writes it ({error})") from None


def _foreign(audit: Audit) -> Iterator[str]:
    """Name what would reach out of the bundle: who made it may be a stranger."""
    if not re.fullmatch(r"[\w.+!-]+", audit.version):
        yield f"{_SAID}: {audit.version!r} is no version"
    for each in audit.arguments:
        if each.startswith("-") and each.partition("=")[0] not in MAY_BE_GIVEN:
            yield f"{_SAID}: the argument {each!r} is none that a proof needs"
    for each in (audit.folder, *(place.partition("/")[2] for place in audit.sums)):
        path = Path(each)
        if path.anchor or ".." in path.parts or PurePosixPath(each).as_posix() != each:
            yield f"{_SAID}: {each!r} lies outside of the bundle"


def _added(folder: Path, audit: Audit) -> Iterator[str]:
    """Name what is in the folders of a bundle, and not in its list; links are not followed."""
    for part in _PARTS:
        for at, folders, files in os.walk(folder / part):
            for file in sorted(Path(at, each) for each in (*files, *folders)):
                if (file.is_symlink() or not file.is_dir()) \
                        and file.relative_to(folder).as_posix() not in audit.sums:
                    yield f"{file}: was added"


def _copied(audit: Audit, folder: Path, inputs: Path, room: Path) -> Iterator[str]:
    """Copy the inputs into a room that holds nothing else, and name what is missing or changed."""
    for place, digest in audit.sums.items():
        part, _, path = place.partition("/")
        top = inputs if part == _INPUTS else folder / part
        file = top / path
        if not file.is_file():
            yield f"{file}: is missing"
        elif top.parent == folder and file.resolve() != folder.resolve() / part / path:
            yield f"{file}: is a link"
        elif sha256(data := file.read_bytes()).hexdigest() != digest:
            yield f"{file}: was changed (its sha256 is not that of {_SAID})"
        elif part == _INPUTS:
            copy = room / place
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(data)


def _installed() -> list[str]:
    """The command of this environment, else what is found by its name."""
    beside = shutil.which("aclproof", path=str(Path(sys.executable).parent))
    return [beside or shutil.which("aclproof") or "aclproof"]


def _absolute(command: Sequence[str]) -> list[str]:
    """A command that means the same in another folder."""
    return [os.path.abspath(each) if os.path.isfile(each) else each for each in command]


def _version(command: Sequence[str]) -> str:
    try:
        return _run(command, "--version", text=True, capture_output=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _different(command: Sequence[str], audit: Audit, folder: Path, room: Path) -> Iterator[str]:
    """Have the bundle made again from the copies, and name what differs."""
    here, again = room / _INPUTS / audit.folder, room / "again.zip"
    here.mkdir(parents=True, exist_ok=True)  # nothing need lie in the working directory
    options = [*audit.arguments, f"--bundle={again}", *([] if audit.whole else ["--without-inputs"])]
    code = _run(command, "check", "-qq", *options, cwd=here).returncode
    if code != audit.exit_code:
        yield f"exit code {code}: it was {audit.exit_code}"
    if not again.is_file():
        yield "aclproof made no bundle of it"
        return
    with ZipFile(again) as made:
        for name in made.namelist():
            file = folder / name
            if not file.is_file() or file.read_bytes() != made.read(name):
                yield f"{file}: comes out otherwise"


def _run(command: Sequence[str], *arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """Start aclproof; Python shall import nothing of the folder that it works in."""
    return subprocess.run([*command, *arguments], env={**os.environ, "PYTHONSAFEPATH": "1"}, **more)


def _count(audit: Audit, part: str) -> int:
    return sum(each.startswith(f"{part}/") for each in audit.sums)


def _ended(code: int, *lines: str) -> int:
    """Print lines; nothing that a stranger wrote acts on a terminal."""
    stream = sys.stderr if code else sys.stdout
    for each in lines:
        shown = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in each)
        print(shown.encode(stream.encoding, "backslashreplace").decode(stream.encoding), file=stream)
    return code


if __name__ == "__main__":
    sys.exit(main())

"""The reports of docs/gallery.md, made by the commands that the page shows when the site is built."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import tempfile
from collections.abc import Iterator
from pathlib import Path

from aclproof.linter.cli import run
from pages import ROOT

FOLDER = "gallery"
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_OUTPUT = re.compile(r"--format \w+=(\S+)")
DAY = "2026-06-01"
"""As of which day they are proven, so that the same source gives the same site."""


def reports(page: str) -> dict[str, bytes]:
    """Place in the site to the bytes of each file that the commands of the page write."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, FOLDER)
        out.mkdir()
        for block in _BLOCK.findall(page):
            _made(block, out)
        return {file.relative_to(folder).as_posix(): file.read_bytes()
                for file in sorted(out.rglob("*")) if file.is_file()}


def linked(page: str) -> str:
    """The page with links below each block to what its command writes."""
    return _BLOCK.sub(lambda found: f"{found[0]}\n\n{' · '.join(_links(found[1]))}", page)


def _links(block: str) -> Iterator[str]:
    for name in _OUTPUT.findall(block):
        yield f"[{name}]({FOLDER}/{name if Path(name).suffix else f'{name}/index.html'})"


def _made(block: str, out: Path) -> None:
    command = block.replace("\\\n", " ").removeprefix("$ aclproof ")
    words = [re.sub(r"^(\w+)=(.*)", rf"\1={out}/\2", word) if before == "--format" else word
             for before, word in zip(["", *shlex.split(command)], shlex.split(command), strict=False)]
    said = io.StringIO()
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = run([*words, "--as-of", DAY])
    if code not in (0, 1, 3):
        raise RuntimeError(f"{command.strip()}: exit code {code}{os.linesep}{said.getvalue()}")

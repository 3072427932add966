"""Writes a bomb and prints the words of its command: `python -m tests.bombs.laying NAME SIZE FOLDER`.

In a process of its own, so that the memory this takes does not count for what is measured.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.bombs import answers, asa, beside, changes, linux, nft, sites, windows
from tests.bombs.bomb import BOMBS, Laid

ROOMS = (asa, linux, nft, windows, sites, beside, changes, answers)
"""Modules that enter bombs, in the order of the figures."""


def write(laid: Laid, folder: Path) -> None:
    """Write the files of a bomb into a folder."""
    for name, text in laid.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_data(text))
    if laid.commits:
        subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
        subprocess.run(
            ["git", "-C", str(folder), "fast-import", "--quiet"],
            check=True,
            input=b"".join(map(_commit, range(len(laid.commits)), laid.commits)),
        )


def _data(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _commit(number: int, files: Mapping[str, str | bytes]) -> bytes:
    """One commit, as `git fast-import` takes it."""
    changes = (
        b"M 100644 inline %s\ndata %d\n%s\n" % (name.encode(), len(_data(text)), _data(text))
        for name, text in files.items()
    )
    who = b"committer me <me@example.com> %d +0000" % (1_700_000_000 + number)
    return b"commit refs/heads/main\n%s\ndata 1\nx\n%s" % (who, b"".join(changes))


def main() -> None:
    """Do it."""
    name, size, folder = sys.argv[1:]
    laid = BOMBS[name].make(int(size))
    write(laid, Path(folder))
    json.dump(list(laid.words), sys.stdout)


if __name__ == "__main__":
    main()

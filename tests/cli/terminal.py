"""Runs the command with its output on terminals of our own (pty)."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest

fcntl, termios = (pytest.importorskip(each, reason="terminals of our own are Unix's")
                  for each in ("fcntl", "termios"))
ROOT = Path(__file__).parents[2]
COLOURS = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "CLICOLOR", "COLORTERM", "COLUMNS", "LINES")
"""Of the environment that the tests run in, what must not reach a command."""


@dataclass(frozen=True)
class Seen:
    out: str
    err: str
    code: int


class _Screen:
    """One end of a pty whose other end a command writes to, or of a pipe."""

    def __init__(self, terminal: bool, columns: int) -> None:
        self._reader, self.writer = os.openpty() if terminal else os.pipe()
        if terminal:
            fcntl.ioctl(self.writer, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        self._parts: list[bytes] = []
        self._thread = Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        while True:
            try:
                part = os.read(self._reader, 65536)
            except OSError:  # how Linux says that a pty has no writer any more
                return
            if not part:
                return
            self._parts.append(part)

    def text(self) -> str:
        os.close(self.writer)
        self._thread.join()
        os.close(self._reader)
        return b"".join(self._parts).decode().replace("\r\n", "\n")


def seen(program: Sequence[str], *, out: bool = True, err: bool = True, columns: int = 80,
         environment: Mapping[str, str] | None = None) -> Seen:
    """Run Python with these arguments; `out` and `err` say whether that stream is a terminal."""
    screens = _Screen(out, columns), _Screen(err, columns)
    clean = {key: value for key, value in os.environ.items() if key not in COLOURS}
    done = subprocess.run([sys.executable, *program], cwd=ROOT, stdin=subprocess.DEVNULL, check=False,
                          stdout=screens[0].writer, stderr=screens[1].writer,
                          env={**clean, "TERM": "xterm-256color", **(environment or {})})
    return Seen(screens[0].text(), screens[1].text(), done.returncode)

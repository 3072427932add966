"""Counts what a process does to files and streams, and lets one of these acts go wrong.

Python's own functions are replaced, in a process that is there for this alone.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
from collections.abc import Callable
from typing import Any

from msgspec import Struct

ROOMY = ("open", "write", "fsync", "close", "mkdir", "link", "symlink")
"""Acts that a full disk refuses from then on."""
_CHANGES = ("mkdir", "rmdir", "unlink", "remove", "replace", "rename", "link", "symlink", "chmod", "fsync")
_TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_FULL = (errno.ENOSPC, errno.EDQUOT)
STREAMS = {1: "<stdout>", 2: "<stderr>"}


class Act(Struct, frozen=True):
    """Something that is done to a file or a stream."""

    kind: str
    """`open`, `write`, `close`, or the function of `os`."""
    path: str
    """As it was named; `<stdout>` and `<stderr>` for streams."""


class Mishap(Struct, frozen=True):
    """What goes wrong, and at which act: the first is 1, and 0 is none."""

    at: int = 0
    error: int = 0
    """The errno that the act is refused with; a write is refused after half of it is written."""
    signal: int = 0
    """The signal that comes right after the act."""


class Acts:
    """The acts of this process, from when this is made."""

    def __init__(self, mishap: Mishap, told: Callable[[Act], object]) -> None:
        self._mishap, self._told, self._count = mishap, told, 0
        self._full = False
        self._kill, self._own = os.kill, os.getpid()
        for name in _CHANGES:
            setattr(os, name, self._watched(name, getattr(os, name)))
        self._write, self._open = os.write, io.open
        self._paths: dict[int, str] = dict(STREAMS)
        os.write = self._written
        os.open = self._descriptor(os.open)
        builtins.open = io.open = self._opened

    def before(self, kind: str, path: object) -> None:
        """Count an act; OSError where it is refused."""
        self._count += 1
        act = Act(kind, self._paths.get(path, f"{path}") if isinstance(path, int) else _named(path))
        self._told(act)
        mishap, of_disk = self._mishap, act.path not in STREAMS.values()
        if mishap.error and (self._count == mishap.at or (self._full and of_disk and kind in ROOMY)):
            self._full = self._full or (of_disk and mishap.error in _FULL)
            named = () if kind in ("write", "fsync", "close") else (act.path,)
            raise OSError(mishap.error, os.strerror(mishap.error), *named)

    def after(self) -> None:
        """Let the signal come, if it is time."""
        if self._mishap.signal and self._count == self._mishap.at:
            self._kill(self._own, self._mishap.signal)

    def _watched(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def watched(path: Any, *given: Any, **more: Any) -> Any:
            self.before(name, path)
            found = real(path, *given, **more)
            self.after()
            return found
        return watched

    def _descriptor(self, real: Callable[..., int]) -> Callable[..., int]:
        def opened(path: Any, flags: int, *given: Any, **more: Any) -> int:
            if not flags & _TO_WRITE:
                return real(path, flags, *given, **more)
            self.before("open", path)
            found = real(path, flags, *given, **more)
            self._paths[found] = _named(path)
            self.after()
            return found
        return opened

    def _written(self, descriptor: int, data: Any, /) -> int:
        self.before("write", descriptor)
        count = self._write(descriptor, data)
        self.after()
        return count

    def _opened(self, file: Any, mode: str = "r", buffering: int = -1, encoding: str | None = None,
                errors: str | None = None, newline: str | None = None, closefd: bool = True,
                opener: Callable[[str, int], int] | None = None) -> Any:
        if not set(mode) & set("wax+"):
            return self._open(file, mode, buffering, encoding, errors, newline, closefd, opener)
        named = not isinstance(file, int) and not opener
        if named:
            self.before("open", file)
        raw = _File(file, mode.replace("b", "").replace("t", ""), closefd, opener)
        raw.acts, raw.about = self, file
        if named:
            self.after()
        if not buffering:
            return raw
        buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, encoding, errors, newline)


class _File(io.FileIO):
    """A file whose writes and whose end are acts."""

    acts: Acts
    about: object

    def write(self, data: Any, /) -> int:
        try:
            self.acts.before("write", self.about)
        except OSError:
            whole = bytes(data)
            super().write(whole[:len(whole) // 2])
            raise
        count = super().write(data)
        self.acts.after()
        return count

    def close(self) -> None:
        if self.closed:
            return
        super().close()
        self.acts.before("close", self.about)
        self.acts.after()


def _named(path: object) -> str:
    return os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else f"{path}"

"""Files that reports go to: never an input, and whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from aclproof import inputs
from aclproof.linter.cli import leaving, streams
from aclproof.reason import Reason

_STDOUT = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
_PAUSE = 0.05


def is_stdout(path: str) -> bool:
    """Whether a name means standard output."""
    return path in _STDOUT


def real(path: str) -> str:
    """Return the name of what a path leads to; UsageError for a name that no file has."""
    try:
        return os.path.realpath(path)
    except ValueError:  # NUL, or half of a character
        raise click.UsageError(Reason("{path}: cannot be written (no file has such a name)",
                                      path=path)) from None


def save(text: str, path: str) -> None:
    """Write a file in UTF-8: a regular one as a whole, what is none (a pipe, a device) as it comes.

    A link is followed. UsageError for an input, ClickException for what the system refuses.
    """
    data = text.encode(streams.UTF8, "backslashreplace")
    end = real(path)
    with refusals(path):
        found = _found(path)
        if found is None or stat.S_ISREG(found.st_mode):
            _replace(end, data, found)
        else:
            _pour(path, data)


def append(text: str, path: str, most: int) -> None:
    """Add to a file that others write to as well, unless it would then hold more than `most` bytes."""
    data = text.encode(streams.UTF8, "backslashreplace")
    with refusals(path):
        _found(real(path))
        with open(path, "ab") as file:
            if file.tell() + len(data) <= most:
                file.write(data)
                return
    streams.notice(Reason("{path} is full; the report was not added", path=path))


@contextmanager
def refusals(path: str) -> Iterator[None]:
    """Say what the system refuses as a ClickException; a reader that went away is none."""
    try:
        yield
    except BrokenPipeError:  # a reader that went away
        pass
    except OSError as error:
        raise click.ClickException(Reason("{path}: cannot be written ({reason})", path=path,
                                          reason=inputs.system_reason(error))) from None


def _found(path: str) -> os.stat_result | None:
    """What is there; UsageError where it must stay as it is."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    if inputs.was_read(found):
        raise click.UsageError(Reason("{path} is an input; name another file for the report", path=path))
    if stat.S_ISREG(found.st_mode) and any(_goes_to(stream, found) for stream in (1, 2)):
        raise click.UsageError(Reason("{path} is where standard output or standard error goes; name "
                                      "another file", path=path))
    return found


def _goes_to(descriptor: int, found: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), found)
    except OSError:
        return False


def _replace(path: str, data: bytes, found: os.stat_result | None) -> None:
    unfinished = os.path.join(os.path.dirname(path), f".aclproof-{os.urandom(8).hex()}")
    with leaving.undone(lambda: os.unlink(unfinished)):
        new = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        with os.fdopen(new, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if found:
            os.chmod(unfinished, stat.S_IMODE(found.st_mode) & 0o777)
        os.replace(unfinished, path)


def _pour(path: str, data: bytes) -> None:
    with os.fdopen(_open_for_pouring(path), "wb") as file:
        file.write(data)


def _open_for_pouring(path: str) -> int:
    """Open what is no regular file; a pipe that nobody reads is given up after a while."""
    no_wait = getattr(os, "O_NONBLOCK", 0)
    until = time.monotonic() + inputs.OTHER_END_WITHIN
    while True:
        try:
            descriptor = os.open(path, os.O_WRONLY | no_wait | getattr(os, "O_NOCTTY", 0))
        except OSError as error:
            if error.errno != errno.ENXIO or time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
        else:
            if no_wait:
                os.set_blocking(descriptor, True)
            return descriptor

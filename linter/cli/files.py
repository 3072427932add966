"""Files that reports go to: never an input, and whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import IO

import click

from aclproof import inputs
from aclproof.linter.cli import leaving, streams
from aclproof.reason import Reason

_STDOUT = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
_PAUSE = 0.05
_PIECE = 2**20


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


def key(path: str) -> str:
    """Return what the names of one file have in common; on Windows their case tells nothing apart."""
    return os.path.normcase(real(path))


def save(text: str | bytes, path: str, *, private: bool = False, first: bool = False) -> None:
    """Write a file, text in UTF-8: a regular one as a whole, what is none (a pipe, a device) as it comes.

    A link is followed. A new one that is `private` is its owner's alone; one that is to be the `first` of
    its name takes the place of none. UsageError for an input, ClickException for what the system refuses.
    """
    with together(0o600 if private else 0o666, first=first) as put:
        put(text, path)


@contextmanager
def together(mode: int = 0o666, *, first: bool = False) -> Iterator[Callable[[str | bytes, str], None]]:
    """Yield what takes files as `save` does. None has its name before all are complete: at the end."""
    begun: list[NewFile] = []

    def put(text: str | bytes, path: str) -> None:
        begun.append(NewFile(path, mode, first=first))
        begun[-1].write(text)
        begun[-1].complete()

    try:
        yield put
        for each in begun:
            each.finish()
    except BaseException:
        for each in begun:
            each.discard()
        raise


def make_folder(path: str, mode: int = 0o777) -> None:
    """Make a folder and those that it is in; UsageError where a file has its name.

    The mode, less the umask, is that of a folder which is new.
    """
    with refusals(path):
        try:
            os.makedirs(real(path), mode, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise click.UsageError(Reason("{path}: a folder is needed here, and a file has this name",
                                          path=path)) from None


class NewFile:
    """A file that is there, whole, when it is finished; errors as those of `save`."""

    def __init__(self, path: str, mode: int = 0o666, *, first: bool = False) -> None:
        self._path, self._end, self._mode, self._first = path, real(path), mode, first
        self._out: IO[bytes] | None = None
        with refusals(path):
            found = self._found()
            self._whole = found is None or stat.S_ISREG(found.st_mode)
            self._unfinished = self._beside() if self._whole else ""
            leaving.undo(self.discard)  # from before it is there: a signal may come at once
            try:
                self._out = self._opened()
            except BaseException:
                self.discard()
                raise

    def write(self, text: str | bytes) -> None:
        """Add text in UTF-8, or bytes."""
        with refusals(self._path):
            if self._out:
                self._out.write(text if isinstance(text, bytes) else
                                text.encode(streams.UTF8, "backslashreplace"))

    def complete(self) -> None:
        """Nothing is added any more; it has no name yet."""
        with refusals(self._path):
            if self._out and self._whole and not self._out.closed:
                self._out.flush()
                os.fsync(self._out.fileno())
                self._out.close()

    def finish(self) -> None:
        """Give it its name, or pour it into what has the name."""
        self.complete()
        with refusals(self._path):
            found = self._found()  # it may have been read meanwhile
            if not self._out:
                return
            if not self._whole:
                with self._out:
                    self._out.flush()
                    _pour(self._path, self._out)
                self.discard()
                return
            if found:
                os.chmod(self._unfinished, stat.S_IMODE(found.st_mode) & 0o777)
            if not (self._first and _is_linked(self._unfinished, self._end)):
                os.replace(self._unfinished, self._end)
                self._unfinished = ""
            inputs.note(self._path, written=True)
            self.discard()

    def discard(self) -> None:
        """Leave nothing of it."""
        with suppress(OSError, RuntimeError):  # a full disk; or it was just being closed
            if self._out:
                self._out.close()
        if self._unfinished:
            with suppress(OSError):
                os.unlink(self._unfinished)
        leaving.keep(self.discard)

    def _found(self) -> os.stat_result | None:
        """What is there; UsageError for a report of this run, which some systems find by other names too."""
        found = _found(self._path)
        if found and self._first:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        if found and inputs.was_written(found):
            raise click.UsageError(Reason("two reports would go to {file}; give each a file of its own",
                                          file=self._path))
        if found and not os.access(self._path, os.W_OK):  # its folder would let another take its place
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return found

    def _beside(self) -> str:
        return os.path.join(os.path.dirname(self._end), f".aclproof-{os.urandom(8).hex()}")

    def _opened(self) -> IO[bytes]:
        if not self._whole:
            from tempfile import TemporaryFile

            return TemporaryFile()
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        return os.fdopen(os.open(self._unfinished, flags, self._mode), "wb")


def append(text: str, path: str, most: int) -> None:
    """Add to a file that others write to as well, unless it would then hold more than `most` bytes."""
    data = text.encode(streams.UTF8, "backslashreplace")
    with refusals(path):
        _found(real(path))
        with open(path, "ab", buffering=0) as file:
            before = file.tell()
            if before + len(data) <= most:
                with leaving.undone(partial(os.truncate, path, before)):
                    while data:
                        data = data[file.write(data):]
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


def _is_linked(path: str, end: str) -> bool:
    """Give a file a second name, if nothing has it; False where the system has no such names."""
    try:
        os.link(path, end)
    except FileExistsError:
        raise
    except OSError:
        return False
    return True


def _pour(path: str, data: IO[bytes]) -> None:
    data.seek(0)
    with os.fdopen(_open_for_pouring(path), "wb") as file:
        while piece := data.read(_PIECE):
            file.write(piece)


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
            if sys.platform != "win32":
                os.set_blocking(descriptor, True)
            return descriptor

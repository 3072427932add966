"""Reads every input, whatever it is: never without end, and a fault is one sentence.

A regular file is read as it is. A pipe (`<(...)`, `/dev/stdin`) is read to its end, and one that nobody
writes into is given up. Devices and directories are no inputs.
"""

from __future__ import annotations

import errno
import os
import select
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from aclproof.reason import Reason

MAX_BYTES = 256 * 2**20
"""Larger inputs are refused: a firewall of a million rules is a third of that."""

STDIN = "-"

OTHER_END_WITHIN = 5.0
"""Seconds in which somebody has to open the other end of a pipe that has a name."""

_PIECE = 2**20

_Id = tuple[int, int]
"""A file by its device and number there, whatever its names."""


class UnreadableError(Exception):
    """Why an input cannot be read, without its name."""


class NoFileError(UnreadableError):
    """There is no such file."""


_noted: ContextVar[dict[_Id, str] | None] = ContextVar("_noted", default=None)
"""Of each file that was written its name, of each that was read none."""


@contextmanager
def noted() -> Iterator[None]:
    """Remember which files are read meanwhile, so that none of them is written to, and none twice."""
    token = _noted.set({})
    try:
        yield
    finally:
        _noted.reset(token)


def was_read(found: os.stat_result) -> bool:
    """Return whether a file is one of those that were read, under any name."""
    return _is_noted(found, written=False)


def was_written(found: os.stat_result) -> bool:
    """Return whether a file is one of those that were written, under any name."""
    return _is_noted(found, written=True)


def written() -> list[str]:
    """Return the names of the files that were written and are there."""
    return [name for name in (_noted.get() or {}).values() if name and os.path.lexists(name)]


_supplied: ContextVar[Callable[[str], None] | None] = ContextVar("_supplied", default=None)


@contextmanager
def supplied(supply: Callable[[str], None]) -> Iterator[None]:
    """Have `supply` put a file where it is looked for, each time before one is opened meanwhile."""
    token = _supplied.set(supply)
    try:
        yield
    finally:
        _supplied.reset(token)


_recorded: ContextVar[dict[str, bytes] | None] = ContextVar("_recorded", default=None)


@contextmanager
def recorded() -> Iterator[dict[str, bytes]]:
    """Keep what is read meanwhile, by the names that it is read by."""
    read: dict[str, bytes] = {}
    token = _recorded.set(read)
    try:
        yield read
    finally:
        _recorded.reset(token)


def above(pattern: str) -> Iterator[str]:
    """Yield the folders that a pattern is looked for in, down to the one without signs of a pattern."""
    from glob import has_magic

    folder = os.path.dirname(pattern)
    while has_magic(folder):
        yield folder
        folder = os.path.dirname(folder)
    yield folder or os.curdir


def closed(pattern: str, folder: str = "") -> list[str]:
    """Return the folders on the way of a pattern that cannot be looked into: `glob` takes them for empty.

    The pattern is seen from `folder`, or from the working directory.
    """
    from glob import glob

    found = (os.path.join(folder, each) for way in above(pattern)
             for each in glob(way, root_dir=folder or None))
    return [each for each in found if os.path.isdir(each) and not _is_open(each)]


def _is_open(folder: str) -> bool:
    try:
        os.scandir(folder).close()
    except OSError:
        return False
    return os.access(folder, os.X_OK)


def note(path: str, *, written: bool = False) -> None:
    """Remember a file that is named as an input and need not be read, or one that was written."""
    with suppress(OSError, ValueError):  # reading it would say what is wrong
        _note(os.stat(path), path if written else "")


def read(path: str, most: int = MAX_BYTES) -> bytes:
    """Read at most so many bytes of a file, or of standard input for `-`; UnreadableError says why not."""
    try:
        return _kept(path, _standard_input(most) if path == STDIN else _file(path, most))
    except FileNotFoundError:
        raise NoFileError(Reason("no such file")) from None
    except OSError as error:
        raise UnreadableError(Reason("cannot be read ({reason})", reason=system_reason(error))) from None
    except ValueError:  # NUL in a name
        raise UnreadableError(Reason("cannot be read (no file has such a name)")) from None


_REFUSALS: Mapping[int, Reason] = {
    errno.EACCES: Reason("Permission denied"), errno.EPERM: Reason("Operation not permitted"),
    errno.EEXIST: Reason("File exists"), errno.EIO: Reason("Input/output error"),
    errno.EISDIR: Reason("Is a directory"), errno.ENOENT: Reason("No such file or directory"),
    errno.ENOTDIR: Reason("Not a directory"), errno.ENOSPC: Reason("No space left on device"),
    errno.EROFS: Reason("Read-only file system"), errno.ENAMETOOLONG: Reason("File name too long"),
    errno.ELOOP: Reason("Too many levels of symbolic links")}
"""What Linux says about files most often, to be translated; the rest is told as the system says it."""


_IN_USE = 32
"""ERROR_SHARING_VIOLATION of Windows: a spreadsheet, for one, lets nobody else write what it shows."""


def system_reason(error: OSError) -> str:
    """Return why the system refused something."""
    if getattr(error, "winerror", None) == _IN_USE:
        return Reason("another program has it open")
    return _REFUSALS.get(error.errno or 0) or error.strerror or str(error)


_NO_MEMORY = ("failed to map segment", "annot allocate memory", "can't start new thread")


def lacks_memory(error: BaseException) -> bool:
    """Return whether the system gave no more memory, as Python, its threads and its libraries say so."""
    if isinstance(error, ImportError | RuntimeError):
        return any(each in str(error) for each in _NO_MEMORY)
    return (isinstance(error, MemoryError | SystemError)  # what a library in C makes of it
            or (isinstance(error, OSError) and error.errno == errno.ENOMEM))


def _kept(path: str, data: bytes) -> bytes:
    read = _recorded.get()
    if read is not None and read.setdefault(path, data) != data:
        raise UnreadableError(Reason("it changed while it was read"))
    return data


def _standard_input(most: int) -> bytes:
    data = sys.stdin.buffer.read(most + 1) or b""
    with suppress(OSError, ValueError):  # it need not be a file
        _note(os.fstat(sys.stdin.fileno()))
    return _bounded(data, most)


def _file(path: str, most: int) -> bytes:
    if supply := _supplied.get():
        supply(path)
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
                         | getattr(os, "O_BINARY", 0))
    try:
        found = os.fstat(descriptor)
        if stat.S_ISDIR(found.st_mode):
            raise UnreadableError(Reason("this is a folder: name the file in it"))
        if stat.S_ISREG(found.st_mode):
            _note(found)
        elif not (stat.S_ISFIFO(found.st_mode) or os.isatty(descriptor)):
            raise UnreadableError(Reason("a device, not a file"))
        return _bounded(b"".join(_pieces(descriptor, most, found.st_mode)), most)
    finally:
        os.close(descriptor)


def _pieces(descriptor: int, most: int, kind: int) -> Iterator[bytes]:
    left, begun = most + 1, not stat.S_ISFIFO(kind)
    while left > 0:
        try:
            piece = os.read(descriptor, min(left, _PIECE))
        except BlockingIOError:  # it is open at its other end, and will go on
            if stat.S_ISREG(kind):
                raise
            begun = True
            select.select([descriptor], [], [])
            continue
        if not piece and begun:
            return
        if not piece:
            _await_writer(descriptor)
        begun = True
        left -= len(piece)
        yield piece


def _await_writer(descriptor: int) -> None:
    """Wait until a pipe has had a writer; without one it looks like a pipe that is at its end."""
    if sys.platform == "win32":  # a pipe is opened there when its other end is
        return
    events = select.poll()
    events.register(descriptor, select.POLLIN)
    if not events.poll(OTHER_END_WITHIN * 1000):
        raise UnreadableError(Reason("a pipe, and for {seconds:.0f} seconds nobody has written into it",
                                     seconds=OTHER_END_WITHIN))


def _bounded(data: bytes, most: int) -> bytes:
    if len(data) > most:
        raise UnreadableError(Reason("larger than {most} MiB", most=most // 2**20))
    return data


def _note(found: os.stat_result, written: str = "") -> None:
    files = _noted.get()
    if files is not None and stat.S_ISREG(found.st_mode):
        files[found.st_dev, found.st_ino] = written


def _is_noted(found: os.stat_result, *, written: bool) -> bool:
    name = (_noted.get() or {}).get((found.st_dev, found.st_ino))
    return name is not None and bool(name) is written

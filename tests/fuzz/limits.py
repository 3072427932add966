"""The time and the memory that a case may take: an alarm ends it, so that a run can say which one it was."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SECONDS = 10.0
"""Of the processor, not of the clock, which runs on while other programs have their turn.

No case takes a tenth of it: a case that does is one whose time grows without bound.
"""
MEMORY = 2 * 2**30
"""Bytes that a process may take for cases, besides what it had before."""


class TooLongError(BaseException):
    """A case that does not end; no reader catches it."""


@contextmanager
def in_time() -> Iterator[None]:
    """Raise TooLongError in a case that takes too long; Windows has no such alarm."""
    if sys.platform == "win32":
        yield
        return
    before = signal.signal(signal.SIGPROF, _end)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _end(_: int, frame: FrameType | None) -> None:
    place = f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame else "unknown"
    raise TooLongError(f"more than {SECONDS:.0f} seconds of the processor, at the end in {place}")


@contextmanager
def in_memory() -> Iterator[None]:
    """Raise MemoryError where cases take too much; only Linux says how much a process has."""
    if sys.platform != "linux":
        yield
        return
    import resource

    with open("/proc/self/statm", encoding="ascii") as file:
        pages = int(file.read().split()[0])
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)

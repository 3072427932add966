"""Ctrl-C and a request to end, at any moment: one line, nothing left half done, no traceback."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from aclproof.linter.cli import exits

_undo: list[Callable[[], object]] = []


def at_once() -> None:
    """From now on leave at once when a signal says so.

    An exception would be lost where Python cannot raise one (in a callback of an import, say), and its
    traceback printed instead. What was ignored for a job in the background stays ignored.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _leave)


@contextmanager
def undone(action: Callable[[], object]) -> Iterator[None]:
    """Do `action` if the process has to leave meanwhile, or if this fails."""
    _undo.append(action)
    try:
        yield
    except BaseException:
        with suppress(Exception):
            action()
        raise
    finally:
        _undo.remove(action)


@contextmanager
def work_folder() -> Iterator[str]:
    """Yield a new folder to work in, that is gone afterwards, whatever happens."""
    from functools import partial
    from shutil import rmtree
    from tempfile import TemporaryDirectory

    with (TemporaryDirectory(prefix="aclproof-") as folder,
          undone(partial(rmtree, folder, ignore_errors=True))):
        yield folder


@contextmanager
def asked() -> Iterator[Callable[[], int]]:
    """Yield what says which signal asks to leave, 0 for none: the first only asks, the next ends at once."""
    signals: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def note(number: int, frame: FrameType | None) -> None:
        if signals:
            _leave(number, frame)
        signals.append(number)

    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, note)
    try:
        yield lambda: signals[0] if signals else 0
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave(number: int, _: FrameType | None) -> None:
    for action in reversed(_undo):
        with suppress(Exception):
            action()
    line = "aclproof: stopped\n"
    with suppress(Exception):  # it may be the import of this very module that was stopped
        from aclproof.linter.cli import streams
        from aclproof.reason import Reason

        line = f"aclproof: {streams.said(Reason('stopped'))}\n"
    with suppress(OSError):
        os.write(2, line.encode())
    os._exit(code_of(number))


def code_of(number: int) -> int:
    """Return the exit code of a run that a signal has ended."""
    return exits.STOPPED if number == signal.SIGINT else exits.ENDED

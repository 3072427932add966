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


def undo(action: Callable[[], object]) -> None:
    """Do `action` if the process has to leave, until `keep` takes it back."""
    _undo.append(action)


def keep(action: Callable[[], object]) -> None:
    """There is nothing to undo any more."""
    if action in _undo:
        _undo.remove(action)


@contextmanager
def undone(action: Callable[[], object]) -> Iterator[None]:
    """Do `action` if the process has to leave meanwhile, or if this fails."""
    undo(action)
    try:
        yield
    except BaseException:
        with suppress(Exception):
            action()
        raise
    finally:
        keep(action)


@contextmanager
def work_folder() -> Iterator[str]:
    """Yield a new folder to work in, that is gone afterwards, whatever happens.

    ClickException for what the system refuses there.
    """
    from functools import partial
    from shutil import rmtree
    from tempfile import gettempdir

    folder = ""
    try:
        folder = os.path.join(gettempdir(), f"aclproof-{os.urandom(8).hex()}")
        remove = partial(rmtree, folder, ignore_errors=True)
        with undone(remove):  # from before it is there: a signal may come at once
            os.mkdir(folder, 0o700)
            yield folder
            remove()
    except OSError as error:
        if isinstance(error.filename, str) and not error.filename.startswith(folder):
            raise
        raise _no_room(error, folder) from None


def _no_room(error: OSError, folder: str) -> Exception:
    import click

    from aclproof import inputs
    from aclproof.reason import Reason

    if not folder:
        return click.ClickException(Reason(
            "no folder for temporary files can be written to; TMPDIR names one"))
    return click.ClickException(Reason(
        "{folder}: temporary files cannot be written ({reason}); TMPDIR names another folder",
        folder=os.path.dirname(folder), reason=inputs.system_reason(error)))


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

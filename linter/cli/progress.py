"""A progress bar on standard error: only on a terminal, and only when the work takes its time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from aclproof.linter.cli import leaving, output, streams
from aclproof.linter.harmless import visible
from aclproof.linter.proof.progress import AnyEvent, JudgingEvent, Progress, no_progress
from aclproof.reason import Reason

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

_Item = TypeVar("_Item")

AFTER = 1.0
"""Seconds of work before the bar appears."""


@contextmanager
def bar(colour: str, *, quiet: bool) -> Iterator[Progress]:
    """Yield what `check` reports its steps to; the bar is gone from the terminal when the work ends."""
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield no_progress
        return
    shown = _Bar(output.coloured(colour, sys.stderr))
    timer = Timer(AFTER, shown.start)
    timer.daemon = True
    timer.start()
    try:
        with leaving.undone(shown.erase):
            yield shown.show
    finally:
        timer.cancel()
        shown.stop()


def counted(items: Iterable[_Item], size: int, colour: str, *, quiet: bool) -> Iterator[_Item]:
    """Yield the items, and show on a terminal how far it is, how fast, and how long it will take."""
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield from items
        return
    from rich import progress
    from rich.console import Console

    columns = (progress.BarColumn(), progress.MofNCompleteColumn(),
               progress.TextColumn("{task.fields[rate]}"), progress.TimeRemainingColumn())
    console = Console(file=sys.stderr, no_color=not output.coloured(colour, sys.stderr), highlight=False,
                      markup=False)
    with leaving.undone(_erase), progress.Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task("", total=size, rate="")
        begin = monotonic()
        for number, item in enumerate(items, 1):
            shown.update(task, advance=1, rate=f"{number / max(monotonic() - begin, 0.001):.0f}/s")
            yield item


def _erase() -> None:
    """Give the line and the cursor back at once, whatever a bar is doing."""
    os.write(sys.stderr.fileno(), b"\r\x1b[2K\x1b[?25h")


def _doing(step: AnyEvent) -> Reason:
    if isinstance(step, JudgingEvent):
        return Reason("Judging packets of {name} again", name=step.requirement)
    name = visible(step.place.name)
    return Reason("Proving at {name}", name=name) if step.firewall else Reason("Reading {name}", name=name)


class _Bar:
    """Started by a timer and updated by the work, so both take the lock."""

    def __init__(self, coloured: bool) -> None:
        self._coloured = coloured
        self._lock = Lock()
        self._bar: RichProgress | None = None
        self._latest: AnyEvent | None = None
        self._doing = ""
        self._over = False

    def show(self, step: AnyEvent) -> None:
        """Show a step, as soon as there is a bar."""
        with self._lock:
            self._latest, self._doing = step, streams.said(_doing(step))
            self._update()

    def start(self) -> None:
        """Draw the bar, unless the work is done."""
        from rich import progress
        from rich.console import Console

        with self._lock:
            if self._over:
                return
            console = Console(file=sys.stderr, no_color=not self._coloured, highlight=False, markup=False)
            self._bar = progress.Progress(
                progress.SpinnerColumn(), progress.TextColumn("{task.description}", markup=False),
                progress.BarColumn(), progress.MofNCompleteColumn(), progress.TimeElapsedColumn(),
                console=console, transient=True)
            self._bar.add_task("", total=None)
            self._update()
            self._bar.start()

    def stop(self) -> None:
        """Take the bar off the terminal for good."""
        with self._lock:
            self._over = True
            if self._bar:
                self._bar.stop()

    def erase(self) -> None:
        """Give the line and the cursor back at once, whatever the bar is doing."""
        if self._bar:
            _erase()

    def _update(self) -> None:
        if self._bar and (step := self._latest):
            self._bar.update(self._bar.task_ids[0], description=self._doing,
                             completed=step.number - 1, total=step.total)

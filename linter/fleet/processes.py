"""Processes of this machine: each starts anew, as on every system, and none is left when the run is gone."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future, InvalidStateError, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import active_children, get_context, parent_process, resource_tracker
from typing import Any, TypeVar

from aclproof import inputs
from aclproof.linter.fleet.engine import Executors

_Found = TypeVar("_Found")


def processes(workers: int) -> Executors:
    """Return what makes pools of so many processes."""
    return lambda: _Pool(workers, mp_context=get_context("spawn"), initializer=_begin)


@contextmanager
def deaf() -> Iterator[None]:
    """Processes and threads that are started meanwhile never hear Ctrl-C, not even as they begin.

    It goes to every process of a terminal, and what becomes of it is the first one's matter, which hears it
    after this. Windows has no such thing.
    """
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # as it starts it lets the signal through
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Pool(ProcessPoolExecutor):
    """A pool whose processes are ended where nobody waits for them: a run that is stopped leaves none."""

    def __init__(self, *given: Any, **more: Any) -> None:
        self._others = set(active_children())
        self._begun: list[Future[Any]] = []
        self._dead = False
        self._hook, threading.excepthook = threading.excepthook, self._end_at_once
        super().__init__(*given, **more)

    def submit(self, work: Callable[..., _Found], /, *given: Any, **more: Any) -> Future[_Found]:
        """Hand work over; this is where processes are started. BrokenExecutor where none can be."""
        try:
            with deaf():
                future = super().submit(work, *given, **more)
        except (OSError, RuntimeError) as error:
            if not inputs.lacks_memory(error):
                raise
            raise BrokenExecutor from None
        self._begun = [*(each for each in self._begun if not each.done()), future]
        if self._dead:  # before it was noted
            raise BrokenExecutor
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End all of it; without `wait` whatever its processes are doing.

        A process that began just as another one died is never told to end (CPython 94777): it is killed.
        """
        for process in () if wait and not self._broken else set(active_children()) - self._others:
            process.kill()
        with suppress(RuntimeError):  # of a thread that could not begin
            super().shutdown(wait=True, cancel_futures=cancel_futures)
        threading.excepthook = self._hook

    def _end_at_once(self, _: object) -> None:
        """A thread of the pool has died, one that could start no other perhaps: nobody would do its work."""
        self._dead = True
        for each in self._begun:
            with suppress(InvalidStateError):  # it is done
                each.set_exception(BrokenExecutor())
        for process in set(active_children()) - self._others:
            process.kill()


def _begin() -> None:
    """Ctrl-C is the first process's matter, on Windows too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Without it a worker would wait for work for ever once the run was killed, or left at once."""
    if parent := parent_process():
        parent.join()
        os._exit(1)

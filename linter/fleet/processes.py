"""Processes of this machine: each starts anew, as on every system, and none is left when the run is gone."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import active_children, get_context, parent_process
from threading import Thread
from typing import Any

from aclproof.linter.fleet.engine import Executors


def processes(workers: int) -> Executors:
    """Return what makes pools of so many processes."""
    return lambda: _Pool(workers, mp_context=get_context("spawn"), initializer=_begin)


class _Pool(ProcessPoolExecutor):
    """A pool whose processes are ended where nobody waits for them: a run that is stopped leaves none."""

    def __init__(self, *given: Any, **more: Any) -> None:
        self._others = set(active_children())
        super().__init__(*given, **more)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End all of it; without `wait` whatever its processes are doing."""
        for process in () if wait else set(active_children()) - self._others:
            process.kill()
        super().shutdown(wait=True, cancel_futures=cancel_futures)


def _begin() -> None:
    """Ctrl-C goes to every process of a terminal: what becomes of it is the first one's matter."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Without it a worker would wait for work for ever once the run was killed, or left at once."""
    if parent := parent_process():
        parent.join()
        os._exit(1)

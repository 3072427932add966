"""Processes of this machine: each starts anew, as on every system, and none is left when the run is gone."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from threading import Thread

from aclproof.linter.fleet.engine import Executors


def processes(workers: int) -> Executors:
    """Return what makes pools of so many processes."""
    return lambda: ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begin)


def _begin() -> None:
    """Ctrl-C goes to every process of a terminal: what becomes of it is the first one's matter."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Without it a worker would wait for work for ever once the run was killed, or left at once."""
    if parent := parent_process():
        parent.join()
        os._exit(1)

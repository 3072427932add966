"""Who does the work: this process, processes of its own, or any executor of concurrent.futures.

A worker that dies takes its executor with it. The sites that were being proven then are proven once more,
each alone; the one that kills its worker again is failed, and all others have their outcomes.
"""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from typing import TypeAlias

from aclproof.linter.fleet.batches import Batch, batches, prove_batch
from aclproof.linter.fleet.outcome import Outcome
from aclproof.linter.fleet.proving import Wishes
from aclproof.linter.fleet.store import Store
from aclproof.reason import Reason

Executors: TypeAlias = Callable[[], Executor]
"""Makes an executor; it is called again when one broke."""
Stopped: TypeAlias = Callable[[], bool]
"""Whether the run is to end early."""

_AHEAD = 2
"""Batches for each worker that are handed over at once: it has one to go on with."""
_LOOK = 0.2
"""Seconds after which it is looked whether the run is to end."""


def outcomes(sites: Sequence[str], wishes: Wishes, *, workers: int = 1, executors: Executors | None = None,
             store: Store | None = None, stopped: Stopped = lambda: False) -> Iterator[Outcome]:
    """Yield what comes of each site, in their order; without `executors` this process does the work.

    It ends early where the run is `stopped`.
    """
    if executors is None:
        yield from _here(sites, wishes, store, stopped)
        return
    kept: dict[int, Outcome] = {}
    due = 0
    for first, found in _elsewhere(batches(sites, workers), wishes, store, workers, executors, stopped):
        kept.update(enumerate(found, first))
        while due in kept:
            yield kept.pop(due)
            due += 1
    yield from (kept[number] for number in sorted(kept))  # of a run that was stopped


def processes(workers: int) -> Executors:
    """Return what makes pools of so many processes; each starts anew, as on every system."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    return lambda: ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_leave_signals)


def _leave_signals() -> None:
    """Ctrl-C goes to every process of a terminal; the first one says what becomes of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _here(sites: Sequence[str], wishes: Wishes, store: Store | None, stopped: Stopped) -> Iterator[Outcome]:
    for number, site in enumerate(sites):
        if stopped():
            return
        yield from prove_batch(Batch(number, (site,)), wishes, store)
        if number % 50 == 49:
            gc.collect()  # a run turns the collector off, and a thousand sites leave much behind


def _elsewhere(work: Sequence[Batch], wishes: Wishes, store: Store | None, workers: int, executors: Executors,
               stopped: Stopped) -> Iterator[tuple[int, list[Outcome]]]:
    """Yield the number of the first site of a batch and the outcomes of all, as they are done."""
    rest = list(reversed(work))
    while rest and not stopped():
        lost: list[Batch] = []
        yield from _until_broken(rest, wishes, store, workers * _AHEAD, executors, stopped, lost)
        for batch in (alone for each in lost for alone in each.alone()):
            again: list[Batch] = []
            yield from _until_broken([batch], wishes, store, 1, executors, stopped, again)
            if again:
                yield batch.first, [Outcome(batch.sites[0], "failed", (_DIED,))]


_DIED = Reason("the process that proved it died, twice: not enough memory, perhaps; nothing was proven")


def _until_broken(rest: list[Batch], wishes: Wishes, store: Store | None, ahead: int, executors: Executors,
                  stopped: Stopped, lost: list[Batch]) -> Iterator[tuple[int, list[Outcome]]]:
    """Take batches from the end of `rest` until none is left or the executor breaks; then some are `lost`."""
    executor = executors()
    running: dict[Future[list[Outcome]], Batch] = {}
    try:
        while (rest or running) and not stopped():
            while rest and len(running) < ahead and not lost:
                batch = rest.pop()
                try:
                    running[executor.submit(prove_batch, batch, wishes, store)] = batch
                except BrokenExecutor:
                    lost.append(batch)
            done, _ = wait(running, timeout=_LOOK, return_when=FIRST_COMPLETED)
            for future in done:
                batch = running.pop(future)
                if future.exception() is None:
                    yield batch.first, future.result()
                else:
                    lost.append(batch)
            if lost and not running:
                return
    finally:
        executor.shutdown(wait=not running, cancel_futures=True)

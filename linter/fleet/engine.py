"""Who does the work: this process, or any executor of concurrent.futures.

A worker that dies takes what it was doing with it, and often the whole executor. The sites that were lost are
proven once more, each alone; the one that is lost again is failed, and all others have their outcomes.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import closing
from typing import TypeAlias

from msgspec import Struct

from aclproof.linter.fleet.batches import Batch, Home, batches, prove_batch
from aclproof.linter.fleet.outcome import Outcome
from aclproof.linter.fleet.proving import Wishes
from aclproof.linter.fleet.store import Store
from aclproof.reason import Reason

Executors: TypeAlias = Callable[[], Executor]
"""Makes an executor; it is called again when a worker was lost."""
Stopped: TypeAlias = Callable[[], bool]
"""Whether the run is to end early."""

_AHEAD = 2
"""Batches for each worker that are handed over at once: it has one to go on with."""
_FAR = 1024
"""No site is begun so many after one that is not done: outcomes that have to wait for it take memory."""
_LOOK = 0.2
"""Seconds after which it is looked whether the run is to end."""


class Workers(Struct, frozen=True):
    """Who works besides this process."""

    number: int
    executors: Executors
    home: Home | None = None
    """Where this process is, for workers that may be elsewhere."""
    reached: Callable[[], bool] = lambda: True
    """Whether they are still heard of: where not, nothing comes of what they were given."""


class Task(Struct, frozen=True):
    """What is done with every site."""

    wishes: Wishes
    store: Store | None = None
    stopped: Stopped = lambda: False


def outcomes(sites: Sequence[str], task: Task,
             workers: Workers | None = None) -> Generator[Outcome, None, None]:
    """Yield what comes of each site, in their order; without `workers` this process does the work.

    It ends early where the run is stopped, or where it is closed: then nothing is left running.
    """
    if workers is None:
        yield from _here(sites, task)
        return
    kept: dict[int, Outcome] = {}
    due = 0
    with closing(_elsewhere(batches(sites, workers.number), task, workers)) as done:
        for first, found in done:
            kept.update(enumerate(found, first))
            while due in kept:
                yield kept.pop(due)
                due += 1
    yield from (kept[number] for number in sorted(kept))  # of a run that was stopped


def _here(sites: Sequence[str], task: Task) -> Iterator[Outcome]:
    for number, site in enumerate(sites):
        if task.stopped():
            return
        yield from prove_batch(Batch(number, (site,)), task.wishes, task.store)


_Found: TypeAlias = tuple[int, list[Outcome]]
"""The number of the first site of a batch, and the outcomes of all."""


def _elsewhere(work: Sequence[Batch], task: Task, workers: Workers) -> Generator[_Found, None, None]:
    """Yield what is found of each batch, as they are done."""
    rest = list(reversed(work))
    while rest and not task.stopped():
        lost = yield from _Round(task, workers, workers.number * _AHEAD).of(rest)
        again = [alone for batch in sorted(lost, key=_first) for alone in batch.alone()][::-1]
        while again and not task.stopped():
            for batch in (yield from _Round(task, workers, 1).of(again)):
                yield batch.first, [Outcome(batch.sites[0], "failed", (_DIED,))]


_DIED = Reason("the process that proved it died, twice, or its cluster is gone: not enough memory, perhaps; "
               "nothing was proven")


def _first(batch: Batch) -> int:
    return batch.first


class _Round:
    """Batches that are handed to one executor, until none is left or one is lost."""

    def __init__(self, task: Task, workers: Workers, ahead: int) -> None:
        self._task, self._workers, self._ahead = task, workers, ahead
        self._executor = workers.executors()
        self._running: dict[Future[list[Outcome]], Batch] = {}
        self._lost: list[Batch] = []
        self._begun = self._broken = False

    def of(self, rest: list[Batch]) -> Generator[_Found, None, list[Batch]]:
        """Take batches from the end of `rest`, yield what is found, and return what was lost."""
        try:
            while not self._task.stopped():
                self._hand_over(rest)
                if not self._running:
                    break
                yield from self._done()
        finally:  # it ends what is running where that is not waited for
            self._executor.shutdown(wait=not self._running)
        return self._lost

    def _hand_over(self, rest: list[Batch]) -> None:
        while rest and not self._lost and not self._broken and self._may_begin(rest[-1]):
            batch = rest.pop()
            try:
                future = self._executor.submit(prove_batch, batch, self._task.wishes, self._task.store,
                                               self._workers.home)
            except BrokenExecutor:  # a worker died that had nothing to do, so there is nothing to be lost
                self._broken = True
                (rest if self._begun else self._lost).append(batch)
            else:
                self._running[future] = batch
                self._begun = True

    def _may_begin(self, batch: Batch) -> bool:
        oldest = min(map(_first, self._running.values()), default=batch.first)
        return len(self._running) < self._ahead and batch.first - oldest < _FAR

    def _done(self) -> Iterator[_Found]:
        done, _ = wait(self._running, timeout=_LOOK, return_when=FIRST_COMPLETED)
        for future in done if self._workers.reached() else [*self._running]:
            batch = self._running.pop(future)
            if not future.done() or future.cancelled() or future.exception():
                self._lost.append(batch)
            else:
                yield batch.first, future.result()

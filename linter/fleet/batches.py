"""Pieces of work for an executor: some sites each, so that handing them over costs little."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from threading import Lock

from msgspec import Struct

from aclproof import inputs
from aclproof.linter.fleet.build import build
from aclproof.linter.fleet.outcome import Outcome
from aclproof.linter.fleet.proving import Wishes, prove
from aclproof.linter.fleet.shared import Shared
from aclproof.linter.fleet.store import Store
from aclproof.reason import Reason

_MOST = 16
_ROUNDS = 8
"""So many batches for each worker even out how long they take."""

_shared = Shared()
"""Of this process, which may prove many batches."""
_turn = Lock()
"""A worker of a cluster may have threads; they would share the firewalls and the working directory."""


class Batch(Struct, frozen=True):
    """Some sites that follow each other, the first of which has this number."""

    first: int
    sites: tuple[str, ...]

    def alone(self) -> Iterator[Batch]:
        """Yield each of its sites as a batch."""
        for number, site in enumerate(self.sites, self.first):
            yield Batch(number, (site,))


class Home(Struct, frozen=True):
    """Where a run was started, for workers that may be on another machine."""

    folder: str
    """The working directory: names of sites are relative to it."""
    build: str
    """The program that asks; another one might find something else."""


def here() -> Home:
    """Return the place of this process."""
    return Home(os.getcwd(), build())


def batches(sites: Sequence[str], workers: int) -> list[Batch]:
    """Cut sites into batches, in their order."""
    size = min(max(len(sites) // (workers * _ROUNDS), 1), _MOST)
    return [Batch(start, tuple(sites[start:start + size])) for start in range(0, len(sites), size)]


def prove_batch(batch: Batch, wishes: Wishes, store: Store | None, home: Home | None = None) -> list[Outcome]:
    """Prove every site of a batch, or take from the store what it has of them.

    Where the run has its `home` elsewhere, nothing is proven by another program or in another folder.
    """
    with _turn:
        if home and (why := _elsewhere(home)):
            return [Outcome(site, "failed", (why,)) for site in batch.sites]
        return list(_proven(batch, wishes, store))


def _elsewhere(home: Home) -> str:
    """Go where a run was started; says why nothing can be proven here for it."""
    if home.build != build():
        return Reason("the worker runs another aclproof than this one, or other libraries; install the same "
                      "on all: nothing was proven")
    try:
        os.chdir(home.folder)
    except OSError as error:
        return Reason("the worker has no folder {folder} ({reason}): nothing was proven", folder=home.folder,
                      reason=inputs.system_reason(error))
    return ""


def _proven(batch: Batch, wishes: Wishes, store: Store | None) -> Iterator[Outcome]:
    """A site leaves little that is only reachable from itself; what it does is picked up young, after it."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        for site in batch.sites:
            yield store.kept(site, wishes, _shared) if store else prove(site, wishes, _shared)
            gc.collect(1)
    finally:
        if collecting:
            gc.enable()

"""Pieces of work for an executor: some sites each, so that handing them over costs little."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from aclproof.linter.fleet.outcome import Outcome
from aclproof.linter.fleet.proving import Wishes, prove
from aclproof.linter.fleet.shared import Shared
from aclproof.linter.fleet.store import Store

_MOST = 16
_ROUNDS = 8
"""So many batches for each worker even out how long they take."""

_shared = Shared()
"""Of this process, which may prove many batches."""


class Batch(Struct, frozen=True):
    """Some sites that follow each other, the first of which has this number."""

    first: int
    sites: tuple[str, ...]

    def alone(self) -> Iterator[Batch]:
        """Yield each of its sites as a batch."""
        for number, site in enumerate(self.sites, self.first):
            yield Batch(number, (site,))


def batches(sites: Sequence[str], workers: int) -> list[Batch]:
    """Cut sites into batches, in their order."""
    size = min(max(len(sites) // (workers * _ROUNDS), 1), _MOST)
    return [Batch(start, tuple(sites[start:start + size])) for start in range(0, len(sites), size)]


def prove_batch(batch: Batch, wishes: Wishes, store: Store | None) -> list[Outcome]:
    """Prove every site of a batch, or take from the store what it has of them."""
    work = store.kept if store else prove
    return [work(site, wishes, _shared) for site in batch.sites]

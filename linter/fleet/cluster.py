"""A Dask cluster as the workers of a run: one that is there, or one for this run on this machine.

Tasks go to it as pickles, so who reaches the scheduler runs code on the workers: that is Dask's own nature.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from aclproof.linter.fleet.batches import here
from aclproof.linter.fleet.build import build
from aclproof.linter.fleet.engine import Workers
from aclproof.linter.fleet.processes import deaf
from aclproof.reason import Reason
from aclproof.rules.strict_yaml import InputError, Problem

if TYPE_CHECKING:
    from distributed import Client

_Found = TypeVar("_Found")
_LOCAL = re.compile(r"local:([1-9]\d{0,3})")
_WITHIN = "20s"
"""So long a scheduler and a first worker are waited for."""


@contextmanager
def workers(where: str) -> Iterator[Workers]:
    """Yield the workers at `tcp://HOST:PORT`, or those of `local:N`; InputError says why there are none."""
    number = _LOCAL.fullmatch(where)
    if not number and "://" not in where:
        raise _refused(Reason("write tcp://HOST:PORT of a Dask scheduler, or local:N for N workers here"))
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise _refused(Reason("Dask is not installed here; install it: pip install '.[cluster]' in "
                              "aclproof's folder")) from None
    with _silence(), ExitStack() as used:
        if number:
            with deaf():  # its threads as well, by which it replaces a worker that dies
                own = used.enter_context(LocalCluster(
                    n_workers=int(number[1]), threads_per_worker=1, processes=True, dashboard_address=None,
                    silence_logs=logging.CRITICAL))
            client = used.enter_context(Client(own, set_as_default=False))
        else:
            client = used.enter_context(_connected(where))
        yield _of(client)


@contextmanager
def _silence() -> Iterator[None]:
    """A worker that dies is this run's matter: Dask would print what it thinks of it."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


@contextmanager
def _connected(where: str) -> Iterator[Client]:
    from distributed import Client

    try:
        client = Client(where, timeout=_WITHIN, set_as_default=False)
    except (OSError, ValueError):
        raise _refused(Reason("{where}: no Dask scheduler answers there", where=where)) from None
    with client:
        yield client


def _of(client: Client) -> Workers:
    """The workers that are there now; more may come, and some may go."""
    try:
        client.wait_for_workers(1, timeout=_WITHIN)
    except TimeoutError:
        raise _refused(Reason("the scheduler has no workers")) from None
    try:
        builds = set(client.run(build).values())
    except Exception:  # whatever keeps a worker from it: most often aclproof is not installed there
        raise _refused(Reason("the workers cannot run aclproof: install it there as it is here")) from None
    if builds != {build()}:
        raise _refused(Reason("the workers run another aclproof than this one, or other libraries: install "
                              "the same on all"))
    return Workers(sum(client.nthreads().values()) or 1, lambda: _Cluster(client), here(),
                   lambda: _is_reached(client))


def _is_reached(client: Client) -> bool:
    """Whether its scheduler is there: one that dies cancels what it was given, or lets it wait for ever."""
    return bool(client.status == "running")


class _Cluster(Executor):
    """The workers of a client; broken where the scheduler is gone."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._workers = client.get_executor(pure=False)

    def submit(self, work: Callable[..., _Found], /, *given: Any, **more: Any) -> Future[_Found]:
        """Hand work over; BrokenExecutor where nobody takes it."""
        if not _is_reached(self._client):
            raise BrokenExecutor
        found: Future[_Found] = self._workers.submit(work, *given, **more)
        return found

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End all of it; without `wait` whatever is being done."""
        if _is_reached(self._client):
            self._workers.shutdown(wait)


def _refused(why: str) -> InputError:
    return InputError(Problem(Reason("command line"), 0, "--cluster", why))

"""How a run over many sites is done: the options that say so."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click
from msgspec import Struct

from aclproof.reason import Reason
from aclproof.rules.search import own_folder

_Command = TypeVar("_Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--jobs", type=click.IntRange(min=1), metavar="N",
                 help="Many sites: so many processes.  [default: as many as there are processors]"),
    click.option("--cluster", metavar="WHERE",
                 help="Many sites: on a Dask cluster, tcp://HOST:PORT, or local:N for N workers here."),
    click.option("--cache", metavar="DIR",
                 help="Many sites: keep outcomes here, and prove again only what changed."),
    click.option("--resume", is_flag=True,
                 help="Many sites: --cache in a folder of yours, so go on where a run was stopped."),
    click.option("--fail-fast", is_flag=True,
                 help="Many sites: stop at the first one where something is missing."))


def manner_options(command: _Command) -> _Command:
    """Give a command the options that say how a run over many sites is done."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


class Manner(Struct, frozen=True):
    """How a run over many sites is done."""

    jobs: int | None = None
    cluster: str = ""
    cache: str = ""
    fail_fast: bool = False
    allow_undecided: bool = False


def manner_of(given: dict[str, Any], *, allow_undecided: bool) -> Manner:
    """Read the options; UsageError for what does not fit together."""
    jobs, cluster, cache = given["jobs"], given["cluster"], given["cache"]
    for option in ("cluster", "cache"):
        if given[option] == "":
            raise click.UsageError(Reason("--{option}: nothing is named", option=option))
    if jobs and cluster:
        raise click.UsageError(Reason("--jobs is about this machine, --cluster about others: give one of "
                                      "them"))
    return Manner(jobs, cluster or "", cache or (_own_folder() if given["resume"] else ""),
                  given["fail_fast"], allow_undecided)


def _own_folder() -> str:
    """Where programs of this user keep what they can do without; UsageError where no folder is known."""
    folder = own_folder("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME", ".cache")
    if not folder:
        raise click.UsageError(Reason("--resume: no folder of yours is known: name one with --cache"))
    return folder

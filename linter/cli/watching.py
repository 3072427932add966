"""`aclproof check --watch`: prove again whenever a file changes that a site names."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from aclproof import inputs
from aclproof.linter import cli
from aclproof.linter.cli import exits, site_files, streams
from aclproof.linter.cli.site_options import day_of
from aclproof.linter.cli.touched import packs_by_name
from aclproof.linter.site import reader, waivers
from aclproof.linter.site import root as roots
from aclproof.linter.site.identity import place_of
from aclproof.linter.site.root import Root
from aclproof.linter.site.site import DEFAULT_FILE, is_site_file
from aclproof.reason import Reason
from aclproof.rules.strict_yaml import InputError

_LOOK_EVERY = 1000
"""Milliseconds: also where a file system reports no changes."""
_MOST_NAMES = 3
"""Of files that changed."""


class _Named(Struct, frozen=True):
    """What the arguments lead to."""

    files: frozenset[str] = frozenset()
    of_waivers: frozenset[str] = frozenset()
    """How waivers call sites: where that leads decides for which they are."""


class _State(Struct, frozen=True):
    """All that decides what a run says; any other one is another run."""

    day: date
    arguments: tuple[str, ...]
    """As files."""
    places: frozenset[str]
    """Of sites that waivers name, and the folders in which sites may name files."""
    files: Mapping[str, tuple[int, int, int] | None]
    """Number, size and time of each; None where it is not there."""


def repeat(prove: Callable[[], int], given: Mapping[str, Any]) -> int:
    """Prove, and again after each change, until a signal ends it; `given`: the options by their names.

    UsageError where that cannot be.
    """
    changes = _watcher(given)
    named = _Named()
    while True:
        named = _named(given, named)
        before = _state(given, named)
        if (code := _proven(prove)) == exits.STOPPED:
            return code
        streams.notice(Reason("waiting for a change; Ctrl-C ends it"), given["quiet"])
        gc.collect()  # it is off, as for a run that ends
        for _ in changes(*_folders(named.files), watch_filter=None, recursive=False, yield_on_timeout=True,
                         rust_timeout=_LOOK_EVERY):
            after = _state(given, named)
            if after != before:
                _say(before, after, given["quiet"])
                break


def _say(before: _State, after: _State, quiet: int) -> None:
    """Print what changed, and when: it stands between two reports."""
    files = sorted(each for each in before.files.keys() | after.files.keys()
                   if before.files.get(each) != after.files.get(each))
    now = f"{datetime.now():%H:%M:%S}"
    some = ", ".join(files[:_MOST_NAMES]) + (", ..." if len(files) > _MOST_NAMES else "")
    streams.notice(Reason("======== {time}, changed: {files}", time=now, files=some) if files else
                   Reason("======== {time}, changed: the day, or which sites there are", time=now), quiet)


def _watcher(given: Mapping[str, Any]) -> Callable[..., Iterable[object]]:
    if inputs.STDIN in given["paths"]:
        raise click.UsageError(Reason("--watch reads files again; standard input can be read once"))
    if given["write_baseline"] is not None:
        raise click.UsageError(Reason("--watch goes without --write-baseline: nobody would have seen what it "
                                      "takes for known"))
    try:
        from watchfiles import watch
    except ImportError:
        raise click.UsageError(Reason("--watch needs the extra 'watch': pip install '.[watch]' in aclproof's "
                                      "folder")) from None
    found: Callable[..., Iterable[object]] = watch
    return found


def _proven(prove: Callable[[], int]) -> int:
    """The exit code of one time; what is wrong with an input is said, and may be right the next time."""
    try:
        with inputs.noted():
            return prove()
    except (click.ClickException, MemoryError):
        raise
    except Exception as error:
        return cli.failed(error)


def _arguments(given: Mapping[str, Any]) -> Sequence[str]:
    return site_files.site_files(given["sites"] or given["paths"] or [DEFAULT_FILE], _limits(given))


def _limits(given: Mapping[str, Any]) -> Root | None:
    return roots.chosen(given["root"], anywhere=given["allow_outside"])


def _named(given: Mapping[str, Any], before: _Named) -> _Named:
    """All that a run reads; of a site that cannot be read, where that is said, and what was named before."""
    files = set(filter(None, (given["waivers"], given["known"], *given["packs"])))
    of_waivers: set[str] = set()
    for path in _arguments(given):
        files.add(path)
        try:
            if is_site_file(path):
                known = reader.read(path, anywhere=True, firewalls=False)
                files.update(known.files(), packs_by_name(known))
                if waiver_file := given["waivers"] or known.waivers:
                    of_waivers.update(waivers.site_paths(waiver_file, day_of(given)))
        except InputError as error:
            files.update(before.files, (each.file for each in error.problems))
            of_waivers.update(before.of_waivers)
    return _Named(frozenset(files), frozenset(of_waivers))


def _state(given: Mapping[str, Any], named: _Named) -> _State:
    arguments = tuple(_arguments(given))
    folders = () if _limits(given) else {os.path.dirname(each) for each in arguments if is_site_file(each)}
    places = {*map(place_of, named.of_waivers), *(roots.of(Path(each)).folder for each in folders)}
    files = {file: _stat(file) for file in {*named.files, *named.of_waivers}}
    return _State(day_of(given), arguments, frozenset(places), files)


def _stat(file: str) -> tuple[int, int, int] | None:
    try:
        found = os.stat(file)
    except (OSError, ValueError):
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _folders(files: Iterable[str]) -> set[str]:
    """The folders of some files; of one that is not there the nearest above it."""
    return {_there(os.path.dirname(os.path.abspath(file))) for file in files}


def _there(folder: str) -> str:
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder

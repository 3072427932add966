"""`aclproof check --watch`: prove again whenever a file changes that a site names."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import click

from aclproof import inputs
from aclproof.linter import cli
from aclproof.linter.cli import exits, quick, site_files, streams
from aclproof.linter.site import reader
from aclproof.linter.site import root as roots
from aclproof.linter.site.site import DEFAULT_FILE, is_site_file
from aclproof.reason import Reason
from aclproof.rules.strict_yaml import InputError

_LOOK_EVERY = 1000
"""Milliseconds: also where a file system reports no changes."""

_State: TypeAlias = tuple[tuple[str, ...], Mapping[str, tuple[int, int, int] | None]]
"""The arguments as files, and of each file that they name its number, size and time; None where it is not
there."""


def repeat(prove: Callable[[], int], given: Mapping[str, Any]) -> int:
    """Prove, and again after each change, until a signal ends it; `given`: the options by their names.

    UsageError where that cannot be.
    """
    changes = _watcher(given)
    files: frozenset[str] = frozenset()
    while True:
        files = frozenset(_files(given, files))
        before = _state(given, files)
        if (code := _proven(prove)) == exits.STOPPED:
            return code
        streams.notice(Reason("waiting for a change; Ctrl-C ends it"), given["quiet"])
        gc.collect()  # it is off, as for a run that ends
        for _ in changes(*_folders(files), watch_filter=None, recursive=False, yield_on_timeout=True,
                         rust_timeout=_LOOK_EVERY):
            if _state(given, files) != before:
                break


def _watcher(given: Mapping[str, Any]) -> Callable[..., Iterable[object]]:
    if inputs.STDIN in given["paths"]:
        raise click.UsageError(Reason("--watch reads files again; standard input can be read once"))
    if given["write_baseline"] is not None:
        raise click.UsageError(Reason("--watch goes without --write-baseline: nobody would have seen what it "
                                      "takes for known"))
    try:
        from watchfiles import watch
    except ImportError:
        raise click.UsageError(Reason("--watch needs the extra 'watch': pip install 'aclproof[watch]'")) \
            from None
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
    named = given["sites"] or quick.expand(given["paths"]) or [DEFAULT_FILE]
    return site_files.site_files(named, roots.chosen(given["root"], anywhere=given["allow_outside"]))


def _files(given: Mapping[str, Any], before: frozenset[str]) -> Iterator[str]:
    """All files that a run reads; of a site that cannot be read, where that is said, and those of before."""
    yield from filter(None, (given["waivers"], given["known"], *given["packs"]))
    for path in _arguments(given):
        yield path
        if is_site_file(path):
            try:
                yield from reader.read(path, anywhere=True, firewalls=False).files()
            except InputError as error:
                yield from (each.file for each in error.problems)
                yield from before


def _state(given: Mapping[str, Any], files: Iterable[str]) -> _State:
    return tuple(_arguments(given)), {file: _stat(file) for file in files}


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

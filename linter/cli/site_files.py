"""Which site files a run over many sites is about: files, folders, patterns, and a list on standard input."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from glob import glob, has_magic

import click

from aclproof import inputs
from aclproof.linter.site.identity import place_of
from aclproof.linter.site.site import DEFAULT_FILE
from aclproof.reason import Reason

_LIST = inputs.STDIN


def is_site_file(path: str) -> bool:
    """Whether a path names a site file by its ending."""
    return path.endswith((".yaml", ".yml"))


def are_many(paths: Sequence[str], *, listed: bool) -> bool:
    """Whether arguments name sites and not one site or configurations; `-` is a list where it is `listed`."""
    folders = [each for each in paths if os.path.isdir(each)]
    patterns = [each for each in paths if is_site_file(each) and has_magic(each) and not os.path.exists(each)]
    sites = [each for each in paths if is_site_file(each)]
    several = len(paths) > 1 and len(sites) == len(paths)
    return bool(folders or patterns) or several or (listed and list(paths) == [_LIST])


def site_files(paths: Sequence[str]) -> list[str]:
    """Return the site files, each once, in the order of the arguments and sorted within one.

    A folder is all files `aclproof.yaml` in it and below; hidden folders are left out. UsageError for what
    names none.
    """
    found: dict[str, str] = {}
    for path in paths:
        for file in _of_list() if path == _LIST else _of(path):
            found.setdefault(os.path.normcase(place_of(file)), file)
    return list(found.values())


def files_of(site: str) -> tuple[str, ...] | None:
    """The site file and all files that it names; None where it cannot be read."""
    from aclproof.linter.site import reader
    from aclproof.rules.strict_yaml import InputError

    try:
        return reader.read(site, anywhere=True, firewalls=False).files()
    except InputError:
        return None


def _of_list() -> Iterator[str]:
    named = listed()
    if not named:
        raise click.UsageError(Reason("the list on standard input names no site file"))
    for line in named:
        yield from _of(line)


def _of(path: str) -> list[str]:
    if os.path.isdir(path):
        some = sorted(_below(path))
        if not some:
            raise click.UsageError(Reason("{path}: no {file} in this folder or below it", path=path,
                                          file=DEFAULT_FILE))
        return some
    if has_magic(path) and not os.path.exists(path):
        some = sorted(each for each in glob(path, recursive=True) if os.path.isfile(each))
        if not some:
            raise click.UsageError(Reason("{path}: no file matches this pattern", path=path))
        return some
    return [path]


def listed() -> list[str]:
    """The names on standard input, one on each line, or with NUL after each, as `git diff -z` writes them."""
    from aclproof.parsers import source

    text = os.fsdecode(source.data(_LIST)[0])
    names = text.split("\0") if "\0" in text else [line.rstrip("\r") for line in text.split("\n")]
    return [each for each in names if each.strip()]


def below(folder: str) -> list[str]:
    """The site files in a folder and below it, named from there, sorted."""
    return sorted(os.path.relpath(each, folder) for each in _below(folder))


def _below(folder: str) -> Iterator[str]:
    """A folder that cannot be looked into counts as a site that cannot be read: none may be missed unseen."""
    closed: list[str] = []
    for here, folders, files in os.walk(folder, onerror=lambda error: closed.append(error.filename)):
        folders[:] = [each for each in folders if not each.startswith(".")]
        if DEFAULT_FILE in files:
            yield os.path.normpath(os.path.join(here, DEFAULT_FILE))
    yield from map(os.path.normpath, closed)

"""`aclproof diff BASE HEAD` of two folders with many sites: what a change does to each that it touches."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Any, Literal

import click
from msgspec import Struct

from aclproof import inputs
from aclproof.linter.cli import exits, site_files, streams
from aclproof.linter.harmless import json_text
from aclproof.linter.reports.language.language import Words, message
from aclproof.linter.site.site import DEFAULT_FILE
from aclproof.reason import Reason

SCHEMA = "aclproof/diffs/v1"
State = Literal["unchanged", "changed", "added", "removed"]
_STATES: dict[State, str] = {"unchanged": message("{n} unchanged"), "changed": message("{n} changed"),
                             "added": message("{n} added"), "removed": message("{n} removed")}
Compare = Callable[[str, str, str], tuple[int, str]]
"""Two site files and a form -> exit code and report."""


class _Site(Struct, frozen=True):
    name: str
    """The site file, from the folder."""
    state: State
    code: int = exits.PROVEN
    report: str = ""


def are_trees(old: str, new: Sequence[str]) -> bool:
    """Whether two folders hold sites below them, and are no sites themselves."""
    folders = (old, *new)
    return (len(folders) == 2 and all(map(os.path.isdir, folders))
            and not any(os.path.exists(os.path.join(each, DEFAULT_FILE)) for each in folders)
            and any(site_files.below(each) for each in folders))


def compare(old: str, new: str, form: str, words: Words, of_two: Compare) -> int:
    """Compare every site that differs, print all of it, and return the worst exit code."""
    found = []
    for site in _sites(old, new, of_two, form):
        found.append(site)
        if form == "text" and site.report:
            streams.emit(f"=== {site.name}\n{site.report}\n")
    if form == "text":
        streams.emit("".join(f"{line}\n" for line in _summary(found, words)))
    else:
        streams.write(_json(old, new, found), encoding=streams.UTF8)
    return next((each for each in _WORST if any(site.code == each for site in found)), exits.PROVEN)


_WORST = (exits.USAGE, exits.MISSING, exits.UNPROVEN)


def _sites(old: str, new: str, of_two: Compare, form: str) -> Iterator[_Site]:
    before, after = set(site_files.below(old)), set(site_files.below(new))
    for name in sorted(before | after):
        sides = os.path.join(old, name), os.path.join(new, name)
        if name not in after:
            yield _Site(name, "removed")
        elif name not in before:
            yield _Site(name, "added")
        elif _state(old, sides[0]) == _state(new, sides[1]):
            yield _Site(name, "unchanged")
        else:
            yield _Site(name, "changed", *of_two(*sides, form))


def _state(folder: str, site: str) -> object:
    """What a site is made of: names of its files from the folder, and hashes of what is in them."""
    files = site_files.files_of(site)
    return {_name(each, folder): _hash(each) for each in files} if files else object()


def _name(file: str, folder: str) -> str:
    """A file as seen from the folder; a built-in pack is a name alone, wherever the folder is."""
    return os.path.relpath(file, folder) if os.path.dirname(file) or os.path.exists(file) else file


def _hash(file: str) -> str:
    try:
        return sha256(inputs.read(file)).hexdigest() if os.path.exists(file) else ""
    except inputs.UnreadableError:
        return ""


def _summary(found: Sequence[_Site], words: Words) -> Iterator[str]:
    for state in ("added", "removed"):
        yield from (f"{words(_SINGLE[state])}: {site.name}" for site in found if site.state == state)
    counts = Counter(each.state for each in found)
    worse = [each.name for each in found if each.code == exits.MISSING]
    yield ", ".join(words(text, n=counts[state]) for state, text in _STATES.items() if counts[state])
    if worse:
        yield words("WORSE at: {sites}", sites=", ".join(worse))


_SINGLE = {"added": message("Added, and not compared"), "removed": message("Removed, and not compared")}


def _json(old: str, new: str, found: Sequence[_Site]) -> str:
    sites = ",\n".join(f'{json_text({"site": each.name, "state": each.state, "code": each.code})[:-1]}, '
                       f'"diff": {each.report or "null"}}}' for each in found)
    return f'{json_text({"schema": SCHEMA, "old": old, "new": new})[:-1]}, "sites": [\n{sites}\n]}}\n'


def refuse(options: dict[str, Any]) -> None:
    """UsageError for options that are about one site."""
    for option, value in options.items():
        if value:
            raise click.UsageError(Reason("--{option} is about one site, and these are folders of many",
                                          option=option))

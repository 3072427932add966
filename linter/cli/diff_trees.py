"""`aclproof diff BASE HEAD` of two folders with many sites: what a change does to each that it touches."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any, Literal

import click
from msgspec import Struct

from aclproof import inputs
from aclproof.linter import errors
from aclproof.linter.cli import exits, site_files, streams, tree
from aclproof.linter.harmless import json_text
from aclproof.linter.reports.language.language import Words, message
from aclproof.linter.site import reader
from aclproof.linter.site import root as roots
from aclproof.linter.site.site import DEFAULT_FILE, Site, is_site_file
from aclproof.reason import Reason
from aclproof.rules.search import is_path
from aclproof.rules.strict_yaml import InputError

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


class Run(Struct, frozen=True):
    """How all sites are compared."""

    form: str
    words: Words
    of_two: Compare
    anywhere: bool = False
    root: str | None = None
    """The folder in which sites may name files, where it was given."""

    def sites(self, folder: str) -> list[str]:
        """The sites in a folder and below it, named from there, and folders that cannot be looked into."""
        limits = roots.chosen(self.root, anywhere=self.anywhere)
        found = tree.sites(folder, limits)
        for text in site_files.of_others([folder], found, limits):
            streams.notice(text)
        return [os.path.relpath(each, folder) for each in found]

    def read(self, site: str) -> Site:
        """Read a site; InputError where it cannot be."""
        return reader.read(site, anywhere=self.anywhere, root=self.root)


def are_trees(old: str, new: Sequence[str]) -> bool:
    """Whether two folders hold sites below them; a folder that only is a site is compared as one."""
    folders = (old, *new)
    if len(folders) != 2 or not all(map(os.path.isdir, folders)):
        return False
    held = [{os.path.relpath(each, folder) for each in tree.sites(folder)} for folder in folders]
    one = {DEFAULT_FILE}
    return bool((held[0] | held[1]) - one) and not any(held[this] == one and not one <= held[other]
                                                     for this, other in ((0, 1), (1, 0)))


def compare(old: str, new: str, run: Run) -> int:
    """Compare every site that differs, print all of it, and return the worst exit code."""
    found = []
    for site in _sites(old, new, run):
        found.append(site)
        if run.form == "text" and site.report:
            streams.emit(f"=== {site.name}\n{site.report}\n")
    if run.form == "text":
        streams.emit("".join(f"{line}\n" for line in _summary(found, run.words)))
    else:
        streams.write(_json(old, new, found), encoding=streams.UTF8)
    return next((each for each in _WORST if any(site.code == each for site in found)), exits.PROVEN)


_WORST = (exits.USAGE, exits.MISSING, exits.UNPROVEN)


def _sites(old: str, new: str, run: Run) -> Iterator[_Site]:
    before, after = set(run.sites(old)), set(run.sites(new))
    if before.isdisjoint(after):
        raise click.UsageError(Reason("{old} and {new} have no site in common: nothing can be compared",
                                      old=old, new=new))
    for name in sorted(before | after):
        sides = os.path.join(old, name), os.path.join(new, name)
        state: State = "removed" if name not in after else "added" if name not in before else "changed"
        if not is_site_file(name):
            yield _Site(name, state, _refused(filter(os.path.lexists, sides), run))
        elif state != "changed":  # what became of a removed one is not known
            yield _Site(name, state, exits.UNPROVEN if state == "removed" else exits.PROVEN)
        elif _content(old, sides[0], run) == _content(new, sides[1], run):
            yield _Site(name, "unchanged")
        else:
            yield _Site(name, "changed", *run.of_two(*sides, run.form))


def _refused(folders: Iterable[str], run: Run) -> int:
    """Say why folders are not looked into, which may hold sites."""
    for folder in folders:
        try:
            run.read(folder)
        except InputError as error:
            for text in errors.problems(error):
                streams.notice(text)
    return exits.USAGE


def _content(folder: str, site: str, run: Run) -> object:
    """What a site is made of: names of its files from the folder, and hashes of what is in them.

    It equals nothing where one cannot be read, or only once.
    """
    try:
        known = run.read(site)
        packs = {each for each in known.packs if not is_path(each)}
        return {each if each in packs else os.path.relpath(each, folder):
                "" if each in packs else _hash(each) for each in known.files()}
    except (InputError, inputs.UnreadableError):
        return object()


def _hash(file: str) -> str:
    if not os.path.isfile(file):
        raise inputs.UnreadableError
    return sha256(inputs.read(file)).hexdigest()


def _summary(found: Sequence[_Site], words: Words) -> Iterator[str]:
    for state in ("added", "removed"):
        yield from (f"{words(_SINGLE[state])}: {site.name}" for site in found if site.state == state)
    counts = Counter(each.state for each in found)
    worse = [each.name for each in found if each.code == exits.MISSING]
    unread = sum(each.code == exits.USAGE for each in found)
    yield ", ".join([*(words(text, n=counts[state]) for state, text in _STATES.items() if counts[state]),
                     *([words("{n} not read", n=unread)] if unread else [])])
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

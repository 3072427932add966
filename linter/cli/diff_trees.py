"""`aclproof diff BASE HEAD` of two folders with many sites: what a change does to each that it touches."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from aclproof import inputs
from aclproof.linter import errors
from aclproof.linter.cli import exits, site_files, streams, tree
from aclproof.linter.harmless import json_text
from aclproof.linter.reports.language.language import Words
from aclproof.linter.site import reader
from aclproof.linter.site import root as roots
from aclproof.linter.site.site import DEFAULT_FILE, Site, is_site_file
from aclproof.reason import Reason
from aclproof.rules.search import is_path
from aclproof.rules.strict_yaml import InputError

if TYPE_CHECKING:
    from aclproof.linter.reports.diff import DiffReport
    from aclproof.linter.reports.diff.many_sites import SiteDiff, State

SCHEMA = "aclproof/diffs/v1"
Compare = Callable[[str, str], "tuple[int, DiffReport | None]"]
"""Two site files -> exit code, and report where they could be read."""


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
    from aclproof.linter.reports.diff import many_sites

    found = list(_sites(old, new, run))
    if run.form == "json":
        report = _json(old, new, found)
    else:
        report = (many_sites.markdown if run.form == "markdown" else many_sites.text)(found, run.words)
    streams.show(report, run.form)
    return next((each for each in _WORST if any(site.code == each for site in found)), exits.PROVEN)


_WORST = (exits.USAGE, exits.MISSING, exits.UNPROVEN)


def _sites(old: str, new: str, run: Run) -> Iterator[SiteDiff]:
    from aclproof.linter.reports.diff.many_sites import SiteDiff

    before, after = set(run.sites(old)), set(run.sites(new))
    if before.isdisjoint(after):
        raise click.UsageError(Reason("{old} and {new} have no site in common: nothing can be compared",
                                      old=old, new=new))
    for name in sorted(before | after):
        sides = os.path.join(old, name), os.path.join(new, name)
        state: State = "removed" if name not in after else "added" if name not in before else "changed"
        if not is_site_file(name):
            code = _refused(filter(os.path.lexists, sides), run)
            yield SiteDiff(name, state, code, marks=frozenset({"unread"}))
        elif state != "changed":  # what became of a removed one is not known
            yield SiteDiff(name, state, exits.UNPROVEN if state == "removed" else exits.PROVEN)
        elif _content(old, sides[0], run) == _content(new, sides[1], run):
            yield SiteDiff(name, "unchanged")
        else:
            yield _compared(name, sides, run)


def _compared(name: str, sides: tuple[str, str], run: Run) -> SiteDiff:
    from aclproof.linter.reports.diff import render
    from aclproof.linter.reports.diff.many_sites import SiteDiff, alike_of, marks_of

    code, report = run.of_two(*sides)
    if report is None:
        return SiteDiff(name, "changed", code, marks=frozenset({"unread"}))
    text = render(report, "json" if run.form == "json" else "text", run.words)
    return SiteDiff(name, "changed", code, text, marks_of(report), alike_of(report))


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


def _json(old: str, new: str, found: Sequence[SiteDiff]) -> str:
    sites = ",\n".join(f'{json_text({"site": each.name, "state": each.state, "code": each.code})[:-1]}, '
                       f'"diff": {each.report or "null"}}}' for each in found)
    return f'{json_text({"schema": SCHEMA, "old": old, "new": new})[:-1]}, "sites": [\n{sites}\n]}}\n'


def refuse(options: dict[str, Any]) -> None:
    """UsageError for options that are about one site."""
    for option, value in options.items():
        if value:
            raise click.UsageError(Reason("--{option} is about one site, and these are folders of many",
                                          option=option))

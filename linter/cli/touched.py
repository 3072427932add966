"""Which sites a change touches: by the files that each names, what is on the way to them, and waivers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from msgspec import Struct

from aclproof import rules
from aclproof.linter.site import reader
from aclproof.linter.site import root as roots
from aclproof.linter.site.identity import place_of
from aclproof.linter.site.site import Site
from aclproof.linter.site.waivers import has_wrong_sites, site_paths
from aclproof.rules.search import FOLDER, SUFFIX
from aclproof.rules.strict_yaml import InputError


class OfRun(Struct, frozen=True):
    """What a run has for every site."""

    day: date
    anywhere: bool = False
    root: str | None = None
    """The folder in which sites may name files, where it was given."""
    waivers: str = ""
    """Takes the place of those that sites name, where it is given."""
    others: tuple[str, ...] = ()
    """Other files that are given."""

    @property
    def files(self) -> Iterable[str]:
        """Every file that is given."""
        return filter(None, (self.waivers, *self.others))

    @property
    def root_is_found(self) -> bool:
        """Whether the root of a site is looked for by its marks."""
        return not (self.anywhere or self.root)


_MOST_LINKS = 40
"""As many as Linux follows."""
_LONG = "\\\\?\\"
"""What Windows puts before a path that a link leads to."""


def touched(sites: Sequence[str], changed: Sequence[str], of_run: OfRun) -> list[str]:
    """Return the sites that name a changed file, or that cannot be read: their errors are to be seen.

    A changed path may also be a link or a folder on the way to a file, or the mark of a root. A file that is
    not there counts as changed: who lists changes may leave out what was deleted.
    """
    places = {_key(place) for each in changed for place in _places(each)}
    marked = {os.path.dirname(each) for each in places if os.path.basename(each) in roots.MARKS}

    def passes(path: str) -> bool:
        return not places.isdisjoint(map(_key, on_the_way(path)))

    def is_changed(file: str) -> bool:
        return not os.path.exists(file) or passes(file)

    @cache
    def means_others(waiver_file: str) -> bool:
        limits = roots.chosen(of_run.root, anywhere=of_run.anywhere)
        return has_wrong_sites(waiver_file, of_run.day, limits) or any(
            map(passes, site_paths(waiver_file, of_run.day)))

    def is_touched(site: str) -> bool:
        try:
            known = reader.read(site, anywhere=of_run.anywhere, root=of_run.root)
            waiver_file = of_run.waivers or known.waivers
            if waiver_file and means_others(waiver_file):
                return True
        except InputError:
            return True
        return any(map(is_changed, _files(known))) or any(map(passes, packs_by_name(known))) or (
            bool(marked) and of_run.root_is_found and not marked.isdisjoint(_above(site, waiver_file)))

    return list(sites) if any(map(is_changed, of_run.files)) else [each for each in sites if is_touched(each)]


def _above(*files: str) -> Iterator[str]:
    """Yield the folders of some files and those that these are in: a mark in one may make it the root."""
    for file in filter(None, files):
        folder = Path(os.path.realpath(os.path.dirname(file)))
        yield from (_key(str(each)) for each in (folder, *folder.parents))


def on_the_way(path: str) -> Iterator[str]:
    """Yield every folder and link that opening a file passes, and the file, each by its place."""
    whole = Path.cwd() / path
    here, rest = whole.anchor, list(reversed(whole.parts[1:]))
    links = 0
    while rest and links <= _MOST_LINKS:
        part = rest.pop()
        if part == os.pardir:
            here = os.path.dirname(here)
            continue
        there = os.path.join(here, part)
        yield there
        if not os.path.islink(there):
            here = there
            continue
        links += 1
        target = Path(os.readlink(there).removeprefix(_LONG))
        here = target.anchor or here
        rest += reversed(target.parts[1:] if target.anchor else target.parts)


def _places(changed: str) -> Iterator[str]:
    """A link that changed is meant itself; of a file also what it is a link to."""
    yield place_of(changed)
    if not os.path.isdir(changed):
        yield os.path.realpath(changed)


def _key(path: str) -> str:
    return os.path.normcase(path)


def _files(site: Site) -> Iterator[str]:
    return (each for each in site.files() if each not in site.packs or rules.is_path(each))


def packs_by_name(site: Site) -> Iterator[str]:
    """Yield where a pack of the same name would lie, whose coming or going decides which one is meant."""
    for file in site.origin.files() if site.origin else ():
        for pack in site.packs:
            name = os.path.basename(pack).removesuffix(SUFFIX)
            yield os.path.join(os.path.dirname(file), FOLDER, f"{name}{SUFFIX}")

"""Which sites a change touches: by the files that each names, and what is on the way to them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from aclproof import rules
from aclproof.linter.site import reader
from aclproof.linter.site.identity import place_of
from aclproof.linter.site.site import Site
from aclproof.rules.search import FOLDER, SUFFIX
from aclproof.rules.strict_yaml import InputError

_MOST_LINKS = 40
"""As many as Linux follows."""
_LONG = "\\\\?\\"
"""What Windows puts before a path that a link leads to."""


def touched(sites: Sequence[str], changed: Sequence[str], of_run: Iterable[str], *, anywhere: bool = False,
            root: str | None = None) -> list[str]:
    """Return the sites that name a changed file, or that cannot be read: their errors are to be seen.

    A changed path may also be a link or a folder on the way to a file. `of_run` are files that the run names
    for every site. A file that is not there counts as changed: who lists changes may leave out what was
    deleted.
    """
    places = {_key(place) for each in changed for place in _places(each)}

    def is_changed(file: str) -> bool:
        return not os.path.exists(file) or not places.isdisjoint(map(_key, on_the_way(file)))

    def is_touched(site: str) -> bool:
        try:
            known = reader.read(site, anywhere=anywhere, root=root)
        except InputError:
            return True
        return any(map(is_changed, _files(known))) or any(
            not places.isdisjoint(map(_key, on_the_way(file))) for file in _packs_by_name(known))

    return list(sites) if any(map(is_changed, of_run)) else [each for each in sites if is_touched(each)]


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


def _packs_by_name(site: Site) -> Iterator[str]:
    """Where a pack of the same name would lie, whose coming or going decides which one is meant."""
    for file in site.origin.files() if site.origin else ():
        for pack in site.packs:
            name = os.path.basename(pack).removesuffix(SUFFIX)
            yield os.path.join(os.path.dirname(file), FOLDER, f"{name}{SUFFIX}")

"""Site files in a folder and below it: every one that is called `aclproof.yaml`, through links too.

A folder that cannot be looked into or has this name itself, and a link that leads out of the root, count as
sites that cannot be read: none may be missed unseen.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from aclproof import inputs
from aclproof.linter.site import root as roots
from aclproof.linter.site.identity import place_of
from aclproof.linter.site.root import Root
from aclproof.linter.site.site import DEFAULT_FILE, is_site_file

_MOST_BYTES = 1024 * 1024
"""As long as a site file may be."""
_MARKS = b"\xef\xbb\xbf\xff\xfe"
"""What a text in UTF-8 or UTF-16 may begin with."""


def _key(names: str) -> re.Pattern[bytes]:
    """A key of the whole mapping, plain or quoted, in lines or in braces."""
    return re.compile(rf"""(?:^|[{{,]\s*)["']?(?:{names})["']?[ \t]*:""".encode(), re.MULTILINE)


_OWN, _ROLES, _PACK = _key("firewalls|extends"), _key("roles|extends"), _key("requirements")
_BASE = re.compile(_key("extends").pattern + rb"""[ \t]*["']?([^"'#\r\n,}]+)""", re.MULTILINE)


def sites(folder: str, root: Root | None = None) -> list[str]:
    """Return the site files, sorted; hidden folders are left out, and each is looked into once.

    `root` is where they may lie, by default the root of the folder.
    """
    return sorted(_sites(folder, root or roots.of(Path(folder))))


def others(folder: str, chosen: Collection[str], root: Root | None = None) -> list[str]:
    """Return what looks like a site file and has another name, but for those that are extended, or whose
    place is among those chosen."""
    known: set[str] = set()
    found: dict[str, str] = {}
    root = root or roots.of(Path(folder))
    for here, names in walk(folder, root, []):
        for name in names:
            path = os.path.normpath(os.path.join(here, name))
            if is_site_file(name) and not root.refusal(path, name):
                text = _text(path)
                known |= {os.path.realpath(os.path.join(here, os.fsdecode(each.strip())))
                          for each in _BASE.findall(text)}
                if name != DEFAULT_FILE and _is_site(text):
                    found[place_of(path)] = path
    return sorted(path for place, path in found.items() if place not in known and place not in chosen)


def _is_site(text: bytes) -> bool:
    return bool(_OWN.search(text) and _ROLES.search(text)) and not _PACK.search(text)


def _sites(folder: str, root: Root) -> Iterator[str]:
    closed: list[str] = []
    for here, names in walk(folder, root, closed):
        if DEFAULT_FILE in names:
            yield os.path.normpath(os.path.join(here, DEFAULT_FILE))
    yield from map(os.path.normpath, closed)


def walk(folder: str, root: Root, closed: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield folders and the names in each, once: under its own name, if it has one here, and not a link's."""
    def refused(error: OSError) -> None:
        if inputs.lacks_memory(error):
            raise error
        closed.append(error.filename)

    seen: set[str] = set()
    links = [folder]
    while links:
        top = links.pop(0)
        further: list[str] = []
        for here, folders, files in os.walk(top, onerror=refused):
            real = os.path.realpath(here)
            folders[:] = [] if real in seen else sorted(each for each in folders if not each.startswith("."))
            if real in seen:
                continue
            seen.add(real)
            names = [*files, *folders]  # one may have the name of a file
            further += [path for each in folders if os.path.islink(path := os.path.join(here, each))]
            yield here, names
        for link in further:
            (closed if root.refusal(link, link) else links).append(link)


def _text(path: str) -> bytes:
    try:
        with open(path if os.path.isfile(path) else os.devnull, "rb") as file:  # a pipe can be read once only
            return file.read(_MOST_BYTES).lstrip(_MARKS).replace(b"\0", b"")
    except OSError:
        return b""

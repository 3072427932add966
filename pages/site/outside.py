"""Files outside docs/ to which pages link: they become part of the site, in its folder `project`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from functools import partial

from pages import ROOT

PROJECT = "project"
_LINK = re.compile(r"(?<=\]\()(?P<path>[^)\s#:]+)(?P<anchor>#[^)\s]*)?(?=\))")
_FENCE = re.compile(r"(^```.*?^```$)", re.DOTALL | re.MULTILINE)


def place(path: str) -> str:
    """Where a file or folder of the repository is in the site; a folder is its README.md."""
    if (ROOT / path).is_dir():
        path = posixpath.join(path, "README.md")
    if path.startswith("docs/"):
        return path.removeprefix("docs/")
    if path == "README.md":
        return path  # the start page says what it says
    return f"{PROJECT}/{re.sub('/README.md$', '.md', path)}"  # an index would stand for what is beside it


def origin(uri: str) -> str:
    """The file of the repository that is at a place of the site."""
    if not uri.startswith(f"{PROJECT}/"):
        return f"docs/{uri}"
    path = uri.removeprefix(f"{PROJECT}/")
    return path if (ROOT / path).exists() else path.replace(".md", "/README.md")


def files(pages: list[str]) -> list[str]:
    """Places of all files outside docs/ that pages name, and that these name in turn."""
    found: dict[str, None] = {}
    rest = list(pages)
    while rest:
        uri = rest.pop()
        text = (ROOT / origin(uri)).read_text(encoding="utf-8")
        for target in map(place, _targets(text, origin(uri))):
            if target.startswith(f"{PROJECT}/") and target not in found:
                found[target] = None
                rest += [target] if target.endswith(".md") else []
    return sorted(found)


def linked(text: str, uri: str) -> str:
    """A page's Markdown with every link as it is in the site."""
    return _outside_of_code(text, partial(_LINK.sub, lambda found: _moved(found, uri)))


def _moved(found: re.Match[str], uri: str) -> str:
    target = place(_joined(origin(uri), found["path"]))
    return posixpath.relpath(target, posixpath.dirname(uri) or ".") + (found["anchor"] or "")


def _targets(text: str, file: str) -> Iterator[str]:
    for part in _FENCE.split(text)[::2]:
        yield from (_joined(file, found["path"]) for found in _LINK.finditer(part))


def _joined(file: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), target))


def _outside_of_code(text: str, change: Callable[[str], str]) -> str:
    parts = _FENCE.split(text)
    parts[::2] = map(change, parts[::2])
    return "".join(parts)

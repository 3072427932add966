"""What a site file takes over from the one that it extends, so that sites share what they have in common.

A key of the site file stands for the base's one, also without a value; the entries of roles, settings and
facts do so one by one. Every part keeps the file that it stands in: problems point at it, and paths in it
are relative to it.
"""

from __future__ import annotations

import os
from pathlib import Path

from msgspec.structs import replace

from aclproof.inputs import STDIN
from aclproof.linter.site import root
from aclproof.linter.site.root import Root
from aclproof.reason import Reason
from aclproof.rules import strict_yaml
from aclproof.rules.strict_yaml import Data, Document, InputError, load, read_text

KEY = "extends"
MOST = 8
"""So many files above a site file."""
_BY_ENTRY = ("roles", "settings", "facts")
_PACKS = ("pack", "packs")
"""Two ways to say one thing: either replaces both."""


def extended(document: Document, limits: Root) -> Document:
    """Return a site file's document with what it takes over; InputError for a base that cannot be used."""
    return _extended(document, limits, (document.file,))


def _extended(document: Document, limits: Root, chain: tuple[str, ...]) -> Document:
    """`chain` are the files from the site file to this one."""
    name = document.data.get(KEY) if isinstance(document.data, dict) else None
    if name is None:
        return document
    if not isinstance(name, str) or name in ("", STDIN):
        raise InputError(document.problem((KEY,), Reason("expected the path of one file")))
    file = root.seen_from(Path(document.file).parent, name)
    if wrong := limits.refusal(file, name) or _too_far(file, chain):
        raise InputError(document.problem((KEY,), wrong))
    return _over(document, _extended(_base(document, file), limits, (*chain, file)))


def _too_far(file: str, chain: tuple[str, ...]) -> str:
    if os.path.realpath(file) in map(os.path.realpath, chain):
        return Reason("these files extend each other in a circle: {files}", files=", ".join(chain))
    if len(chain) > MOST:
        return Reason("more than {most} files extend one another: {files}", most=MOST, files=", ".join(chain))
    return ""


def _base(document: Document, file: str) -> Document:
    """Read the base; what keeps it from being opened is a problem of the file that names it."""
    try:
        text = read_text(file)
    except InputError as error:
        raise InputError(*(each if each.line else document.problem((KEY,), str(each))
                           for each in error.problems)) from None
    base = load(text, file)
    if base.data is not None and not isinstance(base.data, dict):
        raise InputError(base.problem((), Reason("a site file is a mapping with the keys roles and "
                                                 "firewalls")))
    return base


def _over(document: Document, base: Document) -> Document:
    own, other = _mapping(document.data), _mapping(base.data)
    data = dict(own)
    inherited: set[strict_yaml.Path] = set()
    for key, value in other.items():
        mine = own.get(key)
        if key in _PACKS and any(own.get(each) for each in _PACKS):
            continue
        if key in own and (mine is None or key not in _BY_ENTRY):
            continue
        if key not in own or not isinstance(value, dict | None):  # what is no mapping has to be reported
            data[key] = value
            inherited.add((key,))
        elif isinstance(mine, dict):
            data[key] = _entries(mine, _mapping(value))
            inherited |= {(key, entry) for entry in _mapping(value).keys() - mine.keys()}
    return replace(document, data=data, base=base, inherited=frozenset(inherited))


def _entries(own: dict[str, Data], other: dict[str, Data]) -> dict[str, Data]:
    """Put the entries of both together; one without a value takes out the base's."""
    return {**{key: value for key, value in other.items() if key not in own},
            **{key: value for key, value in own.items() if value is not None or key not in other}}


def _mapping(data: Data) -> dict[str, Data]:
    return data if isinstance(data, dict) else {}

"""Which program this is, to the byte: a version stays the same while a checkout changes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version

import aclproof
from aclproof import linter, parsers, rules

LIBRARIES = ("ciscoconfparse", "click", "jinja2", "msgspec", "netaddr", "PyYAML", "regipy", "rich")
"""What the program is built on; those of `watch` and `cluster` have no part in what comes of a site."""


@cache
def build() -> str:
    """Return a hash of every file that the program is made of, and of the versions of all below it."""
    whole = sha256(repr((sys.version_info[:3], *map(_version, LIBRARIES))).encode())
    files: dict[str, str] = {}
    for room in (linter, parsers, rules, aclproof):  # a wheel has the others in the last one
        top = os.path.dirname(str(room.__file__))
        for file in _files(top):
            files.setdefault(file, os.path.relpath(file, os.path.dirname(top)))
    for file, name in sorted(files.items(), key=lambda each: each[1]):
        with open(file, "rb") as data:
            whole.update(name.encode() + b"\0" + sha256(data.read()).digest())
    return whole.hexdigest()


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def _files(top: str) -> Iterator[str]:
    for folder, below, names in os.walk(top):
        below[:] = [each for each in below if each != "__pycache__"]
        yield from (os.path.join(folder, each) for each in names)

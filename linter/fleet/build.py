"""Which program this is, to the byte: a version stays the same while a checkout changes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from hashlib import sha256

from aclproof import __version__, linter, parsers, rules


@cache
def build() -> str:
    """Return a hash of the version and of every file that the program is made of."""
    whole = sha256(__version__.encode())
    for room in (linter, parsers, rules):
        top = os.path.dirname(str(room.__file__))
        for file in sorted(_files(top)):
            with open(file, "rb") as data:
                whole.update(os.path.relpath(file, top).encode() + b"\0" + sha256(data.read()).digest())
    return whole.hexdigest()


def _files(top: str) -> Iterator[str]:
    for folder, below, names in os.walk(top):
        below[:] = [each for each in below if each != "__pycache__"]
        yield from (os.path.join(folder, each) for each in names)

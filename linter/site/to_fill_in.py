"""Where a site file still says FILL-IN."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.linter.questions import FILL_IN
from aclproof.rules.strict_yaml import Data, Path


def places(data: Data, at: Path = ()) -> Iterator[Path]:
    """Yield the paths of values and keys that are to be filled in, in the order of the file."""
    if data == FILL_IN or (at and at[-1] == FILL_IN):
        yield at
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from places(value, (*at, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from places(value, (*at, number))

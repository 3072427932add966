"""Port ranges as text and as numbers; a range is (first, last), both inclusive, 1 to 65535."""

import re
import reprlib
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from aclproof.reason import Reason

PortRange: TypeAlias = tuple[int, int]

MAX_PORT = 65535

# No leading zero: some tools read `010` as 8.
_RANGE = re.compile(r"(0|[1-9][0-9]{0,8})(?:-(0|[1-9][0-9]{0,8}))?")


@lru_cache(maxsize=1 << 12)  # the same few of a pack, for every site
def parse_range(text: str) -> PortRange:
    """Read `445` or `1025-5000`; raises ValueError with a message for people."""
    if not (match := _RANGE.fullmatch(text)):
        raise ValueError(
            Reason("{text} is not a port: write 1 to {most} or a range like 1025-5000",
                   text=reprlib.repr(text), most=MAX_PORT)
        )
    first = int(match[1])
    last = int(match[2] or first)
    for port in (first, last):
        if not 1 <= port <= MAX_PORT:
            raise ValueError(Reason("port {port} is outside 1-{most}", port=port, most=MAX_PORT))
    if first > last:
        raise ValueError(Reason("the range {text} is reversed: write {last}-{first}", text=text, last=last,
                                first=first))
    return first, last


def parse_ranges(texts: Iterable[str]) -> tuple[PortRange, ...]:
    """Read several ranges and sort them; raises ValueError for a bad one, for none, and for an overlap."""
    ranges = sorted(map(parse_range, texts))
    if not ranges:
        raise ValueError(Reason("at least one port is needed"))
    for (a, b), (c, d) in pairwise(ranges):
        if c <= b:
            raise ValueError(Reason("the ranges {a} and {c} overlap", a=show(a, b), c=show(c, d)))
    return tuple(ranges)


def merge(ranges: Iterable[PortRange]) -> tuple[PortRange, ...]:
    """The same ports in the fewest ranges, sorted."""
    merged: list[PortRange] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def show(first: int, last: int) -> str:
    """A range as it is written: `445` or `1025-5000`."""
    return str(first) if first == last else f"{first}-{last}"

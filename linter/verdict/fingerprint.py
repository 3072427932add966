"""A name for each finding that stays the same when lines move, counters run or a file is exported again."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from aclproof.linter.gap import SeenKey
from aclproof.linter.result import Missing, Undecided
from aclproof.parsers.vendor import VENDORS, door
from aclproof.rules.pack import Requirement

if TYPE_CHECKING:
    from aclproof.linter.observation import Observation

_LENGTH = 32
"""Hex digits: 128 bits."""

_PLACE = r"\blines? \d+"


def fingerprints(parts: Iterable[tuple[Requirement, Missing | Undecided]]) -> Iterator[str]:
    """Name findings in the order in which they are reported; equal ones are numbered, so no name comes twice.

    A name is of the requirement, firewall, leg and line; of the line, its text counts and not its number.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    for requirement, part in parts:
        identity = (requirement.id, *_identity(part))
        seen[identity] += 1
        yield name_of(*identity, str(seen[identity]))


def lines_of(found: Iterable[Observation]) -> Iterator[SeenKey]:
    """What the checks of an audit name, in the order in which that is reported; equal ones are numbered."""
    seen: Counter[tuple[str, ...]] = Counter()
    for each in found:
        identity = each.check, each.firewall, settled(each.span.text)
        seen[identity] += 1
        yield *identity, seen[identity]


def name_of_line(key: SeenKey) -> str:
    """Return the fingerprint of what a check names."""
    *words, number = key
    return name_of("named", *words, str(number))


def name_of(*words: str) -> str:
    """Hash words to a short name: 32 hex digits."""
    joined = "\0".join(words).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:_LENGTH]


def _identity(part: Missing | Undecided) -> tuple[str, ...]:
    if isinstance(part, Missing):
        by = part.blocked_by
        return by.firewall, part.leg, "missing", by.kind, settled(by.text)
    if part.line:
        return part.line.firewall, part.leg, "undecided", part.line.kind, settled(part.line.text)
    return part.firewall, part.leg, "undecided", "", settled("; ".join(part.because))


def settled(text: str) -> str:
    """Return a line without what changes from one export to the next, its white space folded."""
    return " ".join(re.sub(_fleeting(tuple(VENDORS)), " ", text.strip()).split())


@cache
def _fleeting(vendors: Sequence[str]) -> str:
    """A pattern of what a line shows of its place or of the traffic so far, and not of what it does."""
    patterns: list[str] = []
    for key in vendors:
        patterns += door(key).traits.volatile
    return "|".join([*patterns, _PLACE])

"""A name for each finding that stays the same when lines move, counters run or a file is exported again."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from aclproof.linter.result import Missing, Undecided
from aclproof.rules.pack import Requirement

_LENGTH = 32
"""Hex digits: 128 bits."""

_FLEETING = re.compile(
    r"^(?:\d+[KMGTP]?\s+)+(?=[A-Za-z])"  # number of the line, packets and bytes of `iptables -L -v`
    r"|\[\d+:\d+\]|(?:-c|--set-counters) \d+ \d+"  # counters of iptables-save
    r"|\(hitcnt=\d+\)|\s0x[0-9a-f]+$"  # counter and hash of `show access-list`
    r"|\blines? \d+")
"""Parts of a line about its position or past traffic, not about what it does."""


def fingerprints(parts: Iterable[tuple[Requirement, Missing | Undecided]]) -> Iterator[str]:
    """Name findings in the order in which they are reported; equal ones are numbered, so no name comes twice.

    Of the same requirement, firewall, leg and line: the line's text counts, not its number.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    for requirement, part in parts:
        identity = (requirement.id, *_identity(part))
        seen[identity] += 1
        yield name_of(*identity, str(seen[identity]))


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
    return " ".join(_FLEETING.sub(" ", text.strip()).split())

"""The table of all commands, and the look-up: the row with the most words that fit.

A command in no row is unread, and may decide anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from aclproof.parsers.cisco_asa.features.row import Effect, Feature
from aclproof.parsers.cisco_asa.features.rows import box, connections, policies, vpn, ways

TABLE: tuple[Feature, ...] = (*box.ROWS, *connections.ROWS, *policies.ROWS, *ways.ROWS, *vpn.ROWS)
"""Every row; their order does not matter."""


def find(words: Sequence[str], within: str = "") -> Feature | None:
    """Return the row of a line at top level, or within a section of a kind; None where there is none."""
    first = words[0].partition(":")[0] or words[0]  # `Cryptochecksum:...`, `banner:`
    rows = _by_first_word().get((within, first), ())
    return next((row for row in rows if row.fits([first, *words[1:]])), None)


def harmless(words: Sequence[str], within: str = "") -> bool:
    """Return whether a line is known to decide nothing."""
    row = find(words, within)
    return row is not None and row.effect is Effect.HARMLESS


def cut_short(words: Sequence[str]) -> bool:
    """Return whether a line at top level may be a command that decides, with words cut short as people type
    them: a device takes `int`, `access-g` and `aaa authen`."""
    fitting = [row for row in TABLE if not row.within and all(
        "*" in allowed or any(each.startswith(word) for each in allowed)
        for allowed, word in zip(row.patterns, words, strict=False))]
    return any(row.effect is not Effect.HARMLESS for row in fitting)


@cache
def _by_first_word() -> dict[tuple[str, str], tuple[Feature, ...]]:
    """The rows by section and first word, the longest first."""
    found: dict[tuple[str, str], list[Feature]] = {}
    for row in TABLE:
        for word in row.patterns[0]:
            found.setdefault((row.within, word), []).append(row)
    return {key: _longest_first(rows) for key, rows in found.items()}


def _longest_first(rows: Iterable[Feature]) -> tuple[Feature, ...]:
    return tuple(sorted(rows, key=lambda row: -len(row.patterns)))

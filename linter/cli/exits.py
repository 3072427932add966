"""What the exit codes mean."""

from __future__ import annotations

PROVEN = 0
"""Every selected requirement is proven met."""
MISSING = 1
"""Something is missing, or `--fail-on` names what a check found."""
USAGE = 2
"""Usage, site file, pack, an input that cannot be read, or an output that cannot be written."""
UNPROVEN = 3
"""Nothing is missing, but not everything is proven."""
BUG = 4
"""Our own bug, one that `--self-check` finds included, or not enough memory."""
STOPPED = 130
"""Ctrl-C: 128 and the number of the signal."""
ENDED = 143
"""The process was asked to end: SIGTERM."""
OF_ENDING = {"proven": PROVEN, "unproven": UNPROVEN, "missing": MISSING, "disputed": BUG}
"""By the values of `linter.verdict.ending.Ending`."""


def with_lines(code: int, failing: int) -> int:
    """Return the exit code of a check that has one without its audit, by which so many lines let it fail."""
    return MISSING if failing and code in (PROVEN, UNPROVEN) else code

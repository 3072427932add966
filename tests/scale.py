"""How much generated tests do: a quick look while working, more for every change, most by `make long`."""

from __future__ import annotations

import os

PROFILE = os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "quick")
"""`quick`, `ci` or `long` (`make long`)."""

_PROFILES = ("quick", "ci", "long")


def scaled(quick: int, ci: int, long: int) -> int:
    """Return the one of the three numbers that this run is to use."""
    return (quick, ci, long)[_PROFILES.index(PROFILE)]

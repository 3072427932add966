"""Mutants that no test can kill, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping

_SPARED = "only spares work: of one finding alone, no other one is repeated"

_NO_YEAR = "no date has the year or the day 0 or False: both are refused alike"

EQUIVALENT: Mapping[str, Mapping[str, str]] = {
    "linter/verdict/decide.py": {
        "_once: alike[1:] -> True": _SPARED,
        "_once: 1 -> 0": _SPARED,
        "_witness: 0 -> -1": "any packet of a part is one that is not proven to pass",
    },
    "parsers/cisco_asa/meaning/time_ranges.py": {
        "_day: 0 -> False": _NO_YEAR, "_day: 0 -> False (no. 2)": _NO_YEAR,
    },
    "parsers/cisco_asa/meaning/access_lists.py": {
        "ListReader.rules: 0 -> 1": "no entry is 0: lines count from 1, and remarks are below 0",
    },
}
"""By the file, and by `function: before -> after` as the command prints it."""

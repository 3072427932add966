"""Mutants that no test can kill, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping

_SPARED = "only spares work: of one finding alone, no other one is repeated"

EQUIVALENT: Mapping[str, Mapping[str, str]] = {
    "linter/verdict/decide.py": {
        "_once: alike[1:] -> True": _SPARED,
        "_once: 1 -> 0": _SPARED,
        "_witness: 0 -> -1": "any packet of a part is one that is not proven to pass",
    },
}
"""By the file, and by `function: before -> after` as the command prints it."""

"""Mutants that no test can kill, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping

EQUIVALENT: Mapping[str, Mapping[str, str]] = {
}
"""By the file, and by `function: before -> after` as the command prints it."""

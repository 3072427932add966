"""Reasons that many mutants have in common."""

from __future__ import annotations

from collections.abc import Mapping

QUICK = "only spares work: without the short cut the same comes out"
SPEED = "which of two ways is faster: both give the same"


def alike(reason: str, *changes: str) -> Mapping[str, str]:
    """Give several changes one reason."""
    return dict.fromkeys(changes, reason)

"""Reasons, as the model has them: see `aclproof.reason`."""

from __future__ import annotations

from aclproof.reason import AND, OR, Reason, joined

__all__ = ["AND", "OR", "Reason", "joined"]

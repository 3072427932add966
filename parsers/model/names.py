"""What the people who wrote a configuration call things: hints for guesses, never for verdicts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from aclproof.parsers.model.addresses import NOWHERE, AddressSet


@dataclass(frozen=True, slots=True)
class Named:
    """An object, an interface or a rule, and what its configuration notes about it."""

    kind: Literal["object", "interface", "rule"]
    name: str
    """As the configuration has it; empty for a rule."""
    line: int
    addresses: AddressSet = NOWHERE
    """Of an object, as far as they are in the file."""
    about: str = field(default="", repr=False)
    """Its description or comment: free text, which may hold anything and is never shown."""

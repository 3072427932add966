"""What stops packets without a trace in any log, as a configuration says by itself."""

from __future__ import annotations

from msgspec import Struct

from aclproof.parsers.model.rules import NO_LINE


class Unlogged(Struct, frozen=True):
    """A line that stops packets, and why none of them is logged."""

    line: int
    why: str
    switch: int = NO_LINE
    """The line that switches logging off; NO_LINE where the line itself says it, or where none switches it
    on."""

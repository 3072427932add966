"""What lines of a configuration name, and which lines do so."""

from __future__ import annotations

from collections.abc import Hashable

from msgspec import Struct


class Definition(Struct, frozen=True):
    """An object, a group, a set, a list or the like; or a name of which the input defines nothing."""

    kind: str
    """What it is, in the configuration's own words: `object-group`, `set`, `chain`."""
    name: str
    line: int = 0
    """With which it begins; 0 where the input has all that lines may name, and not this."""
    uses: tuple[int, ...] | None = None
    """Lines that name it, in order; None where not all are shown that may do so."""
    unread: int = 0
    """A line that was not wholly read, and may name it as well; 0 where none may."""
    value: Hashable = None
    """What it stands for: equal of two exactly where one may be put in the place of the other, however they
    are written; None where that is not known, or changes with the packets that pass."""
    empty: bool = False
    """Whether it surely has no members, and no packet gives it any."""
    does_more: bool = False
    """Whether it does something besides standing for its value, as an object does with a translation."""
    filters: bool = False
    """Whether it is a list of rules."""

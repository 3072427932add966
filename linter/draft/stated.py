"""What an inventory states for a site file: values with their origin, and gaps that have to be filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from aclproof.linter.questions import FILL_IN


class Line(Struct, frozen=True):
    """A value and where it is from. FILL_IN is one that cannot be told, and why; none is only a remark."""

    value: str
    remark: str

    @property
    def is_open(self) -> bool:
        """Whether it has to be filled in before the file can be used."""
        return self.value == FILL_IN


class Stated(Struct, frozen=True):
    """The content of one site file as far as an inventory tells it."""

    head: Sequence[str]
    """What the file is about."""
    pack_because: str
    roles: Mapping[str, Sequence[Line]]
    """Every role that the inventory knows; without lines the site has none."""
    settings: Mapping[str, Line]
    unknown: Sequence[Line] = ()
    """Addresses that play a role of which it cannot be told which one it is."""

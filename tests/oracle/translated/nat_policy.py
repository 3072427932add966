"""Lines of address translation of an ASA as plain data, beside the rest of its configuration.

Left out, since the guides do not say enough of them or one kernel does not show them: several pools of one
line, static lines between ranges of two sizes, names from DNS, translation between IPv4 and IPv6, what a
server sends from the port that a line is for, equal security levels, services of several ports, static
lines with a list, and what an exemption does where somebody dials one of its far addresses by another name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.oracle.translated.asa_policy import Policy


class Ends(NamedTuple):
    """Addresses of IPv4 from low to high."""

    low: int
    high: int

    @property
    def size(self) -> int:
        """How many they are."""
        return self.high - self.low + 1

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and self.low <= number <= self.high


EVERYBODY = Ends(0, 2**32 - 1)


class Service(NamedTuple):
    """One port of the hosts of a line, and the one by which it is known elsewhere."""

    protocol: int
    real: int
    mapped: int


@dataclass(frozen=True, slots=True)
class Line:
    """Hosts behind one interface have other addresses towards another one; an empty name is any."""

    kind: str
    """`twice`, `object`; before 8.3 `static`, `exemption`, `policy`, `pair`, `identity`."""
    behind: str
    towards: str
    real: Ends
    mapped: Ends = EVERYBODY
    static: bool = True
    dialled: Ends = EVERYBODY
    """To whom it holds, by the addresses that the hosts dial."""
    far: Ends = EVERYBODY
    """The same, by their own."""
    service: Service | None = None
    far_service: Service | None = None
    """The same of those to whom it holds, where it is for one port of theirs."""
    after: bool = False
    """Of twice NAT: whether it is tried after the objects' lines."""
    name: str = ""
    """The object that it is in."""
    words: tuple[str, ...] = ()
    """Those at its end: `unidirectional`, `route-lookup`, `inactive`, `outside` and others without effect."""
    number: int = 0
    """Of a dynamic line before 8.3: that of the pools from which it chooses."""

    @property
    def decides_far(self) -> bool:
        """Whether it is about the addresses of the other side as well."""
        return self.kind == "twice" and (self.dialled, self.far) != (EVERYBODY, EVERYBODY)

    @property
    def one_way(self) -> bool:
        """Whether only its hosts open connections by it."""
        return not self.static or "unidirectional" in self.words


def rank(line: Line) -> tuple[object, ...]:
    """Say where a line is in the order in which they are tried; equal ones are tried as the file has them."""
    match line.kind:
        case "object":
            return 1, not line.static, line.real.size, line.real.low, line.name
        case "twice":
            return (2 if line.after else 0,)
        case "pair" | "identity":
            return 3, line.real.size
        case _:
            return (("exemption", "static", "policy").index(line.kind),)


@dataclass(frozen=True, slots=True)
class Translating:
    """The whole configuration."""

    filters: Policy
    lines: tuple[Line, ...]
    """In the order of the file, as it is listed: twice NAT by its numbers."""
    pools: dict[int, dict[str, Ends]] = field(default_factory=dict)
    """The `global` lines before 8.3: what dynamic lines choose from, by number and interface."""
    control: bool = False
    """Whether `nat-control` is on."""
    rank: Callable[[Line], tuple[object, ...]] = rank

    @property
    def old(self) -> bool:
        """Whether it is of a release before 8.3, whose lists hold the addresses that packets have there."""
        return self.filters.release.startswith("8.2")

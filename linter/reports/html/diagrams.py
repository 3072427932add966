"""The layout of the pictures of paths: a role, firewalls, a role, and each service.

A column is a firewall, or neighbours that do the same; a lane is one service on its way from left to right.
Lengths are in pixels; widths of text are estimated, so names are cut to what surely fits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from aclproof.linter.reports.html.columns import Column, columns, pictures, worst
from aclproof.linter.reports.html.fitting import cut, two_lines
from aclproof.linter.reports.html.order import applicable
from aclproof.linter.reports.language.language import ENGLISH, Words
from aclproof.linter.reports.writing.wording import few, permitting_lines, service
from aclproof.linter.result import DemandResult, HopVerdict, Line, Result, Verdict
from aclproof.parsers.model.addresses import AddressSet, spell_all

_MARGIN, _END, _HOP, _LANE = 4, 170, 140, 54
_ROLE, _NAME, _MAKE, _ADDRESS, _SERVICE, _PLACE = 19, 16, 18, 22, 20, 20
"""So many narrow letters fit."""
_UNSURE = (HopVerdict.STOPS, HopVerdict.OPEN, HopVerdict.UNSEEN)

After = Literal["all", "part", "nothing", "open"]
"""How much passes the first firewall that does not surely let everything pass."""


class Node(Struct, frozen=True):
    """A role or a firewall: a column of the picture."""

    x: int
    width: int
    name: str
    """In full."""
    title: tuple[str, ...]
    """Lines that fit."""
    detail: tuple[str, ...]
    verdicts: frozenset[HopVerdict] = frozenset()
    """Of a firewall: what it does with the services."""

    @property
    def head(self) -> int:
        """How far its text reaches down."""
        return 32 + 16 * len(self.title) + 14 * len(self.detail)

    @property
    def middle(self) -> int:
        """Where lanes have their mark."""
        return self.x + self.width // 2


class Mark(Struct, frozen=True):
    """What one firewall does with one service, and the line that does it."""

    node: Node
    verdict: HopVerdict
    line: Line | None
    more: int
    """Other lines that do the same."""

    @property
    def place(self) -> str:
        """File and line, cut to what fits; empty where no line is known."""
        if self.line is None:
            return ""
        file = self.line.span.file.replace("\\", "/").rpartition("/")[2]
        tail = f":{self.line.span.first_line}" + (f" +{self.more}" if self.more else "")
        return cut(file, _PLACE - len(tail)) + tail


class Lane(Struct, frozen=True):
    """A service on its path, and the requirements that need it."""

    demands: tuple[DemandResult, ...]
    service: str
    y: int
    marks: tuple[Mark, ...]
    turn: int
    """From here on not everything is sure to go on."""
    after: After

    @property
    def label(self) -> str:
        """The service, cut to what fits."""
        return cut(self.service, _SERVICE)


class Diagram(Struct, frozen=True):
    """One path, or a part of it, and everything that takes it."""

    source: Node
    firewalls: tuple[Node, ...]
    destination: Node
    lanes: tuple[Lane, ...]
    part: int
    parts: int
    """A long path has several pictures, one after the other; counted from 1."""

    @property
    def last(self) -> bool:
        """Whether the path ends in it."""
        return self.part == self.parts

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All columns from left to right."""
        return self.source, *self.firewalls, self.destination

    @property
    def width(self) -> int:
        """Of the whole picture."""
        return self.destination.x + self.destination.width + _MARGIN

    @property
    def height(self) -> int:
        """Of the whole picture."""
        return self.lanes[-1].y + _LANE + _MARGIN


def diagrams(result: Result, roles: Mapping[str, str], words: Words = ENGLISH) -> tuple[Diagram, ...]:
    """Draw each known path of a requirement, in the pack's order; `roles` has titles."""
    paths: dict[tuple[str, ...], list[DemandResult]] = {}
    for demand in applicable(result):
        if not demand.unordered:
            ends = demand.requirement.source, demand.requirement.destination
            paths.setdefault((*ends, *(hop.firewall for hop in demand.hops)), []).append(demand)
    makes = {each.name: each.version or each.vendor for each in result.inputs}
    return tuple(picture for demands in paths.values()
                 for picture in _Path(result, roles, words, demands, makes).pictures())


class _Path:
    """One path, and the demands that take it."""

    def __init__(self, result: Result, roles: Mapping[str, str], words: Words,
                 demands: Sequence[DemandResult], makes: Mapping[str, str]) -> None:
        self._result, self._roles, self._words, self._makes = result, roles, words, makes
        self._demands = demands
        self._columns = columns(demands)
        self._lanes: dict[tuple[object, ...], list[DemandResult]] = {}
        for each in demands:  # several methods often need the same packets
            self._lanes.setdefault((_services(each, words), each.status, each.hops), []).append(each)

    def pictures(self) -> Iterator[Diagram]:
        """Yield its pictures, in order."""
        parts = pictures(self._columns)
        seen = 0
        for number, shown in enumerate(parts, 1):
            nodes = self._nodes(shown, first=number == 1, last=number == len(parts))
            head = max(node.head for node in nodes)
            lanes = [self._lane(same, shown, seen, nodes[1:-1], head + lane * _LANE)
                     for lane, same in enumerate(self._lanes.values())]
            yield Diagram(nodes[0], nodes[1:-1], nodes[-1], tuple(lanes), number, len(parts))
            seen += len(shown)

    def _nodes(self, shown: Sequence[Column], *, first: bool, last: bool) -> tuple[Node, ...]:
        requirement = self._demands[0].requirement
        return (self._role(requirement.source, _MARGIN, shown=first),
                *(self._firewalls(column, _MARGIN + _END + number * _HOP)
                  for number, column in enumerate(shown)),
                self._role(requirement.destination, _MARGIN + _END + len(shown) * _HOP, shown=last))

    def _role(self, name: str, x: int, *, shown: bool) -> Node:
        """A role; in a picture that does not begin or end with it, only where it is to be thought."""
        title = self._roles.get(name, name)
        if not shown:
            return Node(x, _END, title, ("…",), ())
        known = spell_all(self._result.scope.roles.get(name, AddressSet()))
        addresses = [known[0], f"+ {len(known) - 1}"] if len(known) > 2 else known
        return Node(x, _END, title, two_lines(title, _ROLE), tuple(cut(each, _ADDRESS) for each in addresses))

    def _firewalls(self, column: Column, x: int) -> Node:
        names = [self._demands[0].hops[place].firewall for place in column]
        verdicts = frozenset(worst(each, column) for each in self._demands)
        if len(names) == 1:
            make = cut(self._makes.get(names[0], ""), _MAKE)
            return Node(x, _HOP, names[0], two_lines(names[0], _NAME), (make,), verdicts)
        title = self._words.count("{n} firewall", "{n} firewalls", len(names))
        ends = cut(names[0], _MAKE), cut(f"… {names[-1]}", _MAKE)
        return Node(x, _HOP, f"{title} ({few(names, words=self._words)})", (title,), ends, verdicts)

    def _lane(self, demands: Sequence[DemandResult], shown: Sequence[Column], seen: int,
              nodes: Sequence[Node], y: int) -> Lane:
        demand = demands[0]
        lines = _Lines(demand)
        marks = tuple(lines.mark(column, node) for column, node in zip(shown, nodes, strict=True))
        unsure = [place for place, column in enumerate(self._columns) if worst(demand, column) in _UNSURE]
        turn = (unsure[0] if unsure else -1) - seen
        after = _after(demand) if turn < len(shown) else "all"
        start = nodes[turn].middle if 0 <= turn < len(shown) else _MARGIN + _END
        return Lane(tuple(demands), _services(demand, self._words), y, marks, start, after)


def _services(each: DemandResult, words: Words) -> str:
    return ", ".join(dict.fromkeys(service(box, words, each.boxes) for box in each.boxes))


def _after(demand: DemandResult) -> After:
    if demand.verdict is Verdict.MET:
        return "all"
    if demand.verdict is Verdict.UNDECIDED:
        return "open"
    return "part" if demand.coverage.permitted else "nothing"


class _Lines:
    """The lines that show what the firewalls do with one demand."""

    def __init__(self, demand: DemandResult) -> None:
        self._demand = demand
        self._permitting = permitting_lines(demand, every=True)

    def mark(self, column: Column, node: Node) -> Mark:
        """Write what a column does with it; many firewalls have no line in common."""
        verdict = worst(self._demand, column)
        if len(column) > 1:
            return Mark(node, verdict, None, 0)
        firewall = self._demand.hops[column[0]].firewall
        match verdict:
            case HopVerdict.STOPS:
                lines = [part.blocked_by for part in self._demand.missing
                         if part.blocked_by.firewall == firewall]
            case HopVerdict.OPEN:
                lines = [part.line for part in self._demand.undecided
                         if part.line and part.firewall == firewall]
            case _:
                lines = [line for line in self._permitting if line.firewall == firewall]
        known = list(dict.fromkeys(lines))
        return Mark(node, verdict, known[0] if known else None, max(len(known) - 1, 0))

"""The layout of the pictures of paths: a role, firewalls, a role, and each service.

A picture is as wide as its firewalls are many; a lane is one service on its way from left to right. Lengths
are in pixels; widths of text are estimated, so names are cut to what surely fits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from aclproof.linter.reports.html.fitting import cut, two_lines
from aclproof.linter.reports.html.order import applicable
from aclproof.linter.reports.language.language import ENGLISH, Words
from aclproof.linter.reports.writing.wording import permitting_lines, service
from aclproof.linter.result import DemandResult, Hop, HopVerdict, Line, Result, Verdict
from aclproof.parsers.model.addresses import AddressSet, spell_all

_MARGIN, _END, _HOP, _LANE = 4, 170, 140, 54
_ROLE, _NAME, _MAKE, _ADDRESS, _SERVICE, _PLACE = 19, 16, 18, 22, 20, 20
"""So many narrow letters fit."""
_UNSURE = (HopVerdict.STOPS, HopVerdict.OPEN, HopVerdict.UNSEEN)

After = Literal["all", "part", "nothing", "open"]
"""How much passes the first firewall that does not surely let everything pass."""


@dataclass(frozen=True, slots=True)
class Node:
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


@dataclass(frozen=True, slots=True)
class Mark:
    """What one firewall does with one service, and the line that does it."""

    node: Node
    verdict: HopVerdict
    line: Line | None
    more: int
    """Other lines that do the same."""
    returning: bool
    """Only packets on the way back are stopped."""

    @property
    def place(self) -> str:
        """File and line, cut to what fits; empty where no line is known."""
        if self.line is None:
            return ""
        file = self.line.span.file.replace("\\", "/").rpartition("/")[2]
        tail = f":{self.line.span.first_line}" + (f" +{self.more}" if self.more else "")
        return cut(file, _PLACE - len(tail)) + tail


@dataclass(frozen=True, slots=True)
class Lane:
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


@dataclass(frozen=True, slots=True)
class Diagram:
    """One path and everything that takes it."""

    source: Node
    firewalls: tuple[Node, ...]
    destination: Node
    lanes: tuple[Lane, ...]

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
    """Draw one picture for each known path of a requirement, in the pack's order; `roles` has titles."""
    paths: dict[tuple[str, ...], list[DemandResult]] = {}
    for demand in applicable(result):
        if not demand.unordered:
            ends = demand.requirement.source, demand.requirement.destination
            paths.setdefault((*ends, *(hop.firewall for hop in demand.hops)), []).append(demand)
    return tuple(_diagram(result, roles, words, demands) for demands in paths.values())


def _diagram(result: Result, roles: Mapping[str, str], words: Words,
             demands: Sequence[DemandResult]) -> Diagram:
    nodes = _nodes(result, roles, demands)
    head = max(node.head for node in nodes)
    lanes: dict[tuple[object, ...], list[DemandResult]] = {}
    for each in demands:  # several methods often need the same packets
        lanes.setdefault((_services(each, words), each.status, each.hops), []).append(each)
    return Diagram(nodes[0], nodes[1:-1], nodes[-1],
                   tuple(_lane(same, words, nodes[1:-1], head + number * _LANE)
                         for number, same in enumerate(lanes.values())))


def _nodes(result: Result, roles: Mapping[str, str], demands: Sequence[DemandResult]) -> tuple[Node, ...]:
    makes = {each.name: each.version or each.vendor for each in result.inputs}
    requirement, hops = demands[0].requirement, demands[0].hops

    def role(name: str, x: int) -> Node:
        known = spell_all(result.scope.roles.get(name, AddressSet()))
        shown = [known[0], f"+ {len(known) - 1}"] if len(known) > 2 else known
        title = roles.get(name, name)
        return Node(x, _END, title, two_lines(title, _ROLE), tuple(cut(each, _ADDRESS) for each in shown))

    firewalls = [Node(_MARGIN + _END + number * _HOP, _HOP, hop.firewall, two_lines(hop.firewall, _NAME),
                      (cut(makes.get(hop.firewall, ""), _MAKE),),
                      frozenset(each.hops[number].verdict for each in demands))
                 for number, hop in enumerate(hops)]
    return (role(requirement.source, _MARGIN), *firewalls,
            role(requirement.destination, _MARGIN + _END + len(hops) * _HOP))


def _services(each: DemandResult, words: Words) -> str:
    return ", ".join(dict.fromkeys(service(box, words, each.boxes) for box in each.boxes))


def _lane(demands: Sequence[DemandResult], words: Words, nodes: Sequence[Node], y: int) -> Lane:
    first = demands[0]
    marks = tuple(_mark(first, hop, node) for hop, node in zip(first.hops, nodes, strict=True))
    turn = next((mark.node.middle for mark in marks if mark.verdict in _UNSURE), _MARGIN + _END)
    return Lane(tuple(demands), _services(first, words), y, marks, turn, _after(first))


def _after(demand: DemandResult) -> After:
    if demand.verdict is Verdict.MET:
        return "all"
    if demand.verdict is Verdict.UNDECIDED:
        return "open"
    return "part" if demand.coverage.permitted else "nothing"


def _mark(demand: DemandResult, hop: Hop, node: Node) -> Mark:
    stopped = [part for part in demand.missing if part.blocked_by.firewall == hop.firewall]
    match hop.verdict:
        case HopVerdict.STOPS:
            lines = [part.blocked_by for part in stopped]
        case HopVerdict.OPEN:
            lines = [part.line for part in demand.undecided if part.line and part.firewall == hop.firewall]
        case _:
            lines = [line for line in permitting_lines(demand) if line.firewall == hop.firewall]
    known = list(dict.fromkeys(lines))
    return Mark(node, hop.verdict, known[0] if known else None, max(len(known) - 1, 0),
                bool(stopped) and all(part.leg == "reply" for part in stopped))

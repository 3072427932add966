"""The picture of the rooms and their imports, docs/images/rooms.svg: no tool but this module draws it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from pages.imports import Arrows, arrows, layers, reduced

_BOX, _HIGH, _COLUMN, _ROW = 104, 28, 124, 58
"""Width and height of a box, and from one to the next."""
_HEAD, _FRAMES = 34, 44
"""The height of a frame's name, and between two frames."""

_STYLE = """\
  svg { color-scheme: light dark; }
  text { font: 13px ui-monospace, Menlo, Consolas, monospace; fill: #1c2733; text-anchor: middle; }
  .name { font-weight: bold; text-anchor: start; }
  .frame { fill: #f4f6f8; stroke: #c3ccd5; }
  .box { fill: #ffffff; stroke: #51708f; }
  .arrow { fill: none; stroke: #7a8896; stroke-width: 1.3; marker-end: url(#head); }
  .rooms { stroke-width: 2.4; }
  #head path { fill: #7a8896; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e3e9ef; }
    .frame { fill: #1b2128; stroke: #46525e; }
    .box { fill: #262f39; stroke: #8fb1d3; }
    .arrow { stroke: #93a1af; }
    #head path { fill: #93a1af; }
  }"""


@dataclass(frozen=True, slots=True)
class _Frame:
    """One of the three rooms: its rows from the top; a column without a name is where an arrow passes."""

    name: str
    rows: list[list[str]]
    graph: Arrows

    @property
    def width(self) -> int:
        return max(len(row) for row in self.rows) * _COLUMN

    @property
    def height(self) -> int:
        return _HEAD + len(self.rows) * _ROW


def picture() -> str:
    """Draw linter above parsers and rules; arrows that a longer way implies are left out."""
    linter, parsers, rules = (_frame(name) for name in ("linter", "parsers", "rules"))
    width = max(linter.width, parsers.width + _FRAMES + rules.width)
    below = linter.height + _FRAMES
    height = below + max(parsers.height, rules.height)
    right = width - rules.width
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 -8 {width + 16} {height + 16}" role="img"',
        f'     width="{width + 16}" height="{height + 16}" aria-label="The rooms and what imports what">',
        "  <!-- Written by `make docs` from the imports. -->",
        f"  <style>\n{_STYLE}\n  </style>",
        '  <defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"',
        '    orient="auto" markerUnits="userSpaceOnUse"><path d="M0 0L8 4L0 8z"/></marker></defs>',
        *_drawn(linter, 0, 0, width),
        *_drawn(parsers, 0, below, width - rules.width - _FRAMES),
        *_drawn(rules, right, below, rules.width)]
    for middle in ((right - _FRAMES) // 2, right + rules.width // 2):
        lines.append(f'  <path class="arrow rooms" d="M{middle} {linter.height}V{below}"/>')
    return "\n".join([*lines, "</svg>", ""])


def _frame(name: str) -> _Frame:
    whole = arrows(name)
    graph = {room: set(targets) for room, targets in reduced(whole).items()}
    rows = layers(whole)
    for number, row in enumerate(rows[:-2]):
        for room in list(row):
            _bend(room, number, rows, graph)
    return _Frame(name, _ordered(rows, graph), graph)


def _bend(room: str, number: int, rows: list[list[str]], graph: dict[str, set[str]]) -> None:
    """Lead an arrow that skips a row through a place of its own in it."""
    for target in sorted(graph[room] - set(rows[number + 1])):
        place = f"{room.split('>')[0]}>{target}>{number + 1}"
        graph[room] = graph[room] - {target} | {place}
        graph[place] = {target}
        rows[number + 1].append(place)
        _bend(place, number + 1, rows, graph)


def _ordered(rows: list[list[str]], graph: Arrows) -> list[list[str]]:
    """Put each below the middle of what imports it."""
    ordered: list[list[str]] = []
    for row in rows:
        place = {room: number - len(ordered[-1]) / 2 for number, room in enumerate(ordered[-1])
                 } if ordered else {}
        above = {room: [at for other, at in place.items() if room in graph[other]] for room in row}
        ordered.append(sorted(row, key=lambda room: (
            sum(above[room]) / len(above[room]) if above[room] else 0, room)))
    return ordered


def _drawn(frame: _Frame, left: int, top: int, width: int) -> Iterator[str]:
    yield f'  <rect class="frame" x="{left}" y="{top}" width="{width}" height="{frame.height}" rx="8"/>'
    yield f'  <text class="name" x="{left + 14}" y="{top + 22}">{frame.name}/</text>'
    places = {room: (left + width // 2 + _COLUMN * (2 * column + 1 - len(row)) // 2,
                     top + _HEAD + number * _ROW)
              for number, row in enumerate(frame.rows) for column, room in enumerate(row)}
    for room in places:
        if ">" not in room:
            for target in sorted(frame.graph[room]):
                yield f'  <path class="arrow" d="{_way(room, target, frame, places)}"/>'
    for room, (x, y) in places.items():
        if ">" not in room:
            yield f'  <rect class="box" x="{x - _BOX // 2}" y="{y}" width="{_BOX}" height="{_HIGH}" rx="5"/>'
            yield f'  <text x="{x}" y="{y + 18}">{room}</text>'


def _way(room: str, target: str, frame: _Frame, places: dict[str, tuple[int, int]]) -> str:
    """A curve from below a box to above another, straight down through the places between them."""
    x, y = places[room]
    way = f"M{x} {y + _HIGH}"
    stops = [target]
    while ">" in stops[-1]:
        stops += frame.graph[stops[-1]]
    corners = [(x, y + _HIGH)]
    for stop in stops:
        corners.append(places[stop])
        if ">" in stop:
            corners.append((places[stop][0], places[stop][1] + _HIGH))
    for (x1, y1), (x2, y2) in pairwise(corners):
        middle = (y1 + y2) // 2
        way += f"V{y2}" if x1 == x2 else f"C{x1} {middle} {x2} {middle} {x2} {y2}"
    return way

"""Growth as a picture: seconds by size, both axes by powers of ten, one line a family."""

from __future__ import annotations

import math
from collections.abc import Sequence

from benchmarks.ladder import Climb

_WIDTH, _HEIGHT, _EDGE, _LEGEND = 860, 460, 50, 230
_COLOURS = ("#1b6ca8", "#c0392b", "#1e8449", "#8e44ad", "#d68910", "#16a085", "#7f8c8d", "#2c3e50")
_DASHES = ("", "6 3", "2 3", "9 3 2 3")


def svg(climbs: Sequence[Climb]) -> str:
    """Draw what each size costs, net of what an input of one costs."""
    curves = [(climb, points) for climb in climbs if len(points := _points(climb)) > 1]
    every = [point for _, points in curves for point in points]
    left, right = math.floor(min(x for x, _ in every)), math.ceil(max(x for x, _ in every))
    low, high = math.floor(min(y for _, y in every)), math.ceil(max(y for _, y in every))
    across, up = (_WIDTH - _LEGEND - 2 * _EDGE) / (right - left), (_HEIGHT - 2 * _EDGE) / (high - low)

    def place(x: float, y: float) -> str:
        return f"{_EDGE + (x - left) * across:.1f},{_HEIGHT - _EDGE - (y - low) * up:.1f}"

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
             'font-family="sans-serif" font-size="11">',
             f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>']
    for power in range(left, right + 1):
        x = place(power, low).split(",")[0]
        parts += [f'<path d="M{place(power, low)} L{place(power, high)}" stroke="#ddd"/>',
                  f'<text x="{x}" y="{_HEIGHT - _EDGE + 16}" text-anchor="middle">{10**power:,}</text>']
    for power in range(low, high + 1):
        y = place(left, power).split(",")[1]
        parts += [f'<path d="M{place(left, power)} L{place(right, power)}" stroke="#ddd"/>',
                  f'<text x="{_EDGE - 6}" y="{y}" text-anchor="end">{10**power:g} s</text>']
    for number, (climb, points) in enumerate(curves):
        style = (f'stroke="{_COLOURS[number % len(_COLOURS)]}" fill="none" stroke-width="1.6" '
                 f'stroke-dasharray="{_DASHES[number // len(_COLOURS) % len(_DASHES)]}"')
        row = _EDGE + number * 13
        parts += [f'<path d="M{" L".join(place(*point) for point in points)}" {style}/>',
                  f'<path d="M{_WIDTH - _LEGEND},{row} h24" {style}/>',
                  f'<text x="{_WIDTH - _LEGEND + 30}" y="{row + 4}">{climb.name}</text>']
    return "\n".join([*parts, "</svg>", ""])


def _points(climb: Climb) -> list[tuple[float, float]]:
    net = [(step.size, step.spent.seconds - climb.least.seconds) for step in climb.steps
           if not step.spent.stopped]
    return [(math.log10(size), math.log10(seconds)) for size, seconds in net if seconds > 0.01]

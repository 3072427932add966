"""How often each line of a ruleset was met, as the kernel counted it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

_POLICY = re.compile(r":(\S+) (?:ACCEPT|DROP) \[(\d+):")
_RULE = re.compile(r"(?:\[(\d+):\d+\] )?-A (\S+)")

Place = tuple[str, str, int]
"""Table, chain, and the number of the rule in it; 0 for the policy."""


def places(text: str) -> dict[Place, int]:
    """Say on which line of a ruleset each place is, from 1; a chain without rules has none."""
    found = {place: line for place, line, _ in _scan(text)}
    busy = {(table, chain) for table, chain, number in found if number}
    return {place: line for place, line in found.items() if place[:2] in busy}


def counted(text: str, saved: str) -> dict[int, int]:
    """Read the counters from what the kernel saved, by line of the ruleset that was loaded."""
    lines = places(text)
    return {lines[place]: count for place, _, count in _scan(saved) if place in lines}


def _scan(text: str) -> Iterator[tuple[Place, int, int]]:
    table = ""
    seen: Counter[tuple[str, str]] = Counter()
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("*"):
            table = line[1:].strip()
        elif policy := _POLICY.match(line):
            yield (table, policy[1], 0), number, int(policy[2])
        elif rule := _RULE.match(line):
            chain = rule[2]
            seen[table, chain] += 1
            yield (table, chain, seen[table, chain]), number, int(rule[1] or 0)

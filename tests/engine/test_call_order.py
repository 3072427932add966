"""Called ones come first, and circles are refused: against a walk from every root."""

from __future__ import annotations

import random

import pytest

from aclproof.linter.engine.call_order import in_order


def reached(calls: dict[int, list[int]], roots: list[int]) -> set[int]:
    found = set(roots)
    while more := {target for name in found for target in calls[name]} - found:
        found |= more
    return found


@pytest.mark.parametrize("seed", range(60))
def test_each_comes_once_and_after_all_that_it_calls(seed: int) -> None:
    draw = random.Random(seed)
    calls = {name: [draw.randrange(6) for _ in range(draw.randrange(3))] for name in range(6)}
    if seed % 2:  # no circle
        calls = {name: [target for target in targets if target > name] for name, targets in calls.items()}
    roots = draw.choices(range(6), k=2)
    if any(name in reached(calls, calls[name]) for name in reached(calls, roots)):
        with pytest.raises(ValueError, match="calls itself"):
            in_order(roots, calls.__getitem__)
        return
    found = in_order(roots, calls.__getitem__)
    assert sorted(found) == sorted(reached(calls, roots))
    assert all(found.index(target) < found.index(name) for name in found for target in calls[name])

"""Chains that call each other in a circle, which the kernel refuses and a file may hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def circular(calls: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Return the chains from which a walk comes back to them."""
    found: set[str] = set()
    done: set[str] = set()
    for start in calls:
        above: list[str] = []
        on_way: set[str] = set()
        work = [(start, True)]
        while work:
            name, entering = work.pop()
            if not entering:
                on_way.discard(above.pop())
                done.add(name)
            elif name in on_way:
                found |= set(above[above.index(name):])
            elif name not in done:
                above.append(name)
                on_way.add(name)
                work.append((name, False))
                work += [(target, True) for target in calls.get(name, ())]
    return frozenset(found)

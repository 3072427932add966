"""Chains in an order in which each comes after those that it calls."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from aclproof.parsers.model.plain_rules import special
from aclproof.parsers.model.rules import Rule

_Name = TypeVar("_Name", bound=Hashable)


def callees_first(chains: Mapping[str, Sequence[Rule]], roots: Iterable[str]) -> list[str]:
    """Order the chains that the roots reach; ValueError when chains call each other in a circle."""
    return in_order(roots, lambda name: (rule.target for rule in special(chains[name]) if rule.target))


def in_order(roots: Iterable[_Name], called_by: Callable[[_Name], Iterable[_Name]]) -> list[_Name]:
    """Order what the roots reach so that each comes after all that it calls; ValueError for a circle."""
    done: dict[_Name, None] = {}
    above: dict[_Name, None] = {}
    work = [(name, True) for name in reversed(list(roots))]
    while work:
        name, entering = work.pop()
        if not entering:
            del above[name]
            done[name] = None
        elif name in above:
            raise ValueError(f"chain {name} calls itself")
        elif name not in done:
            above[name] = None
            work.append((name, False))
            work += [(target, True) for target in dict.fromkeys(called_by(name)) if target not in done]
    return list(done)

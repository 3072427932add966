"""Which chains of a table call which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aclproof.parsers.iptables.text.words import BUILT_IN, Spec, Table

Calls = Mapping[str, Sequence[tuple[str, int]]]
"""Of each chain of a table those to which its rules lead, and the line of each."""


def calls(table: Table) -> Calls:
    """Find what the rules of a table call."""
    chains = table.chains
    return {name: [(spec.jump.target, spec.line) for spec in specs
                   if isinstance(spec, Spec) and spec.jump.target in chains]
            for name, specs in chains.items()}


def callers(called: Calls, table: str) -> Mapping[str, frozenset[str]]:
    """Return for each chain the built-in ones from which packets come to it, itself where it is one."""
    found: dict[str, set[str]] = {}
    for root in BUILT_IN[table]:
        work = [root]
        while work:
            name = work.pop()
            if root not in found.setdefault(name, set()):
                found[name].add(root)
                work += dict(called.get(name, ()))
    return {name: frozenset(roots) for name, roots in found.items()}


def circular(called: Calls) -> frozenset[int]:
    """Lines whose jump closes a circle of chains; the kernel loads it only where nothing leads there."""
    done: set[str] = set()
    lines: set[int] = set()
    for root in called:
        above: dict[str, None] = {}
        work: list[tuple[str, int, bool]] = [(root, 0, True)]
        while work:
            name, line, entering = work.pop()
            if not entering:
                above.pop(name, None)
                done.add(name)
            elif name in above:
                lines.add(line)
            elif name not in done:
                above[name] = None
                work.append((name, line, False))
                work += [(target, line, True) for target, line in called[name]]
    return frozenset(lines)

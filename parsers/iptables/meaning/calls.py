"""Which chains of a table call which."""

from __future__ import annotations

from collections.abc import Mapping

from aclproof.parsers.iptables.text.words import BUILT_IN, Spec, Table


def callers(table: Table) -> Mapping[str, frozenset[str]]:
    """Return for each chain the built-in ones from which packets come to it, itself where it is one."""
    found: dict[str, set[str]] = {}
    called = {name: {target for target, _ in _called(table, name)} for name in table.chains}
    for root in BUILT_IN[table.name]:
        work = [root]
        while work:
            name = work.pop()
            if root not in found.setdefault(name, set()):
                found[name].add(root)
                work += called.get(name, ())
    return {name: frozenset(roots) for name, roots in found.items()}


def circular(table: Table) -> frozenset[int]:
    """Lines whose jump closes a circle of chains; the kernel loads it only where nothing leads there."""
    done: set[str] = set()
    lines: set[int] = set()
    for root in table.chains:
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
                work += [(target, line, True) for target, line in _called(table, name)]
    return frozenset(lines)


def _called(table: Table, chain: str) -> list[tuple[str, int]]:
    """The chains to which the rules of one lead, and the line of each."""
    return [(spec.jump.target, spec.line) for spec in table.chains[chain]
            if isinstance(spec, Spec) and spec.jump.target in table.chains]

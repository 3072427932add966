"""Which chains of a table call which."""

from __future__ import annotations

from collections.abc import Mapping

from aclproof.parsers.iptables.text.words import BUILT_IN, Spec, Table


def callers(table: Table) -> Mapping[str, frozenset[str]]:
    """Return for each chain the built-in ones from which packets come to it, itself where it is one."""
    found: dict[str, set[str]] = {}
    for root in BUILT_IN[table.name]:
        work = [root]
        while work:
            name = work.pop()
            if root not in found.setdefault(name, set()):
                found[name].add(root)
                work += {spec.target for spec in table.chains.get(name, ())
                         if isinstance(spec, Spec) and spec.target in table.chains}
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
                work += [(spec.target, spec.line, True) for spec in table.chains[name]
                         if isinstance(spec, Spec) and spec.target in table.chains]
    return frozenset(lines)

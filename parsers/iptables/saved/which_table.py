"""Which tables the outputs of several `iptables -S` are of: none says so, but its chains do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aclproof.parsers.iptables.saved import family
from aclproof.parsers.iptables.text.words import Ruleset, Table


def table_of(chains: set[str]) -> str:
    """Name the table that has these chains: filter, unless a chain says otherwise."""
    if "POSTROUTING" in chains:
        return "mangle" if "FORWARD" in chains else "nat"
    if "PREROUTING" in chains:
        return "mangle" if "FORWARD" in chains or "INPUT" in chains else "raw"
    return "filter"


def assign(rulesets: list[Ruleset]) -> Iterator[Table]:
    """Give each output its table, and the tables of a family to one ruleset.

    Yields those that show a table for the second time.
    """
    outputs = [(ruleset, table) for ruleset in rulesets for table in ruleset.tables.values()]
    for ruleset in rulesets:
        ruleset.tables = {}
    for ruleset, table in outputs:
        table.name = ruleset.asked or table_of(set(table.chains))
        home = _home(rulesets, ruleset, table)
        known = home.tables.get(table.name)
        if known is None:
            home.tables[table.name] = table
        elif known.chains.keys() & table.chains.keys():
            yield table
            known.odd.append(table.start)
        else:
            known.chains.update(table.chains)
            known.policies.update(table.policies)
            known.odd += table.odd
    rulesets[:] = [each for each in rulesets if each.tables] or rulesets[:1]


def _home(rulesets: list[Ruleset], own: Ruleset, table: Table) -> Ruleset:
    """The ruleset of a table's family: where the same table was shown before, the rules' words tell."""
    shown = own.family
    known = next((each for each in rulesets if each.family is shown and table.name in each.tables), None)
    if known and known.tables[table.name].chains.keys() & table.chains.keys():
        lines = own.source.lines()[table.start - 1:table.end]
        shown = family.shown("\n".join(lines)) or shown
    found = next((each for each in rulesets if each.family is shown), None)
    if found is None:
        found = replace(own, family=shown, tables={})
        rulesets.append(found)
    return found

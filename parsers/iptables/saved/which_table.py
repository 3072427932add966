"""Which tables the outputs of several `iptables -S` are of: none says so, but its chains do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from aclproof.parsers.iptables.text import family
from aclproof.parsers.iptables.text.words import BUILT_IN, Ruleset, Table
from aclproof.parsers.model.addresses import Family

_BESIDES_SECURITY = BUILT_IN.keys() - {"security"}


def table_of(chains: set[str]) -> str:
    """Name the table that has these chains: filter, unless a chain says otherwise."""
    if "POSTROUTING" in chains:
        return "mangle" if "FORWARD" in chains else "nat"
    if "PREROUTING" in chains:
        return "mangle" if "FORWARD" in chains or "INPUT" in chains else "raw"
    return "filter"


def begins_anew(policies: Sequence[str], chain: str) -> bool:
    """Return whether a chain is of another table than those before it: they are in the order of the hooks."""
    order = BUILT_IN["mangle"]
    if chain in policies or chain not in order:
        return chain in policies
    return tuple(policies) in BUILT_IN.values() and order.index(chain) < order.index(policies[-1])


def assign(rulesets: list[Ruleset]) -> Iterator[Table]:
    """Give each output its table, and the tables of a family to one ruleset.

    Yields those that show a table for the second time.
    """
    outputs = [(ruleset, table) for ruleset in rulesets for table in ruleset.tables.values()]
    for ruleset in rulesets:
        ruleset.tables = {}
    for (ruleset, table), of in zip(outputs, list(_families(outputs)), strict=True):
        table.name = ruleset.asked or table_of(set(table.chains))
        home = _home(rulesets, ruleset, of)
        if table.name in home.tables and not ruleset.asked and home.tables.keys() == _BESIDES_SECURITY:
            table.name = "security"  # it has the chains of filter, and what either drops is dropped
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


def _families(outputs: Sequence[tuple[Ruleset, Table]]) -> Iterator[Family]:
    """Each output's family: of the command that made it, else by its words, else that of the one before."""
    lines = outputs[0][0].source.lines() if outputs else []
    words = [None if ruleset.asked else family.shown("\n".join(lines[table.start - 1:table.end]))
             for ruleset, table in outputs]
    before = Family.V4 if len(set(words) - {None}) > 1 else None
    for (ruleset, _), shown in zip(outputs, words, strict=True):
        before = shown or (ruleset.family if ruleset.asked else before or ruleset.family)
        yield before


def _home(rulesets: list[Ruleset], own: Ruleset, of: Family) -> Ruleset:
    """The ruleset of a family."""
    found = next((each for each in rulesets if each.family is of), None)
    if found is None:
        found = replace(own, family=of, tables={})
        rulesets.append(found)
    return found

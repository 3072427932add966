"""Rulesets without what says nothing of their meaning: lines, and counters where a form leaves them out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from aclproof.parsers.nftables import forms
from aclproof.parsers.nftables.forms import Form
from aclproof.parsers.nftables.ruleset import UNKNOWN, NftRule, NftTable, Tree
from aclproof.parsers.source import from_bytes


def read(text: str, name: str = "rules") -> Form:
    """Read a text or JSON."""
    return forms.read(from_bytes(text.encode(), name))


def plain(form: Form, *, counters: bool = True) -> Mapping[tuple[str, str], object]:
    """What a form says, to be compared."""
    return {key: (table.flags, _chains(table, counters), _sets(table)) for key, table in
            form.ruleset.tables.items()}


def _chains(table: NftTable, counters: bool) -> Mapping[str, object]:
    """JSON of nft before 1.1 leaves devices out."""
    return {name: (chain.base and replace(chain.base, devices=()),
                   [(_tree(list(rule.statements), counters), rule.comment) for rule in chain.rules])
            for name, chain in table.chains.items()}


def _sets(table: NftTable) -> Mapping[str, object]:
    return {name: (found.types, found.maps_to, found.whole,
                   [(_tree(each.key, True), _tree(each.value, True), each.timeout)
                    for each in found.elements])
            for name, found in table.sets.items()}


def _tree(tree: Tree, counters: bool) -> object:
    if isinstance(tree, Mapping):
        return {name: None if name == "counter" and not counters and isinstance(inner, Mapping) else
                _tree(inner, counters) for name, inner in tree.items()
                if counters or name not in ("used", "used_unit")}
    return [_tree(each, counters) for each in tree] if isinstance(tree, list | tuple) else tree


def rules(form: Form) -> Iterator[tuple[NftTable, NftRule]]:
    """Yield each rule with its table."""
    for table in form.ruleset.tables.values():
        for _, chain in sorted(table.chains.items()):  # one without a name follows its rule, or its table
            for rule in chain.rules:
                yield table, rule


def not_understood(form: Form) -> list[Tree]:
    """The statements that were not understood."""
    return [statement for _, rule in rules(form) for statement in rule.statements
            if isinstance(statement, Mapping) and UNKNOWN in statement]

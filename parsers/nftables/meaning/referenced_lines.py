"""Lines that are no rules, and decide what rules mean: chains with their policies, elements of sets."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.parsers.iptables.meaning import referenced_lines as of_iptables
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.nftables import forms
from aclproof.parsers.nftables.meaning import hook_points
from aclproof.parsers.nftables.ruleset import NftTable
from aclproof.parsers.nftables.text.kind import kind
from aclproof.parsers.source import Joined, files_of


def find(firewall: Firewall) -> Iterator[tuple[int, str]]:
    """Yield each such line with the chain or the set that it is about."""
    joined, beside = Joined(files_of(firewall.source)), list[int]()
    for source in joined.sources:
        first = joined.first(source)
        if not kind(source.text):
            beside += range(first + 1, first + source.size + 1)
            continue
        for table in forms.read(source).ruleset.tables.values():
            yield from ((first + line, name) for line, name in _of_table(table))
    yield from of_iptables.find(firewall, beside)


def _of_table(table: NftTable) -> Iterator[tuple[int, str]]:
    for chain in table.chains.values():
        if chain.base:
            yield chain.policy_line or chain.line, hook_points.chain_name(table, chain.name)
    for known in table.sets.values():
        lines = {known.line, *known.taken_away, *(each.line for each in known.elements)}
        yield from ((line, f"@{known.name}") for line in lines)  # as rules name it

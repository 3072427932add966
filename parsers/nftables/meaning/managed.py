"""Tables that iptables-nft keeps in nftables: shown twice where its dump was given too, and judged once.

The dump knows matches that nft prints without their options; nft knows sets and ranges that the dump leaves
out. So the dump counts where it can show each rule, else what nft shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclproof.parsers.iptables.forms import Form as Dump
from aclproof.parsers.iptables.text.words import Ruleset as DumpRuleset
from aclproof.parsers.iptables.text.words import Table as DumpTable
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.nftables.forms import Form
from aclproof.parsers.nftables.ruleset import NftTable, Tree

_FAMILIES = {"ip": Family.V4, "ip6": Family.V6}


def settle(own: Sequence[Form], beside: Sequence[Dump]) -> None:
    """Take each table that is shown twice out of the input that shows it worse."""
    for form in own:
        for key, table in list(form.ruleset.tables.items()):
            for ruleset in list(_kept_there(table, beside)):
                if _shows_all(ruleset.tables[table.name], table):
                    form.ruleset.tables.pop(key, None)
                else:
                    ruleset.tables.pop(table.name)


def _kept_there(table: NftTable, beside: Sequence[Dump]) -> Iterator[DumpRuleset]:
    """The rulesets of iptables' nft back end that have the table."""
    for form in beside:
        for ruleset in form.rulesets:
            if ruleset.family is _FAMILIES.get(table.family) and table.name in ruleset.tables \
                    and ruleset.back_end != "legacy":
                yield ruleset


def _shows_all(dump: DumpTable, table: NftTable) -> bool:
    """Whether a dump has every rule of a table, and none that it cannot write as it is."""
    counts = {chain.name: len(chain.rules) for chain in table.chains.values() if chain.rules}
    if table.sets or counts != {name: len(rules) for name, rules in dump.chains.items() if rules}:
        return False
    return not any(_is_native(statement) for chain in table.chains.values() for rule in chain.rules
                   for statement in rule.statements)


def _is_native(statement: Tree) -> bool:
    """Whether iptables could not have written a statement: it has no sets, ranges of addresses and maps."""
    match statement:
        case {"match": {"left": {"payload": {"field": "saddr" | "daddr"}}, "right": {"range": _}}}:
            return True
        case {"match": {"right": {"set": _}}} | {"vmap": _} | {"set": _} | {"map": _} | {"meter": _}:
            return True
        case {"match": {"right": str(text)}}:
            return text.startswith("@")
        case _:
            return False

"""Tables that iptables-nft keeps in nftables: shown twice where its dump was given too, and judged once.

The dump knows matches that nft prints without their options; nft knows sets and ranges that the dump leaves
out. So the dump counts where it can show each rule, else what nft shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclproof.parsers.edited import Edited
from aclproof.parsers.iptables import forms as dump_forms
from aclproof.parsers.iptables.forms import Form as Dump
from aclproof.parsers.iptables.text.words import Ruleset as DumpRuleset
from aclproof.parsers.iptables.text.words import Table as DumpTable
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.nftables import forms
from aclproof.parsers.nftables.forms import Form
from aclproof.parsers.nftables.ruleset import NftTable, Tree
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.reason import Reason

_FAMILIES = {"ip": Family.V4, "ip6": Family.V6}


def settle(own: Sequence[Form], beside: Sequence[Dump]) -> None:
    """Take each table that is shown twice out of the input that shows it worse.

    Change scripts decide nothing of that: UnsupportedInputError for one whose change would be lost so.
    """
    for form in own:
        for key in list(form.ruleset.tables):
            for dump, ruleset in list(_kept_there(form.ruleset.tables[key], beside)):
                if _counts(dump, ruleset, form, key):
                    _refuse(form, key)
                    form.ruleset.tables.pop(key, None)
                else:
                    _refuse_dump(ruleset, key)
                    ruleset.tables.pop(key[1])


def _counts(dump: Dump, ruleset: DumpRuleset, form: Form, key: tuple[str, str]) -> bool:
    """Whether a dump shows a table better, by both as they were given."""
    before, table = _as_given(dump, ruleset), form.ruleset.tables[key]
    if form.entered:
        table = forms.read(given(form.source)).ruleset.tables.get(key, table)
    return key[1] in before.tables and _shows_all(before.tables[key[1]], table)


def _as_given(dump: Dump, ruleset: DumpRuleset) -> DumpRuleset:
    if not isinstance(dump.source, Edited):
        return ruleset
    found = dump_forms.read(given(dump.source), rules=True)
    return next((each for each in found.rulesets if (each.family, each.back_end) == (
        ruleset.family, ruleset.back_end)), ruleset)


def given(source: Source) -> Source:
    """The input before all change scripts."""
    while source.original is not source:
        source = source.original
    return source


def _refuse(form: Form, key: tuple[str, str]) -> None:
    if key in form.entered:
        raise UnsupportedInputError(Reason(
            "{name}: iptables keeps the table {table}, and its dump is given as well: change it by iptables "
            "commands", name=form.source.name, table=" ".join(key)))


def _refuse_dump(ruleset: DumpRuleset, key: tuple[str, str]) -> None:
    table, source = ruleset.tables[key[1]], ruleset.source
    if any(source.entered(line) for line in range(table.start, table.end + 1)):
        raise UnsupportedInputError(Reason(
            "{name}: the table {table} holds rules that iptables cannot show: change it by nft commands",
            name=source.name, table=" ".join(key)))


def _kept_there(table: NftTable, beside: Sequence[Dump]) -> Iterator[tuple[Dump, DumpRuleset]]:
    """The rulesets of iptables' nft back end that have the table."""
    for form in beside:
        for ruleset in form.rulesets:
            if ruleset.family is _FAMILIES.get(table.family) and table.name in ruleset.tables \
                    and ruleset.back_end != "legacy":
                yield form, ruleset


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

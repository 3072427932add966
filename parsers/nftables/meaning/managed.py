"""Tables that iptables-nft keeps in nftables: shown twice where its dump was given too, and judged once.

The dump knows matches that nft prints without their options; nft knows sets and ranges that the dump leaves
out. So the dump counts where it can show each rule, else what nft shows. Where the two differ, they are of
two moments, or of both back ends: then both count, and only what both accept is accepted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from aclproof.parsers.edited import Edited
from aclproof.parsers.iptables import forms as dump_forms
from aclproof.parsers.iptables.forms import Form as Dump
from aclproof.parsers.iptables.text.words import Ruleset as DumpRuleset
from aclproof.parsers.nftables import forms
from aclproof.parsers.nftables.forms import Form
from aclproof.parsers.nftables.meaning.same_table import has_native, is_same
from aclproof.parsers.nftables.ruleset import FAMILY_OF, NftTable
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.reason import Reason


def settle(own: Sequence[Form], beside: Sequence[Dump]) -> Set[tuple[str, str]]:
    """Take each table that is shown twice out of the input that shows it worse; return those of the dumps.

    Change scripts decide nothing of that: UnsupportedInputError for one whose change would be lost so.
    """
    kept: set[tuple[str, str]] = set()
    for form in own:
        for key in list(form.ruleset.tables):
            for dump, ruleset in list(_kept_there(form.ruleset.tables[key], beside)):
                table, saved = _table_as_given(form, key), _as_given(dump, ruleset).tables.get(key[1])
                if saved is None or not is_same(saved, table):
                    continue
                if not has_native(saved, table):
                    _refuse(form, key)
                    form.ruleset.tables.pop(key, None)
                    kept.add(key)
                elif ruleset.back_end == "nft":
                    _refuse_dump(ruleset, key)
                    ruleset.tables.pop(key[1])
    return kept


def _table_as_given(form: Form, key: tuple[str, str]) -> NftTable:
    table = form.ruleset.tables[key]
    return forms.read(given(form.source)).ruleset.tables.get(key, table) if form.entered else table


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
            if ruleset.family is FAMILY_OF.get(table.family) and table.name in ruleset.tables \
                    and not ruleset.is_legacy:
                yield form, ruleset

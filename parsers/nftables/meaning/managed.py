"""Tables that iptables-nft keeps in nftables: shown twice where its dump was given too, and judged once.

The dump knows matches that nft prints without their options; nft knows sets and ranges that the dump leaves
out. So the dump counts where it can show each rule, else what nft shows. Where the two differ, they are of two
moments, or of both back ends: then both count, and only what both accept is accepted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclproof.parsers.iptables.forms import Form as Dump
from aclproof.parsers.iptables.text.words import Ruleset as DumpRuleset
from aclproof.parsers.iptables.text.words import Spec, Unread
from aclproof.parsers.iptables.text.words import Table as DumpTable
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.nftables.forms import Form
from aclproof.parsers.nftables.ruleset import NftRule, NftTable, Tree

_FAMILIES = {"ip": Family.V4, "ip6": Family.V6}


def settle(own: Sequence[Form], beside: Sequence[Dump]) -> None:
    """Take each table that is shown twice out of the input that shows it worse."""
    for form in own:
        for key, table in list(form.ruleset.tables.items()):
            for ruleset in list(_kept_there(table, beside)):
                if not _is_same(ruleset.tables[table.name], table):
                    continue
                if not (table.sets or any(map(_is_native, _statements(table)))):
                    form.ruleset.tables.pop(key, None)
                elif ruleset.back_end == "nft":
                    ruleset.tables.pop(table.name)


def is_legacy(ruleset: DumpRuleset) -> bool:
    """Whether a dump is of the older back end: the other one names itself in the first line of a dump."""
    return ruleset.back_end == "legacy" or (ruleset.generated and ruleset.back_end != "nft")


def _kept_there(table: NftTable, beside: Sequence[Dump]) -> Iterator[DumpRuleset]:
    """The rulesets of iptables' nft back end that have the table."""
    for form in beside:
        for ruleset in form.rulesets:
            if ruleset.family is _FAMILIES.get(table.family) and table.name in ruleset.tables \
                    and not is_legacy(ruleset):
                yield ruleset


def _statements(table: NftTable) -> Iterator[Tree]:
    return (statement for chain in table.chains.values() for rule in chain.rules
            for statement in rule.statements)


def _is_same(dump: DumpTable, table: NftTable) -> bool:
    """Whether both show the same rules and policies, as far as both can."""
    policies = {chain.name: chain.base.policy.upper() for chain in table.chains.values() if chain.base}
    if policies != {name: policy for name, (policy, _) in dump.policies.items()}:
        return False
    rules = {chain.name: chain.rules for chain in table.chains.values() if chain.rules}
    return rules.keys() == {name for name, specs in dump.chains.items() if specs} and all(
        len(dump.chains[name]) == len(shown) and all(map(_may_be_same, dump.chains[name], shown))
        for name, shown in rules.items())


def _may_be_same(spec: Spec | Unread, rule: NftRule) -> bool:
    """Whether a rule may be the same in both: what iptables writes without its own extensions is equal."""
    if any(map(_is_native, rule.statements)):
        return True
    if isinstance(spec, Unread):
        return False
    saved, shown = dict(_saved(spec)), dict(_shown(rule))
    if any(isinstance(each, dict) and "xt" in each for each in rule.statements):
        return shown.items() <= saved.items()
    return shown == saved


_OPTIONS = {"source": "saddr", "destination": "daddr", "sport": "sport", "dport": "dport"}
_VERDICTS = {"ACCEPT": "accept", "DROP": "drop", "RETURN": "return"}


def _saved(spec: Spec) -> Iterator[tuple[str, str]]:
    """The addresses, the ports and the verdict of a rule in a dump."""
    for test in spec.tests:
        if test.name in _OPTIONS:
            yield _OPTIONS[test.name], f"{'!' * test.negated}{' '.join(test.values)}".replace(":65535", ":")
    if verdict := _VERDICTS.get(spec.jump.target):
        yield "verdict", verdict


def _shown(rule: NftRule) -> Iterator[tuple[str, str]]:
    """The same of a rule that nft shows."""
    for statement in rule.statements:
        match statement:
            case {"match": {"op": "==" | "!=" as op, "left": {"payload": {"field": str(name)}},
                            "right": right}} if name in _OPTIONS.values():
                yield name, ("!" if op == "!=" else "") + _as_saved(right)
            case {"accept": _}:
                yield "verdict", "accept"
            case {"drop": _}:
                yield "verdict", "drop"
            case {"return": _}:
                yield "verdict", "return"
            case _:
                pass


def _as_saved(value: Tree) -> str:
    """A value as iptables-save writes it."""
    match value:
        case {"prefix": {"addr": str(address), "len": int(length)}}:
            return f"{address}/{length}"
        case {"range": [low, high]}:
            return f"{low}:{high}".replace(":65535", ":")
        case str(text) if ":" in text:
            return f"{text}/128"
        case str(text) if "." in text:
            return f"{text}/32"
        case _:
            return str(value)


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

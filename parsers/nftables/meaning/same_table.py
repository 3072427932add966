"""Whether a dump of iptables and a list of nft show one state of a table that iptables keeps in nftables."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.parsers.iptables.text.words import Spec, Unread
from aclproof.parsers.iptables.text.words import Table as DumpTable
from aclproof.parsers.nftables.ruleset import NftRule, NftTable, Tree


def has_native(dump: DumpTable, table: NftTable) -> bool:
    """Return whether a table holds what iptables could not have written, and its dump does not show.

    Both are of one state: a rule has the same place in each.
    """
    return bool(table.sets) or any(
        _is_native(statement) for chain in table.chains.values() for rule, spec in zip(
            chain.rules, dump.chains.get(chain.name, ()), strict=False)
        if not _is_translated(spec) for statement in rule.statements)


def _is_translated(spec: Spec | Unread) -> bool:
    """Whether iptables' own words say what nft prints as a set or a range."""
    return not isinstance(spec, Unread) and any(each.module in _AS_SETS for each in spec.tests)


_AS_SETS = frozenset({"multiport", "iprange", "addrtype"})
"""Matches that libxtables translates so; from rules of nft iptables-save makes no such words."""


def is_same(dump: DumpTable, table: NftTable) -> bool:
    """Return whether both show the same rules and policies, as far as both can."""
    policies = {chain.name: chain.base.policy.upper() for chain in table.chains.values() if chain.base}
    if policies != {name: policy for name, (policy, _) in dump.policies.items()
                    if policy != "ACCEPT" or name in policies}:  # it names chains that nobody made as well
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
_ORDERED = {"<=": "0:{}", ">=": "{}:", "<": "!{}:", ">": "!0:{}"}
"""How iptables writes ports up to one, from one, and the others."""
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
            case {"match": {"op": "==" | "!=" as op, "right": str(value), "left": {
                    "&": [{"payload": {"field": str(name)}}, str(mask)]}}} if name in _OPTIONS.values():
                yield name, f"{'!' * (op == '!=')}{value}/{mask}"
            case {"match": {"op": "<=" | ">=" | "<" | ">" as op, "right": int(port), "left": {
                    "payload": {"field": "sport" | "dport" as name}}}}:
                yield name, _ORDERED[op].format(port)
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

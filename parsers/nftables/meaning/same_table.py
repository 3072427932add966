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
        _has_native(rule) for chain in table.chains.values() for rule, spec in zip(
            chain.rules, dump.chains.get(chain.name, ()), strict=False) if not _is_translated(spec))


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
    if _has_native(rule):
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
        if test.name in ("icmp-type", "icmpv6-type") and test.values != ("any",):
            yield "type", "!" * test.negated
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
            case {"match": {"op": op, "left": {"payload": {"field": "type"}}}}:
                yield "type", "!" * (op == "!=")
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


def _has_native(rule: NftRule) -> bool:
    """Whether iptables could not have written a rule: it asks nothing twice, and not for all that nft knows.

    Of what it does not know iptables-save leaves out the test, its order or its negation (seen with 1.8.9).
    """
    asked = [text for each in rule.statements if (text := _asked(each))]
    return len(set(asked)) < len(asked) or any(map(_is_native, rule.statements))


def _is_native(statement: Tree) -> bool:
    """Whether iptables could not have written a statement."""
    match statement:
        case {"match": {"left": {"payload": {"field": "saddr" | "daddr"}}, "right": {"range": _}}}:
            return True
        case {"match": {"right": {"set": _}}} | {"vmap": _} | {"set": _} | {"map": _} | {"meter": _}:
            return True
        case {"match": {"left": {"payload": {"protocol": "tcp" | "udp", "field": str(name)}}}} \
                if name not in ("sport", "dport", "flags"):
            return True
        case {"match": {"left": {"payload": {"protocol": "icmp" | "icmpv6", "field": "code"}}}}:
            return True  # xt has its own codes
        case {"match": {"op": "<" | ">" | "<=" | ">=", "left": {"payload": {
                "field": "saddr" | "daddr" | "protocol" | "nexthdr" | "type"}} | {"meta": {
                "key": "l4proto" | "iif" | "iifname" | "oif" | "oifname"}}}}:
            return True
        case {"match": {"right": str(text)}}:
            return text.startswith("@")
        case _:
            return False


def _asked(statement: Tree) -> str:
    """What a test looks at; empty for no test."""
    match statement:
        case {"match": {"left": left}}:
            return repr(left)
        case _:
            return ""

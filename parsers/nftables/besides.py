"""What rules of nftables do and ask that no verdict shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from aclproof.parsers.iptables import besides as of_iptables
from aclproof.parsers.model.besides import NOTHING, Besides
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.nftables.meaning.packets import text_of
from aclproof.parsers.nftables.meaning.statements import is_comment, statement_of
from aclproof.parsers.nftables.permits import tables
from aclproof.parsers.nftables.ruleset import NftRule, NftTable, Tree, walk
from aclproof.parsers.nftables.text.kind import kind
from aclproof.parsers.source import Joined, files_of

_VERDICTS = frozenset("match accept drop return continue jump goto vmap comment last".split())
"""What a rule is about, and what nobody sees."""
_NOTES = frozenset("log counter last".split())
_GO_ON = frozenset("synproxy tproxy".split())
"""They take some of the packets that come to them, and let others go on (nft_synproxy.c, nft_tproxy.c)."""
_UNUSUAL = frozenset("nexthdr frag-off version hdrlength".split())
"""Fields that the first header of whole packets without extension headers has, or may have, alike."""


def by_line(firewall: Firewall) -> Mapping[int, Besides]:
    """Say so of all rules, those of iptables dumps beside as well; what is not here does nothing besides."""
    joined = firewall.source
    dumps = [source for source in files_of(joined) if not kind(source.text)]
    found = dict(of_iptables.by_line(firewall, dumps))
    for _, (table, form) in tables(firewall):
        first = joined.first(form.source) if isinstance(joined, Joined) else 0
        leaving = _with_leaving_members(table)
        for chain in table.chains.values():
            for rule in chain.rules:
                each = _besides(rule, leaving)
                line = first + rule.line
                if each != NOTHING:
                    found[line] = found[line].and_then(each) if line in found else each
    return found


def _with_leaving_members(table: NftTable) -> Collection[str]:
    """Sets whose members leave after some time, so that others come."""
    return {f"@{name}" for name, each in table.sets.items()
            if "timeout" in each.flags or any(element.timeout for element in each.elements)}


def _besides(rule: NftRule, leaving: Collection[str]) -> Besides:
    deeds = tuple(statement for statement in rule.statements if _is_deed(statement))
    kinds = {statement_of(each)[0] for each in deeds}
    return Besides(tuple(map(text_of, deeds)), kinds <= _NOTES,
                   not kinds.isdisjoint(_GO_ON) or any(_is_beyond(each, leaving) for each in rule.statements),
                   "log" in kinds)


def _is_deed(statement: Tree) -> bool:
    kind, body = statement_of(statement)
    if kind == "counter":
        return isinstance(body, str)  # one with a name, which others ask for
    return kind not in _VERDICTS and not is_comment(kind, body)


def _is_beyond(statement: Tree, leaving: Collection[str]) -> bool:
    match statement:
        case {"match": {"op": "==", "left": {"fib": {"result": "type"}}, "right": "local"}}:
            return False
        case _:
            return any(_asks_beyond(each, leaving) for each in walk(statement))


def _asks_beyond(tree: Tree, leaving: Collection[str]) -> bool:
    match tree:
        case str(word):
            return word in leaving
        case {"payload": {"field": str(field)}}:
            return field in _UNUSUAL
        case {"exthdr": _} | {"meta": {"key": "pkttype"}} | {"fib": {"result": "type"}}:
            return True
        case _:
            return False

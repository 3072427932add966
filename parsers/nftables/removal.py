"""Commands that take rules out of a ruleset: nft knows them by their handles."""

from __future__ import annotations

from collections.abc import Sequence

from aclproof.parsers.iptables import removal as of_iptables
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.nftables.permits import tables, word
from aclproof.parsers.nftables.ruleset import NftRule, NftTable
from aclproof.parsers.removals import ByHand, DeadRule, Removals
from aclproof.parsers.source import Joined
from aclproof.reason import Reason

_OWNED = Reason("its table belongs to a program ('flags owner'), and the kernel takes no changes from others")
_NAMELESS = Reason("its chain has no name, but stands in braces in another rule: write that one anew")
_NO_HANDLE = Reason("nft takes rules by their handles, which 'nft -a list ruleset' shows and this input does "
                    "not; in a file of rules leave the line out, and load it anew")


def removals(firewall: Firewall, dead: Sequence[DeadRule]) -> Removals:
    """Return a command for each rule, or why none helps; rules of iptables dumps beside go as there."""
    joined = firewall.source
    by_place: dict[tuple[str, int], str | ByHand] = {}
    shown = list(tables(firewall))
    for (family, name), (table, form) in shown:
        first = joined.first(form.source) if isinstance(joined, Joined) else 0
        for chain in table.chains.values():
            names = " ".join(map(word, (family, name, chain.name)))
            for rule in chain.rules:
                by_place[f"{family} {name} {chain.name}", first + rule.line] = \
                    _why_none(table, chain.name, rule) or f"nft delete rule {names} handle {rule.handle}"
    others = [each for each in dead if (each.chain, each.line) not in by_place]
    of_others = of_iptables.removals(firewall, others)
    by_place |= {(each.chain, each.line): how for each, how in zip(others, of_others.of_rules, strict=True)}
    return Removals(tuple(by_place[each.chain, each.line] for each in dead), of_others.notes)


def _why_none(table: NftTable, chain: str, rule: NftRule) -> ByHand | None:
    if "owner" in table.flags:
        return ByHand(_OWNED)
    if chain.startswith("__chain"):
        return ByHand(_NAMELESS)
    return ByHand(_NO_HANDLE) if rule.handle is None else None

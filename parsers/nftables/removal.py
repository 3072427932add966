"""Commands that take rules out of a ruleset: nft knows them by their handles."""

from __future__ import annotations

from collections.abc import Sequence

from aclproof.parsers.iptables import removal as of_iptables
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.nftables.permits import tables, word
from aclproof.parsers.source import Joined


def commands(firewall: Firewall, places: Sequence[tuple[str, int]]) -> Sequence[str]:
    """Return a command for each rule, by chain and line; empty where no handle is shown, or none helps.

    Rules of iptables dumps beside go by commands of iptables.
    """
    joined = firewall.source
    by_handle: dict[tuple[str, int], str] = {}
    shown = list(tables(firewall))
    for (family, name), (table, form) in shown:
        first = joined.first(form.source) if isinstance(joined, Joined) else 0
        if "owner" in table.flags:
            continue  # the kernel refuses that to all but the program that made it
        for chain in table.chains.values():
            if chain.name.startswith("__chain"):
                continue  # it has no name, but stands in braces
            names = " ".join(map(word, (family, name, chain.name)))
            by_handle |= {(f"{family} {name} {chain.name}", first + rule.line):
                          f"nft delete rule {names} handle {rule.handle}"
                          for rule in chain.rules if rule.handle is not None}
    own = {" ".join(key) for key, _ in shown}
    others = [each for each in places if " ".join(each[0].split(" ")[:2]) not in own]
    of_others = dict(zip(others, of_iptables.commands(firewall, others), strict=True))
    return [of_others.get(each) or by_handle.get(each, "") for each in places]

"""Where the kernel calls the base chains of tables, and which of them are at no hook of IP."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.hook_point import HookPoint
from aclproof.parsers.netfilter.stages import TRANSLATES_DESTINATIONS, TRANSLATES_SOURCES
from aclproof.parsers.nftables.meaning.scope import FAMILIES
from aclproof.parsers.nftables.ruleset import Base, NftChain, NftTable, Tree, walk

_TRACKS = frozenset({"ct", "dnat", "snat", "masquerade", "redirect", "ct helper", "ct count", "flow"})
_OF_IP = frozenset({"prerouting", "input", "forward", "output", "postrouting"})


def point(table: NftTable, chain: NftChain) -> HookPoint | None:
    """Return where a chain is called; None for one that is called by rules only, or at another hook."""
    base = chain.base
    if base is None or base.hook not in _OF_IP or base.priority is None or table.family not in FAMILIES:
        return None
    translates, priority = base.kind == "nat", base.priority
    if translates:
        priority = TRANSLATES_DESTINATIONS if base.hook in ("prerouting", "output") else TRANSLATES_SOURCES
    return HookPoint(base.hook, priority, title(table), f"{title(table)} {chain.name}", translates=translates,
                     rank=base.priority)


def title(table: NftTable) -> str:
    """Name a table for people."""
    return f"{table.family} {table.name}"


def chain_name(table: NftTable, chain: str) -> str:
    """Return the name that a chain has in the model."""
    return f"{table.family} {table.name} {chain}"


def family(table: NftTable) -> Family | None:
    """Return the only family that a table filters; None for both."""
    of = FAMILIES[table.family]
    return of[0] if len(of) == 1 else None


def sees(kind: str) -> Collection[Family]:
    """Return the families whose packets tables of a family can stop."""
    return FAMILIES.get(kind) or ((Family.V4,) if kind == "arp" else tuple(Family))


def elsewhere(table: NftTable) -> Iterator[tuple[NftChain, Base]]:
    """Yield the chains of a table that are called at hooks that are not followed, and what says so."""
    for chain in table.chains.values():
        if chain.base and point(table, chain) is None:
            yield chain, chain.base


def uses_tracking(statements: Tree) -> bool:
    """Return whether statements ask for connections or translate: only then does the kernel track them."""
    return any(isinstance(tree, dict) and not tree.keys().isdisjoint(_TRACKS) for tree in walk(statements))

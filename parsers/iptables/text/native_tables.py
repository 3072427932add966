"""`nft list tables`: which tables nftables has, its own and those that iptables writes to."""

from __future__ import annotations

from typing import NamedTuple

from aclproof.parsers.iptables.text.kinds import NATIVE_TABLE
from aclproof.parsers.iptables.text.words import BUILT_IN
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.notes import State
from aclproof.parsers.source import Source

_OF = {"ip": (Family.V4,), "ip6": (Family.V6,), "arp": (Family.V4,)}
"""Whose packets a family of nftables can stop; the others (inet, bridge, netdev) see both."""


class NativeTable(NamedTuple):
    """One table of nftables."""

    kind: str
    name: str
    line: int

    @property
    def by_iptables(self) -> bool:
        """Whether iptables-nft keeps its rules there, so that iptables-save shows it."""
        return self.kind in ("ip", "ip6") and self.name in BUILT_IN

    @property
    def families(self) -> tuple[Family, ...]:
        """Whose packets it can stop."""
        return _OF.get(self.kind, (Family.V4, Family.V6))


def read(source: Source) -> tuple[list[State], list[NativeTable]]:
    """Read all lines: what became of each, and the tables."""
    states: list[State] = []
    found: list[NativeTable] = []
    for number, text in enumerate(source.lines(), 1):
        table = NATIVE_TABLE.fullmatch(text.lstrip("\ufeff"))
        states.append(State.UNDERSTOOD if table else State.IGNORED)
        if table:
            found.append(NativeTable(table["kind"], table["name"], number))
    return states, found

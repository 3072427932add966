"""The names that chains have in the model: `filter/FORWARD`, `filter/FORWARD (ipv6)`."""

from __future__ import annotations

from typing import NamedTuple


class ChainId(NamedTuple):
    """The parts of a chain's name."""

    table: str
    chain: str
    """As the dump names it; empty for what no dump names."""
    dump: str
    """What distinguishes the chains of one dump from those of another: `(ipv6)`, or nothing."""

    @classmethod
    def of(cls, name: str) -> ChainId:
        """Take a name apart; a blank is in no chain's own name."""
        path, _, dump = name.partition(" ")
        table, _, chain = path.partition("/")
        return cls(table, chain, dump)

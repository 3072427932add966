"""Which rules of a long list can match a packet: found by its addresses, not by going through the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aclproof.parsers.model.addresses import AddressSet, Family
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.rules import Chain, Rule

_LONG = 32
"""Shorter lists are gone through."""
_MOST_LISTS = 1024

_Block = tuple[str, int, int]
"""An end, how many low bits of its address are free, and the others: a network or a host."""


class _Index:
    """The rules of one list, each under a network of one of its ends where it names one; the rest apart."""

    def __init__(self, rules: Sequence[Rule], family: Family) -> None:
        self._rules = rules
        self._anywhere: list[int] = []
        self._within: dict[_Block, list[int]] = {}
        for number, rule in enumerate(rules):
            sides = (("source", rule.sources), ("destination", rule.destinations))
            blocks = [block for end, addresses in sides if (block := _block(end, addresses, family))]
            if blocks:
                self._within.setdefault(min(blocks, key=lambda block: block[1]), []).append(number)
            else:
                self._anywhere.append(number)
        self._sizes = {(end, free) for end, free, _ in self._within}

    def meeting(self, packet: Packet) -> Iterable[Rule]:
        found = list(self._anywhere)
        for end, free in self._sizes:
            address = packet.source if end == "source" else packet.destination
            found += self._within.get((end, free, address >> free), ())
        return (self._rules[number] for number in sorted(found))


def _block(end: str, addresses: AddressSet, family: Family) -> _Block | None:
    """The network that an end is, if it is just one."""
    ranges = addresses.of(family).ranges
    if len(ranges) != 1:
        return None
    (low, high), = ranges
    free = (high - low).bit_length()
    return (end, free, low >> free) if high - low + 1 == 1 << free and low >> free == high >> free else None


_INDEXES: dict[tuple[int, Family], tuple[Chain, _Index]] = {}
"""By the identity of the list, which is kept."""


def rules_for(chain: Chain, packet: Packet) -> Iterable[Rule]:
    """Return the rules of a list in order, at least all those whose addresses match a packet."""
    if len(chain.rules) < _LONG:
        return chain.rules
    key = id(chain), packet.family
    if key not in _INDEXES:
        if len(_INDEXES) >= _MOST_LISTS:
            _INDEXES.clear()
        _INDEXES[key] = chain, _Index(chain.rules, packet.family)
    return _INDEXES[key][1].meeting(packet)

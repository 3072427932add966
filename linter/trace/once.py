"""What every packet asks of a firewall, worked out once for all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from msgspec.structs import replace

from aclproof import parsers
from aclproof.parsers.model.addresses import AddressSet, Family
from aclproof.parsers.model.firewall import Firewall, Transit
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.rules import Stage

_MOST = 1024
"""Firewalls of which something is kept."""

T = TypeVar("T")


def by_firewall(make: Callable[[Firewall], T]) -> Callable[[Firewall], T]:
    """Work something out once for each firewall, by its identity."""
    kept: dict[int, tuple[Firewall, T]] = {}

    def found(firewall: Firewall) -> T:
        known = kept.get(id(firewall))
        if known is None:
            if len(kept) >= _MOST:
                kept.clear()
            known = kept[id(firewall)] = firewall, make(firewall)
        return known[1]

    return found


@by_firewall
def own_addresses(firewall: Firewall) -> AddressSet:
    """Return the addresses of a firewall's own interfaces."""
    return AddressSet(*(IntervalSet.union(each.addresses.of(family) for each in firewall.interfaces)
                        for family in (Family.V4, Family.V6)))


def stages(firewall: Firewall, transit: Transit) -> tuple[Stage, ...]:
    """Return the filters that a packet passes, as `parsers.stages` does."""
    met = transit.met
    if met and met.destination and met.destination.refuses:  # no line that is kept
        return parsers.stages(firewall, transit)
    lines = (id(met.destination), id(met.source), id(met.answer)) if met else ()
    key = replace(transit, met=None), lines
    known = _stages(firewall)
    found = known.get(key)
    if found is None:
        found = known[key] = parsers.stages(firewall, transit)
    return found


@by_firewall
def _stages(firewall: Firewall) -> dict[tuple[Transit, tuple[int, ...]], tuple[Stage, ...]]:
    """By the way, and the identity of the lines that translate, which the firewall keeps."""
    return {}

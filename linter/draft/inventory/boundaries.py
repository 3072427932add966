"""The addresses of boundaries, as far as their values tell them, and which groups share some."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from aclproof.linter.draft.inventory.inventory import Boundary, BoundaryKind, Group
from aclproof.linter.draft.stated import Line
from aclproof.linter.questions import FILL_IN
from aclproof.linter.site.disjoint_addresses import DisjointAddresses
from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import NOWHERE, AddressSet, Family, spell_all
from aclproof.reason import Reason

_FOUR_GROUPS = re.compile(r"[0-9A-Fa-f]{1,4}(:[0-9A-Fa-f]{1,4}){3}")
"""A prefix as the product shows it: its 64 bits, and no length."""
_UNTOLD = {
    BoundaryKind.SUBNET: Reason("an IP subnet, kept without its mask: write it with the length of its "
                                "prefix"),
    BoundaryKind.DIRECTORY_SITE: Reason("an Active Directory site: write its subnets, which "
                                        "'Get-ADReplicationSubnet -Filter *' lists"),
    BoundaryKind.PREFIX: Reason("an IPv6 prefix without its length: write it"),
    BoundaryKind.RANGE: Reason("no range of addresses: write it"),
    BoundaryKind.VPN: Reason("a VPN: write the addresses that it gives its clients")}


def lines(boundaries: Sequence[Boundary]) -> Iterator[Line]:
    """Yield each address of a group once, and a gap for what a boundary does not tell."""
    covered = DisjointAddresses()
    for boundary in boundaries:
        known, untold = addresses_of(boundary)
        if untold:
            yield Line(FILL_IN, Reason("{boundary} is {untold}", boundary=_named(boundary), untold=untold))
        elif not covered.overlaps(known):
            covered.add(known)
            yield from (Line(text, _named(boundary)) for text in spell_all(known))
        else:
            before = boundaries[:boundaries.index(boundary)]
            left = known - addresses.join(addresses_of(each)[0] for each in before)
            covered.add(left)
            remark = _overlap(boundary, left, next(each for each in before if addresses_of(each)[0] & known))
            yield from (Line(text, remark) for text in spell_all(left) or [""])
    if not boundaries:
        yield Line(FILL_IN, Reason("the group has no boundaries: write the addresses of its clients, or "
                                   "delete this file"))


def _overlap(boundary: Boundary, left: AddressSet, other: Boundary) -> str:
    if left:
        return Reason("{boundary}: what {other} leaves of {value}", boundary=_named(boundary),
                      value=boundary.value, other=_named(other))
    return Reason("{boundary}: {value} is in {other}", boundary=_named(boundary), value=boundary.value,
                  other=_named(other))


def addresses_of(boundary: Boundary) -> tuple[AddressSet, str]:
    """Return the addresses of a boundary; where its value does not tell them, what it is instead."""
    if boundary.kind is None:
        return NOWHERE, Reason("of a kind that is not known here ({number}): write its addresses",
                               number=boundary.kind_number)
    text = boundary.value
    if boundary.kind is BoundaryKind.PREFIX and _FOUR_GROUPS.fullmatch(text):
        text = f"{text}::/64"
    form = "-" if boundary.kind is BoundaryKind.RANGE else "/"
    try:
        if form in text and boundary.kind not in (BoundaryKind.DIRECTORY_SITE, BoundaryKind.VPN):
            return addresses.parse(text), ""
    except ValueError:
        pass
    return NOWHERE, _UNTOLD[boundary.kind]


def sharing(groups: Sequence[Group]) -> dict[int, list[Group]]:
    """Return for each group, by its number, the others with clients in common: in these both are in force."""
    found: dict[int, dict[int, Group]] = {each.number: {} for each in groups}
    for one, other in _pairs(groups):
        if one.number != other.number:
            found[one.number][other.number] = other
            found[other.number][one.number] = one
    return {number: list(others.values()) for number, others in found.items()}


def _pairs(groups: Sequence[Group]) -> Iterator[tuple[Group, Group]]:
    same: dict[int, list[Group]] = {}
    for group in groups:
        for boundary in group.boundaries:
            same.setdefault(boundary.number, []).append(group)
    for sharers in same.values():
        yield from combinations(sharers, 2)
    for family in Family:
        yield from _overlaps(sorted(
            ((low, high, number) for number, group in enumerate(groups) for boundary in group.boundaries
             for low, high in addresses_of(boundary)[0].of(family).ranges)), groups)


def _overlaps(ranges: Sequence[tuple[int, int, int]],
              groups: Sequence[Group]) -> Iterator[tuple[Group, Group]]:
    """Pairs of groups whose ranges overlap, from ranges in order: only those that reach on are looked at."""
    reaching: dict[int, int] = {}
    for low, high, number in ranges:
        reaching = {group: end for group, end in reaching.items() if end >= low}
        yield from ((groups[group], groups[number]) for group in reaching if group != number)
        reaching[number] = max(high, reaching.get(number, -1))


def _named(boundary: Boundary) -> str:
    return Reason("boundary {name!r} ({place})", name=boundary.name, place=boundary.place)

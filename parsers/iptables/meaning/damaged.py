"""The packets that pass what can be read of a rule that as a whole cannot be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from aclproof.parsers.iptables.ipset.read import IpSet
from aclproof.parsers.iptables.meaning import matches
from aclproof.parsers.iptables.meaning.matches import Meaning
from aclproof.parsers.iptables.text.words import RuleError, Spec, Test
from aclproof.parsers.model.addresses import Family


def readable(tests: Sequence[Test], family: Family, sets: Mapping[str, IpSet]) -> Meaning:
    """Read what can be read of a rule that as a whole cannot: of a match with an odd test, nothing."""
    kept: list[Test] = []
    for module, group in groupby(tests, key=lambda test: test.module):
        together = list(group)
        for part in [together] if module else [[test] for test in together]:
            try:
                matches.understand(Spec(0, tuple(part)), family, sets)
            except RuleError:
                continue
            kept += part
    return matches.understand(Spec(0, tuple(kept)), family, sets)


def within(narrow: Meaning, broad: Meaning) -> bool:
    """Return whether one product of packets lies in another; False where either is several."""
    if len(narrow.packets) != 1 or len(broad.packets) != 1 or narrow.asides or broad.asides:
        return False
    mine_whole, theirs_whole = narrow.packets[0], broad.packets[0]
    ones, others = mine_whole.products(), theirs_whole.products()
    if len(ones) != 1 or len(others) != 1 or set(theirs_whole.conditions) - set(mine_whole.conditions):
        return False
    one, other = ones[0], others[0]
    return one[0] <= other[0] and one[1] <= other[1] and all(
        any(mine.protocols <= theirs.protocols and mine.source_ports <= theirs.source_ports
            and mine.destination_ports <= theirs.destination_ports for theirs in other[2]) for mine in one[2])

"""The packets that pass what can be read of a rule that as a whole cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from aclproof.parsers.iptables.ipset.packets import KnownSets
from aclproof.parsers.iptables.meaning import matches
from aclproof.parsers.iptables.meaning.matches import Meaning
from aclproof.parsers.iptables.text import names
from aclproof.parsers.iptables.text.words import Criteria, RuleError, Spec, Test
from aclproof.parsers.model.addresses import Family


def readable(tests: Sequence[Test], family: Family, sets: KnownSets) -> Meaning:
    """Read what can be read of a rule that as a whole cannot: of a match with an odd test, nothing."""
    kept: list[Test] = []
    for module, group in groupby(tests, key=lambda test: test.module):
        together = list(group)
        for part in [together] if module else [[test] for test in together]:
            try:
                matches.understand(Criteria(tuple(part)), family, sets)
            except RuleError:
                continue
            kept += part
    return matches.understand(Criteria(tuple(kept)), family, sets)


def never(tests: Sequence[Test]) -> str:
    """Why no packet passes the tests, where one is for ports of a reversed range; empty where none is.

    The kernel compares a port with both ends (net/netfilter/xt_tcpudp.c); old versions of iptables loaded it.
    """
    for test in tests:
        if test.module in _WITH_PORTS and test.name in ("sport", "dport") and not test.negated:
            try:
                names.ports(" ".join(test.values))
            except names.ReversedError as error:
                return str(error)
            except RuleError:
                continue
    return ""


_WITH_PORTS = frozenset(("tcp", "udp"))


def different(readings: Sequence[Spec]) -> list[Spec]:
    """Return one of each of the readings that differ in more than a comment."""
    found: dict[Spec, Spec] = {}
    for each in readings:
        tests = tuple(test for test in each.tests if test.module != "comment")
        found.setdefault(Spec(each.line, Criteria(tests), each.jump), each)
    return list(found.values())


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

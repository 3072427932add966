"""What the tests of a rule mean: sets of packets where they are known, open conditions where not.

What a match means follows iptables-extensions(8) and the kernel's sources; the traps are those that a live
kernel showed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from aclproof.parsers.iptables.ipset.packets import KnownSets
from aclproof.parsers.iptables.meaning import (
    connection_matches,
    header_matches,
    history_matches,
    way_matches,
)
from aclproof.parsers.iptables.meaning.matched import Matched, Reader, doubted, usual_answer
from aclproof.parsers.iptables.text.known_matches import MATCHES
from aclproof.parsers.iptables.text.words import Criteria, RuleError, Test
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.conditions import Condition, Opaque
from aclproof.parsers.model.effects import Effect, SetMark
from aclproof.parsers.model.rules import Action
from aclproof.reason import Reason

READERS: Mapping[str, Reader] = {**header_matches.READERS, **connection_matches.READERS,
                                 **way_matches.READERS,
                                 **history_matches.READERS}
"""The matches whose meaning is known; every other is an open condition."""


class Aside(NamedTuple):
    """What a match may do by itself to the packets that pass the tests before it, whatever the target."""

    packets: Sequence[Matched]
    action: Action
    doubt: Condition
    effect: Effect | None = None


class Meaning(NamedTuple):
    """The packets that a rule matches, as alternatives, and what its matches do besides."""

    packets: Sequence[Matched]
    asides: Sequence[Aside]


class Alone(dict[tuple[str, tuple[Test, ...]], Sequence[Matched]]):
    """What each match says by itself: read when it is first looked up, and not to be changed."""

    def __init__(self, family: Family, sets: KnownSets) -> None:
        super().__init__()
        self.family, self.sets = family, sets

    def __missing__(self, match: tuple[str, tuple[Test, ...]]) -> Sequence[Matched]:
        module, tests = match
        if module and module not in MATCHES:
            raise RuleError(Reason("'{module}' is no match that is known", module=module))
        packets, read = Matched(self.family, self.sets), READERS.get(module)
        found = list(read(packets, tests)) if read else [packets.copy(
            doubted(tests, module, usual=usual_answer(tests, module)))]
        self[match] = found
        return found


def understand(criteria: Criteria, family: Family, sets: KnownSets) -> Meaning:
    """Read all tests of a rule; RuleError when one of them is no test, or not known."""
    return together(criteria, Alone(family, sets))


def together(criteria: Criteria, alone: Alone) -> Meaning:
    """Do the same, reading once what criteria have in common with others."""
    packets = alone["", tuple([test for test in criteria.tests if not test.module])]
    asides: list[Aside] = []
    for module, tests in _in_order(criteria):
        parts = alone[module, tests]
        asides += _asides(module, tests, packets)
        packets = [each.both(part) for each in packets for part in parts]
    return Meaning(packets, asides)


def _in_order(criteria: Criteria) -> Iterable[tuple[str, tuple[Test, ...]]]:
    """The matches as the kernel asks them: after what every rule knows, in the order in which they were
    named."""
    if criteria.matches:
        return criteria.matches
    loaded = groupby((test for test in criteria.tests if test.module), key=lambda test: test.module)
    return [(module, tuple(tests)) for module, tests in loaded]


def _asides(module: str, tests: Sequence[Test], packets: Sequence[Matched]) -> Iterable[Aside]:
    row = MATCHES.get(module)
    if row and row.drops:
        because = Reason("whether {match} itself drops packets, which it does when it has no room for "
                         "another "
                         "entry", match=module)
        yield Aside(packets, Action.DENY, Opaque(f"{module} drops packets", because, usual=False,
                                                 relied_on=module in _ONLY_WITHOUT_MEMORY))
    if row and row.sets_mark and any(test.name == row.sets_mark for test in tests):
        yield Aside(packets, Action.CONTINUE, doubted(tests, module), SetMark("packet", 0, 0, known=False))


_ONLY_WITHOUT_MEMORY = frozenset({"recent"})
"""Matches that fail so only where the kernel is out of memory (xt_recent.c), when nothing else works
either."""

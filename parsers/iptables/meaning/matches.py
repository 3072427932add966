"""What the tests of a rule mean: sets of packets where they are known, open conditions where not.

What a match means follows iptables-extensions(8) and the kernel's sources; the traps are those that a live
kernel showed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from aclproof.parsers.iptables.ipset.packets import KnownSets
from aclproof.parsers.iptables.meaning import (
    connection_matches,
    header_matches,
    history_matches,
    way_matches,
)
from aclproof.parsers.iptables.meaning.matched import Matched, Reader, doubted
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


def understand(criteria: Criteria, family: Family, sets: KnownSets) -> Meaning:
    """Read all tests of a rule; RuleError when one of them is no test, or not known."""
    packets: list[Matched] = [Matched(family, sets)]
    asides: list[Aside] = []
    for module, tests in _in_order(criteria):
        if module and module not in MATCHES:
            raise RuleError(Reason("'{module}' is no match that is known", module=module))
        asides += _asides(module, tests, packets)
        read = READERS.get(module)
        if read:
            known = [each.copy() for each in packets] if asides else packets  # asides keep theirs
            packets = [part for each in known for part in read(each, tests)]
        else:
            packets = [each.copy(doubted(tests, module)) for each in packets]
    return Meaning(packets, asides)


def _in_order(criteria: Criteria) -> Iterator[tuple[str, Sequence[Test]]]:
    """The matches as the kernel asks them: what every rule knows, then in the order in which they were
    named."""
    yield "", [test for test in criteria.tests if not test.module]
    if criteria.matches:
        yield from criteria.matches
        return
    for module, tests in groupby((test for test in criteria.tests if test.module),
                                 key=lambda test: test.module):
        yield module, list(tests)


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

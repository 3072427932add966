"""Which line of a translation table decides one end of packets, and what it makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from aclproof.linter.engine import changes
from aclproof.linter.engine.changes import Rewriting
from aclproof.linter.engine.evaluate import evaluate
from aclproof.linter.engine.overlaps import Overlaps
from aclproof.parsers.model.addresses import NOWHERE, Family
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.effects import End
from aclproof.parsers.model.firewall import Firewall, Translation
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import DENY_REST, Action, Rule, Stage

_TABLE = Stage("translation", ("table",), DENY_REST)


class NatMatch(Struct, frozen=True):
    """Packets, and the line that decides what one end of them becomes; None where no line does."""

    box: Box
    by: Translation | None = None

    @property
    def rewriting(self) -> Rewriting | None:
        """What the line makes of them, where it does anything that is known."""
        if self.by is None or self.by.effect is None or self.by.because:
            return None
        return changes.rewriting(self.by.effect, self.box, IntervalSet())

    @property
    def after(self) -> Box:
        """The packets after the translation, as far as that is known."""
        rewriting = self.rewriting
        return rewriting.after if rewriting else self.box

    @property
    def may_change(self) -> bool:
        """Whether the line changes the packets, or may."""
        return self.rewriting is not None or (self.by is not None and bool(self.by.because))


def first_nat_matches(firewall: Firewall, end: End, box: Box, entry: str, leave: str | None = None, *,
                      answers: bool = False) -> Iterator[NatMatch]:
    """Cut packets by the first line that matches; with `leave` None, lines for every way out count.

    Only for `answers`, packets that answer a connection, count lines that no new connection meets.
    """
    lines: dict[int, Translation] = {}
    wanted = box.sources if end == "source" else box.destinations
    for number in _by_address(firewall.translations, end, box.family).meeting(wanted):
        line = firewall.translations[number]
        leaves_there = leave is None or line.leave in (None, leave)
        met = answers or end == "destination" or line.opened_by != "others"
        if line.entry in (None, entry) and leaves_there and met:
            lines[number] = line
    if not lines:
        yield NatMatch(box)
        return
    rules = [Rule(Action.PERMIT, line.sources, line.destinations, line.services, number)
             for number, line in lines.items()]
    outcome = evaluate([_TABLE], {"table": rules}, box, Context())
    for part in outcome.permits:
        assert isinstance(part.by, Rule)
        for matched in part.boxes:
            yield NatMatch(matched, lines[part.by.line])
    for unmatched in outcome.denied:
        yield NatMatch(unmatched)


_MOST_TABLES = 32
_BY_ADDRESS: dict[tuple[int, End, Family], tuple[Sequence[Translation], Overlaps]] = {}
"""The lines of a table by the addresses that they rewrite: by the identity of the table, which is kept."""


def _by_address(table: Sequence[Translation], end: End, family: Family) -> Overlaps:
    key = id(table), end, family
    if key not in _BY_ADDRESS:
        if len(_BY_ADDRESS) >= _MOST_TABLES:
            _BY_ADDRESS.clear()
        ends = ((line.sources if end == "source" else line.destinations) if line.end == end else NOWHERE
                for line in table)
        _BY_ADDRESS[key] = table, Overlaps(each.of(family) for each in ends)
    return _BY_ADDRESS[key][1]

"""What a rule does and asks that no verdict shows: two rules may let the same packets through, and differ."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from msgspec import Struct


class Besides(Struct, frozen=True):
    """What a line does besides letting packets through or stopping them, and what it asks of unusual ones."""

    deeds: Hashable = ()
    """It logs, answers, counts, marks, remembers: alike for rules that do the same, false for nothing."""
    only_notes: bool = False
    """Whether nothing that it does can change an answer to a later test."""
    beyond: bool = False
    """Whether it asks for what is taken for granted elsewhere: that packets go to one host, are whole and
    have no extension headers, that members of a set stay. Or it lets some go on that it seems to take."""
    logs: bool = False
    """Whether what it matches leaves a line in a log before anything becomes of it."""

    def and_then(self, other: Besides) -> Besides:
        """Return what two rules of one line do and ask."""
        deeds = (self.deeds, other.deeds) if self.deeds and other.deeds else self.deeds or other.deeds
        return Besides(deeds, self.only_notes and other.only_notes, self.beyond or other.beyond,
                       self.logs or other.logs)


NOTHING = Besides()

ByLine = Callable[[int], Besides]

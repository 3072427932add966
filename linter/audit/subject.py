"""What a check of an audit looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cached_property

from msgspec import Struct

from aclproof.linter.observation import CheckId, Observation
from aclproof.linter.program import Analysis
from aclproof.parsers.model.definitions import Definition
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.notes import Span
from aclproof.parsers.vendor import door


class Alone(Struct, frozen=True, dict=True):
    """One firewall, whatever site it is of: what is found there is the same at every site that has it."""

    name: str
    firewall: Firewall
    """As it was read."""
    day: date

    @cached_property
    def definitions(self) -> Sequence[Definition]:
        """What its lines may name."""
        return tuple(door(self.firewall.vendor).definitions(self.firewall))

    def named(self, check: CheckId, span: Span) -> Observation:
        """Make an observation of one of its lines of which nothing else is to be said."""
        return Observation(check, self.name, span)


class Subject(Alone, frozen=True):
    """One firewall of a site."""

    site: Analysis


CheckAlone = Callable[[Alone], Iterator[Observation | Span]]
"""Yields the lines that it names, and bare those of which it would take too long to tell."""
Check = Callable[[Subject], Iterator[Observation]]
"""Yields the lines that it names, and looks at the site."""

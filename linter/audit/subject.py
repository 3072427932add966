"""What a check of an audit looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from msgspec import Struct

from aclproof.linter.observation import CheckId, Observation
from aclproof.linter.program import Analysis
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.notes import Span


class Alone(Struct, frozen=True):
    """One firewall, whatever site it is of: what is found there is the same at every site that has it."""

    name: str
    firewall: Firewall
    """As it was read."""
    day: date

    def named(self, check: CheckId, span: Span) -> Observation:
        """Make an observation of one of its lines of which nothing else is to be said."""
        return Observation(check, self.name, span)


class Subject(Alone, frozen=True):
    """One firewall of a site."""

    site: Analysis


CheckAlone = Callable[[Alone], Iterator[Observation]]
"""Yields the lines that it names."""
Check = Callable[[Subject], Iterator[Observation]]
"""As well, and looks at the site."""

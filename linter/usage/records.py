"""What is said of a line that requirements hang on: pure data, for the reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from aclproof.linter.result import Line, Verdict
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.notes import Span
from aclproof.reason import Reason

Role = Literal["permits", "translates", "leads"]
"""What a line does for packets of a requirement: it lets them pass, changes an end of them, or does neither
and they do not pass without it (a jump, a mark, an exception)."""
Share = Literal["all", "part", "none", "not-tried"]
"""How much of a requirement does not pass without the line: `none` where other lines do its work."""


class Dependent(Struct, frozen=True):
    """A requirement that hangs on a line."""

    requirement: str
    methods: tuple[str, ...]
    verdict: Verdict
    """Of the site as it is."""
    roles: tuple[Role, ...]
    share: Share
    """Of a requirement that is not met: of what this firewall lets pass of it."""


class LineUse(Struct, frozen=True):
    """A line, and what hangs on it."""

    line: Line
    dependents: tuple[Dependent, ...]
    not_tried: str = ""
    """Why the site was not proven without it; empty where it was."""
    any_any: bool = False
    """Whether it permits everything from everywhere to everywhere."""

    def of_share(self, *shares: Share) -> tuple[Dependent, ...]:
        """Return the requirements of which so much hangs on it."""
        return tuple(each for each in self.dependents if each.share in shares)

    @property
    def only_any_any(self) -> tuple[Dependent, ...]:
        """The requirements that nothing narrower than everything permits."""
        return self.of_share("all", "part") if self.any_any else ()


class FirewallUsage(Struct, frozen=True):
    """What hangs on the lines of one firewall."""

    name: str
    firewall: Firewall
    lines: tuple[LineUse, ...]
    """In the order of the file."""
    idle: Sequence[Span]
    """The other lines of rules and translations: no requirement of the site hangs on them."""
    idle_permits: int
    """How many of these let packets pass."""
    untried: Sequence[Span]
    """Lines that steer packets of requirements, of which it was not tried what would be without them."""


class Usage(Struct, frozen=True):
    """What hangs on the lines of the firewalls of a site."""

    site: str
    firewalls: tuple[FirewallUsage, ...]

    @property
    def complete(self) -> bool:
        """Whether every line could be tried, and every line that could decide was read."""
        return not any(each.untried or any(note.decides for note in each.firewall.notes)
                       or any(line.not_tried and line.line.kind == "rule" for line in each.lines)
                       for each in self.firewalls)


LIMIT = Reason("more lines carry requirements than are tried in one run; name fewer configurations")
"""Why a line is not tried that comes after many."""

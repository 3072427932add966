"""What a check found, one thing after the other: every report that lists findings lists these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from aclproof.linter.gap import KNOWN
from aclproof.linter.result import DemandResult, Line, Missing, Result, Undecided, Verdict
from aclproof.linter.verdict.fingerprint import fingerprints
from aclproof.linter.waiver import Waiver
from aclproof.parsers.model.notes import Span


class Finding(Struct, frozen=True):
    """Packets of one requirement that one line stops, or that are not proven to pass."""

    demand: DemandResult
    part: Missing | Undecided
    fingerprint: str
    span: Span
    """Where to look: the line that decides; without one the beginning of the firewall's configuration, or of
    the site file."""
    fix: tuple[str, ...] = ()
    """Verified lines for this firewall that open what is missing of the requirement."""

    @property
    def verdict(self) -> Verdict:
        """MISSING or UNDECIDED: what was proven of these packets."""
        return Verdict.MISSING if isinstance(self.part, Missing) else Verdict.UNDECIDED

    @property
    def line(self) -> Line | None:
        """The line that stops the packets or leaves them open, where there is one."""
        return self.part.blocked_by if isinstance(self.part, Missing) else self.part.line

    @property
    def firewall(self) -> str:
        """The firewall that stops them or leaves them open; empty where it is none of the site's."""
        return self.part.blocked_by.firewall if isinstance(self.part, Missing) else self.part.firewall

    @property
    def waiver(self) -> Waiver | None:
        """Who answers for it."""
        return self.demand.waiver

    @property
    def known(self) -> bool:
        """Whether a baseline has all of it."""
        return self.part.baseline in KNOWN

    @property
    def tolerated(self) -> bool:
        """Whether it is waived or known."""
        return self.waiver is not None or self.known

    @property
    def status(self) -> str:
        """The verdict as reports head it: `waived`, `known`, else what was proven."""
        return "waived" if self.waiver else "known" if self.known else self.verdict.value

    @property
    def rank(self) -> tuple[bool, bool, bool]:
        """Sort key, worst first: not tolerated, an error of the requirement, missing."""
        return self.tolerated, self.demand.is_warning, self.verdict is Verdict.UNDECIDED


def findings(result: Result) -> tuple[Finding, ...]:
    """Return all findings in the result's order: requirement by requirement, what is missing first."""
    parts = list(_parts(result))
    names = fingerprints((demand.requirement, part) for demand, part in parts)
    return tuple(Finding(demand, part, name, _span(result, part), _fix(result, demand, part))
                 for (demand, part), name in zip(parts, names, strict=True))


def worst_first(found: Iterable[Finding]) -> list[Finding]:
    """Return the findings with the worst ones first; equal ones keep their order."""
    return sorted(found, key=lambda each: each.rank)


def _parts(result: Result) -> Iterator[tuple[DemandResult, Missing | Undecided]]:
    for demand in result.demands:
        yield from ((demand, part) for part in demand.missing)
        yield from ((demand, part) for part in demand.undecided)


def _span(result: Result, part: Missing | Undecided) -> Span:
    if isinstance(part, Missing):
        return part.blocked_by.span
    return part.line.span if part.line else Span(_file(result, part.firewall), 1, 1, "")


def _file(result: Result, firewall: str) -> str:
    """The file of something that no line decides: of its firewall, else the site file, else any input."""
    of_firewall = [read.path for read in result.inputs if read.name == firewall]
    if of_firewall:
        return of_firewall[0]
    return result.scope.site_file or result.inputs[0].path


def _fix(result: Result, demand: DemandResult, part: Missing | Undecided) -> tuple[str, ...]:
    if isinstance(part, Undecided):
        return ()
    lines: list[str] = []
    for fix in result.fixes or ():
        if fix.firewall == part.blocked_by.firewall and demand.requirement.id in fix.requirements:
            lines += fix.lines
    return tuple(lines)

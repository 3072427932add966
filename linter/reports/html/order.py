"""The order of the audit report: what decides comes first."""

from __future__ import annotations

from fractions import Fraction

from aclproof.linter.basis import Input
from aclproof.linter.result import DemandResult, Hop, Result, Verdict
from aclproof.parsers.model.notes import Note

_RANK = {"missing": 0, "undecided": 1, "waived": 2}


def applicable(result: Result) -> tuple[DemandResult, ...]:
    """Return the requirements that this site has, in the pack's order."""
    return tuple(each for each in result.demands if each.verdict is not Verdict.NOT_APPLICABLE)


def findings(result: Result) -> tuple[DemandResult, ...]:
    """Return all that is not met, worst first: missing, then undecided, then waived."""
    unmet = [each for each in applicable(result) if each.verdict is not Verdict.MET]
    return tuple(sorted(unmet, key=_harm))


def _harm(each: DemandResult) -> tuple[bool, int, Fraction]:
    passing = Fraction(each.coverage.permitted, each.coverage.required or 1)
    return each.is_warning, _RANK[each.status], passing


def firewalls(result: Result) -> tuple[str, ...]:
    """Return every firewall of the site, in its order."""
    return tuple(dict.fromkeys(each.name for each in result.inputs))


def hop_at(each: DemandResult, firewall: str) -> Hop | None:
    """Return what a firewall does with a requirement, None where it is not on its path."""
    return next((hop for hop in each.hops if hop.firewall == firewall), None)


def decisive(result: Result) -> tuple[tuple[Input, Note], ...]:
    """Return the lines that could change a verdict and were not understood."""
    return tuple((each, note) for each in result.inputs for note in each.notes if note.decides)

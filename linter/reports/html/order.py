"""The order of the audit report: what decides comes first."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby

from aclproof.linter.result import DemandResult, Hop, Result, Verdict
from aclproof.parsers.model.notes import Note

_RANK = {"missing": 0, "undecided": 1, "waived": 2, "known": 3}


def applicable(result: Result) -> tuple[DemandResult, ...]:
    """Return the requirements that this site has, in the pack's order."""
    return tuple(each for each in result.demands if each.verdict is not Verdict.NOT_APPLICABLE)


def findings(result: Result) -> tuple[DemandResult, ...]:
    """Return all that is not met, worst first: missing, then undecided, then waived, then known."""
    unmet = [each for each in applicable(result) if each.verdict is not Verdict.MET]
    return tuple(sorted(unmet, key=_harm))


def _harm(each: DemandResult) -> tuple[bool, int, Fraction]:
    passing = Fraction(each.coverage.permitted, each.coverage.required or 1)
    return each.is_warning, _RANK[each.status], passing


def firewalls(result: Result) -> tuple[str, ...]:
    """Return every firewall of the site, in its order."""
    return tuple(dict.fromkeys(each.name for each in result.inputs))


def makes(result: Result) -> list[tuple[str, list[str]]]:
    """Return the firewalls in the order of the site, neighbours of one version or vendor together."""
    first = {read.name: read for read in reversed(result.inputs)}
    same = groupby(firewalls(result), key=lambda name: first[name].version or first[name].vendor)
    return [(make, [*names]) for make, names in same]


def hops_at(each: DemandResult, firewalls: Sequence[str]) -> list[Hop | None]:
    """Return what each of these firewalls does with a requirement, None where it is not on its path."""
    known = {hop.firewall: hop for hop in each.hops}
    return [known.get(name) for name in firewalls]


def notes(result: Result) -> list[Note]:
    """Return the lines with a remark, those that could change a verdict first."""
    return sorted((note for each in result.inputs for note in each.notes),
                  key=lambda note: not note.decides)


def decisive(result: Result) -> list[Note]:
    """Return the lines that could change a verdict and were not understood."""
    return [note for note in notes(result) if note.decides]

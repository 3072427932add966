"""What decides: what the pack only warns of is told, and counts for no method and no exit code."""

from __future__ import annotations

from aclproof.linter.result import DemandResult, MethodResult, Result, Verdict


def ends_with(result: Result, verdict: Verdict) -> bool:
    """Whether a demand ended so that is neither tolerated nor only warned of."""
    return any(each.verdict is verdict and each.unproven and not each.is_warning for each in result.demands)


def warnings(result: Result, method: MethodResult | None = None) -> tuple[DemandResult, ...]:
    """The demands, of a method or of all, that are not proven, not tolerated, and only warned of."""
    return tuple(each for each in result.demands if each.unproven and each.is_warning
                 and (method is None or each.requirement.id in method.requirements))

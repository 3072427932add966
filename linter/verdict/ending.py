"""How a check of a site ends, of which the exit code is made."""

from __future__ import annotations

from enum import Enum

from aclproof.linter.result import MethodResult, MethodVerdict, Result, Verdict
from aclproof.linter.verdict import severity


class Ending(Enum):
    """How a check ended."""

    PROVEN = "proven"
    """Everything that was selected."""
    UNPROVEN = "unproven"
    """Nothing is missing, but not everything is proven."""
    MISSING = "missing"
    """Something is, or a device contradicts its configuration."""
    DISPUTED = "disputed"
    """The two judges of this program disagree on a packet: that is its own fault."""


def ending(result: Result, require: str = "all") -> Ending:
    """Return how a check ended: something missing beats something unproven, a fault of ours beats both.

    What is tolerated or only warned of is neither. With `any` one method that works is enough. A device
    that contradicts its configuration is as bad as something missing, and so is one that drops a packet of
    which the configurations leave that open.
    """
    if result.agreement and result.agreement.disagreements:
        return Ending.DISPUTED
    undecided = [each.requirement.id for each in result.demands if each.verdict is Verdict.UNDECIDED]
    if result.testimony and (result.testimony.of("contradicted") or result.testimony.drops(undecided)):
        return Ending.MISSING
    if require == "any" and any(_works_but_for_tolerated(result, each) for each in result.methods):
        return Ending.PROVEN
    if severity.ends_with(result, Verdict.MISSING):
        return Ending.MISSING
    assessed = [each for each in result.methods if each.verdict is not MethodVerdict.NOT_ASSESSED]
    if severity.ends_with(result, Verdict.UNDECIDED) or not assessed:
        return Ending.UNPROVEN
    return Ending.PROVEN


def _works_but_for_tolerated(result: Result, method: MethodResult) -> bool:
    """Whether a method works, or would if what is tolerated were met."""
    unproven = {each.requirement.id for each in result.demands if each.unproven and not each.is_warning}
    return method.verdict is not MethodVerdict.NOT_ASSESSED and unproven.isdisjoint(method.requirements)

"""How a check ends: what is missing beats what is open; what is tolerated or only warned of is neither."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from aclproof.linter.result import DemandResult, Result, Verdict
from aclproof.linter.verdict import decide
from aclproof.linter.verdict.ending import Ending, ending
from aclproof.linter.verdict.severity import warnings
from tests.reports.cases import result_of, waiver

PROVEN, UNPROVEN, MISSING = Ending.PROVEN, Ending.UNPROVEN, Ending.MISSING


def result(*fates: str) -> Result:
    """One method for each fate of a requirement that it alone needs, besides one that is met."""
    base = result_of("native-works")
    like = next(each for each in base.demands if each.verdict is Verdict.MET)

    def demand(name: str, fate: str) -> DemandResult:
        kind = {"waived": "missing", "warned": "missing", "absent": "not-applicable"}.get(fate, fate)
        requirement = replace(like.requirement, id=f"{name} {fate}",
                              severity="warning" if fate == "warned" else "error")
        return replace(like, requirement=requirement, methods=(name,), verdict=Verdict(kind),
                       waiver=waiver(1, name) if fate == "waived" else None)

    names = [f"m{number}" for number in range(len(fates))]
    demands = tuple(demand(name, each) for name, fate in zip(names, fates, strict=True)
                    for each in (fate, "absent" if fate == "absent" else "met"))
    methods = tuple(decide.method(name, name, demands, "") for name in names)
    return replace(base, demands=demands, methods=methods)


@pytest.mark.parametrize(("fates", "of_all", "of_any"), [
    (("met", "met"), PROVEN, PROVEN),
    (("met", "missing"), MISSING, PROVEN),
    (("met", "undecided"), UNPROVEN, PROVEN),
    (("missing", "undecided"), MISSING, MISSING),
    (("undecided", "undecided"), UNPROVEN, UNPROVEN),
    (("waived", "missing"), MISSING, PROVEN),
    (("warned", "missing"), MISSING, PROVEN),
    (("waived", "warned"), PROVEN, PROVEN),
    (("absent", "met"), PROVEN, PROVEN),
    (("absent", "missing"), MISSING, MISSING),  # what was not assessed does not work
    (("absent", "absent"), UNPROVEN, UNPROVEN),
])
def test_the_worst_that_counts_decides_of_all_methods_or_of_the_best(
        fates: tuple[str, ...], of_all: Ending, of_any: Ending) -> None:
    assert (ending(result(*fates)), ending(result(*fates), "any")) == (of_all, of_any)


def test_warnings_are_of_all_methods_or_of_one() -> None:
    found = result("warned", "missing", "warned", "waived")
    assert [each.requirement.id for each in warnings(found)] == ["m0 warned", "m2 warned"]
    assert [[each.requirement.id for each in warnings(found, method)] for method in found.methods] == [
        ["m0 warned"], [], ["m2 warned"], []]

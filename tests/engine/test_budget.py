"""The work budget: what would take too long is undecided, and everything else stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter import program
from aclproof.linter.engine import budget
from aclproof.linter.engine.budget import Budget, OverBudgetError, part_of
from aclproof.linter.engine.compile import compile_chains
from aclproof.linter.engine.evaluate import evaluate
from aclproof.linter.program import check
from aclproof.linter.result import Verdict
from aclproof.linter.site import reader
from aclproof.parsers.model.addresses import ANY, AddressSet, Family, single
from aclproof.parsers.model.conditions import ANYWHERE, Context
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import DENY_REST, Action, Rule, Stage
from aclproof.parsers.model.services import ANY_PORT, ANY_SERVICE, TCP

DEMAND = Box(Family.V4, TCP, IntervalSet.of((0, 9999)), IntervalSet.of((1, 1)), ANY_PORT, ANY_PORT)
SITES = Path(__file__).parents[2] / "fixtures" / "sites"


def test_a_part_gets_what_the_run_has_left() -> None:
    run = Budget(30_000)
    with part_of(run):
        budget.current().spend(25_000)
    assert run.left == 5_000
    with part_of(run):  # poor, and still enough for an ordinary list
        budget.current().spend(budget.STEPS_OF_A_POOR_PART)
        with pytest.raises(OverBudgetError):
            budget.current().spend(1)
    assert run.left == 5_000 - budget.STEPS_OF_A_POOR_PART
    budget.current().spend(10**12)  # outside of a part nothing is limited


def test_after_its_credit_a_run_gets_nothing() -> None:
    run = Budget(1 - budget.STEPS_ON_CREDIT)
    with part_of(run):
        budget.current().spend(1)
    with part_of(run):
        budget.current().spend(0)
        with pytest.raises(OverBudgetError):
            budget.current().spend(1)
    assert run.left == -budget.STEPS_ON_CREDIT


def test_each_eight_rules_that_meet_the_packets_take_a_step_before_they_are_evaluated() -> None:
    rules = [Rule(Action.DENY, host(number), ANY, (ANY_SERVICE,), 1) for number in range(800)]
    run = Budget(budget.STEPS_OF_A_PART)
    with part_of(run):
        compile_chains([(ANYWHERE, "list")], {"list": rules}, DEMAND, Context())
    assert budget.STEPS_OF_A_PART - run.left == 100


@pytest.mark.parametrize("name", ["branch", "linux-and-asa", "linux-docker-user", "path-five-hops"])
def test_without_work_nothing_is_proven(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    site = reader.read(SITES / name / "aclproof.yaml")
    before = {each.requirement.id: each.verdict for each in check(site).demands}
    monkeypatch.setattr(program, "STEPS_OF_A_RUN", 0)
    monkeypatch.setattr(budget, "STEPS_OF_A_POOR_PART", 1)
    after = {each.requirement.id: each.verdict for each in check(site).demands}
    for requirement, verdict in after.items():
        judged = before[requirement] in (Verdict.MET, Verdict.MISSING)
        assert verdict is (Verdict.UNDECIDED if judged else before[requirement])


def in_a_row(chains: int, *calls: str) -> str:
    """Each chain perhaps drops one host and calls the next, by so many rules."""
    rules = "".join(f"-A c{k} -s 10.20.{k // 256}.{k % 256}/32 -m statistic --mode nth --every 2 -j DROP\n"
                    + "".join(f"-A c{k} {call}-j c{k + 1}\n" for call in calls if k + 1 < chains)
                    for k in range(chains))
    return ("*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n"
            + "".join(f":c{k} - [0:0]\n" for k in range(chains))
            + f"-A FORWARD -j c0\n-A FORWARD -j ACCEPT\n{rules}COMMIT\n")


def test_what_would_take_too_long_is_given_up_and_not_waited_for(tmp_path: Path) -> None:
    """Each of 1,500 chains calls the next in two places, and repeats all that may be: the work grows with the
    square."""
    (tmp_path / "gw.rules").write_text(in_a_row(1500, "-s 10.20.128.0/17 ", ""))
    (tmp_path / "aclproof.yaml").write_text(
        "settings: {mode: mixed}\nmethods: [group-policy]\n"
        "roles: {client: [10.20.0.0/16], management-point: [10.1.1.11]}\n"
        "firewalls: [{name: gw, config: gw.rules}]\n")
    found = [each for each in check(reader.read(tmp_path / "aclproof.yaml")).demands
             if each.verdict is not Verdict.NOT_APPLICABLE]
    assert [each.verdict for each in found] == [Verdict.UNDECIDED]
    assert "given up" in found[0].undecided[0].because[0]


def host(number: int) -> AddressSet:
    return single(Family.V4, IntervalSet.of((number, number)))


def row(chains: int, *, returning: bool = False, often: bool = False) -> dict[str, list[Rule]]:
    """Each chain drops one host and calls the next, from which others may return before they are dropped; or
    calls it `often`, for some hosts first."""
    rows: dict[str, list[Rule]] = {}
    for k in range(chains):
        rows[f"c{k}"] = [Rule(Action.DENY, host(3 * k), ANY, (ANY_SERVICE,), 1)]
        if returning:
            rows[f"c{k}"].append(Rule(Action.RETURN, host(3 * k + 1), ANY, (ANY_SERVICE,), 2))
        if often and k + 1 < chains:
            some = single(Family.V4, IntervalSet.of((0, k), (1000, 2000)))
            rows[f"c{k}"] += [Rule(Action.JUMP, ANY, some, (ANY_SERVICE,), 2, target=f"c{k + 1}"),
                              Rule(Action.JUMP, some, ANY, (ANY_SERVICE,), 2, target=f"c{k + 1}")]
        if k + 1 < chains:
            rows[f"c{k}"].append(Rule(Action.JUMP, ANY, ANY, (ANY_SERVICE,), 3, target=f"c{k + 1}"))
        if returning:
            rows[f"c{k}"].append(Rule(Action.DENY, host(3 * k + 1), ANY, (ANY_SERVICE,), 4))
    return rows


@pytest.mark.parametrize(("returning", "often"), [(False, False), (True, False), (False, True)])
def test_chains_in_a_row_cost_as_much_as_their_rules(returning: bool, often: bool) -> None:
    def steps(chains: int) -> int:
        run = Budget(budget.STEPS_OF_A_PART)
        with part_of(run):
            evaluate([Stage("in", ("c0",), DENY_REST)], row(chains, returning=returning, often=often),
                     DEMAND, Context())
        return int(budget.STEPS_OF_A_PART - run.left)

    assert 200 <= 2 * steps(100) <= steps(400) <= 5 * steps(100), "the square would be 16 times"


def test_what_returns_from_a_chain_in_a_row_meets_the_rest_of_its_caller() -> None:
    """Host 3k + 1 returns from chain k into chain k - 1, which denies only its own; then chain 0 ends."""
    rules = row(3, returning=True)
    rules["c0"].append(Rule(Action.DENY, host(7), ANY, (ANY_SERVICE,), 5))
    rules["c0"].append(Rule(Action.PERMIT, ANY, ANY, (ANY_SERVICE,), 6))
    found = evaluate([Stage("in", ("c0",), DENY_REST)], rules, DEMAND, Context())
    denied = {number for box in found.denied for low, high in box.sources.ranges
              for number in range(low, high + 1)}
    assert denied == {0, 1, 3, 6, 7}

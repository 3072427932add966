"""The work budget: what would take too long is undecided, and everything else stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter import program
from aclproof.linter.engine import budget
from aclproof.linter.engine.budget import Budget, OverBudgetError, part_of
from aclproof.linter.program import check
from aclproof.linter.result import Verdict
from aclproof.linter.site import reader

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
    budget.current().spend(10**12)  # outside of a part nothing is limited


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


def test_chains_in_a_row_are_given_up_and_not_waited_for(tmp_path: Path) -> None:
    """Each of 1,500 chains drops one host and calls the next: the work grows with the square."""
    chains = 1500
    rules = "".join(f"-A c{k} -s 10.20.{k // 256}.{k % 256}/32 -j DROP\n"
                    + (f"-A c{k} -j c{k + 1}\n" if k + 1 < chains else "") for k in range(chains))
    (tmp_path / "gw.rules").write_text(
        "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n"
        + "".join(f":c{k} - [0:0]\n" for k in range(chains))
        + f"-A FORWARD -j c0\n-A FORWARD -j ACCEPT\n{rules}COMMIT\n")
    (tmp_path / "aclproof.yaml").write_text(
        "settings: {mode: mixed}\nmethods: [group-policy]\n"
        "roles: {client: [10.20.0.0/16], management-point: [10.1.1.11]}\n"
        "firewalls: [{name: gw, config: gw.rules}]\n")
    found = [each for each in check(reader.read(tmp_path / "aclproof.yaml")).demands
             if each.verdict is not Verdict.NOT_APPLICABLE]
    assert [each.verdict for each in found] == [Verdict.UNDECIDED]
    assert "given up" in found[0].undecided[0].because[0]

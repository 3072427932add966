"""`check --self-check`: both judges agree on every bundled site, and a fault of the sets is told."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from aclproof.linter.cli import run
from aclproof.linter.demands import demands
from aclproof.linter.engine import compile as compiling
from aclproof.linter.engine import evaluate
from aclproof.linter.engine.cells import DENIED, PERMITTED
from aclproof.linter.program import analyse
from aclproof.linter.proof.progress import AnyEvent, JudgingEvent
from aclproof.linter.result import MethodVerdict, Verdict
from aclproof.linter.second_judge.judging import judge
from aclproof.linter.verdict import decide
from aclproof.parsers.cisco_asa.meaning import aces
from aclproof.parsers.model.rules import Action
from tests.laws.entries import entries
from tests.laws.judged import DAY, written
from tests.laws.spelled import CONDITIONS, WRITERS, Spelling
from tests.scale import scaled
from tests.test_sites import AS_OF, NAMES, SITES, expected, mapping, site_of
from tests.trace.test_seeded_faults import FAULTS, Fault

PACKETS = scaled(4, 20, 1_000)
"""Of each requirement; `test_the_tracer_agrees_about_sampled_packets` holds more against the same sites."""


_clipped = compiling._Clipper.chain
OF_THE_ENGINE = {
    "engine: what a line denies is permitted": Fault(
        evaluate, "_SLOT", {**evaluate._SLOT, Action.DENY: PERMITTED}, "branch"),
    "engine: what a line permits is denied": Fault(
        evaluate, "_SLOT", {**evaluate._SLOT, Action.PERMIT: DENIED}, "windows-push-works"),
    "engine: the last line of a list wins": Fault(
        compiling._Clipper, "chain", lambda *of: _clipped(*of)[::-1], "branch"),
    "engine: a line of a list is not met": Fault(
        compiling._Clipper, "chain", lambda *of: _clipped(*of)[1:], "two-in-series"),
    "verdict: what is missing is not told": Fault(decide, "_missing", lambda *of: [], "branch"),
    "verdict: what is undecided is met": Fault(
        decide, "_verdict", lambda missing, _: Verdict.MISSING if missing else Verdict.MET, "unread-rule")}
ALL_FAULTS = {**FAULTS, **OF_THE_ENGINE}


def checked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = run(["check", *arguments, "--as-of", AS_OF.isoformat()])
    return code, capsys.readouterr().out


def of_json(text: str) -> dict[str, Any]:
    found = json.loads(text)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_both_judges_agree_and_nothing_else_changes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    site = str(SITES / name / "aclproof.yaml")
    _, plain = checked(capsys, site, "--format", "json")
    code, found = checked(capsys, site, "--format", "json", "--self-check", str(PACKETS))
    report = of_json(found)
    again = report.pop("self_check")
    assert again["disagreements"] == []
    assert again["packets"] >= len([each for each in report["results"] if each["flow"]])
    assert (report, str(code)) == (of_json(plain), expected(name)["exit"])


@pytest.mark.parametrize("name", ALL_FAULTS)
def test_a_fault_of_the_sets_ends_the_check_as_our_own(name: str, monkeypatch: pytest.MonkeyPatch,
                                                       capsys: pytest.CaptureFixture[str]) -> None:
    fault = ALL_FAULTS[name]
    site = str(SITES / fault.site / "aclproof.yaml")
    monkeypatch.setattr(fault.module, fault.name, fault.wrong)
    code, found = checked(capsys, site, "--format", "json", "--self-check", "100", "--allow-undecided",
                          "--require", "any")
    report = of_json(found)
    told = report["self_check"]["disagreements"]
    assert code == 4
    assert told
    disputed = {method for result in report["results"] for method in result["methods"]
                if result["requirement"] in {each["requirement"] for each in told}}
    assert disputed
    assert not [each for each in report["methods"] if each["method"] in disputed
                and each["verdict"] == "works"]
    for each in told:
        assert each["sets"]["verdict"] != each["tracer"]["verdict"] or \
            each["sets"]["line"] != each["tracer"]["line"]


_legs = demands.legs_of
UNSEEN = {
    "how a line is read": Fault(
        aces, "ACTIONS", dict.fromkeys(("permit", "deny"), Action.PERMIT), "permit-below-deny"),
    "what a requirement is made of": Fault(
        demands, "legs_of", lambda *of: _legs(*of)[:1], "linux-reply-missing"),
    "what a method makes of its requirements": Fault(
        decide, "judged", lambda _: MethodVerdict.WORKS, "branch")}
"""Faults in what both judges share, or after both; docs/trust.md says so."""


@pytest.mark.parametrize("name", UNSEEN)
def test_what_no_second_judge_can_see(name: str, monkeypatch: pytest.MonkeyPatch,
                                      capsys: pytest.CaptureFixture[str]) -> None:
    fault = UNSEEN[name]
    monkeypatch.setattr(fault.module, fault.name, fault.wrong)
    code, found = checked(capsys, str(SITES / fault.site / "aclproof.yaml"), "--format", "json",
                          "--self-check", "100")
    report = of_json(found)
    assert code != 4
    assert report["self_check"]["disagreements"] == []
    methods = {each["method"]: each["verdict"] for each in report["methods"]}
    assert "works" in [methods[name] for name, right in mapping(expected(fault.site)["methods"]).items()
                       if right == "blocked"]


@pytest.mark.parametrize("vendor", WRITERS)
def test_both_judges_agree_on_random_rulesets(vendor: str, tmp_path: Path) -> None:
    """With conditions that are open, or that nobody can read."""
    for seed in range(scaled(3, 10, 300)):
        random = Random(f"{vendor} {seed}")
        found = [replace(each, condition=random.randrange(CONDITIONS) if random.random() < 0.2 else None)
                 for each in entries(random)]
        site = analyse(written(tmp_path, vendor, found, Spelling(grouped=random.random() < 0.5)), DAY)
        assert judge(site, DAY, PACKETS)[1].disagreements == ()


def test_each_requirement_is_told_before_it_is_judged() -> None:
    told: list[JudgingEvent] = []

    def add(step: AnyEvent) -> None:
        assert isinstance(step, JudgingEvent)
        told.append(step)

    site = analyse(site_of("branch"), AS_OF)
    judge(site, AS_OF, 1, add)
    names = [each.requirement.id for each in site.work.demands]
    assert [(each.requirement, each.number) for each in told] == list(zip(names, range(1, 99), strict=False))
    assert {each.total for each in told} == {len(names)}

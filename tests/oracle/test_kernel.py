"""Verdicts and counters of random rulesets: the tracer says exactly what the Linux kernel does."""

from __future__ import annotations

import re
from typing import NoReturn

import pytest

from tests.oracle import rulesets, traffic
from tests.oracle.differential import Run, as_saved, disagreements, explain, read, record
from tests.oracle.judge import Judge, Way, of_iptables
from tests.oracle.kernel import Kernel
from tests.oracle.plan import BACK_ENDS, HOOKS, PLANS, BackEnd, Hook
from tests.oracle.replies import exchange
from tests.oracle.rulesets import Ruleset
from tests.oracle.scale import PACKETS, RULESETS
from tests.oracle.states import Kinds

_REWRITES_SOURCES = re.compile("MASQUERADE|--to-source|POSTROUTING.*NETMAP")

EVERYWHERE = [pytest.param(back_end, family, hook, id=f"{back_end}-v{family}-{hook}")
              for back_end in BACK_ENDS for family in PLANS for hook in HOOKS]


@pytest.mark.parametrize(("back_end", "family", "hook"), EVERYWHERE)
def test_tracer_and_kernel_agree(kernel: Kernel, states_of: dict[int, Kinds], back_end: BackEnd, family: int,
                                 hook: Hook) -> None:
    """Every other ruleset is read as the kernel's own programs write it."""
    sent = 0
    for number in range(RULESETS):
        ruleset = rulesets.make(2 * number + BACK_ENDS.index(back_end), family, hook)
        if ruleset.sets:
            kernel.add_sets(ruleset.sets)
        if number % 2:
            ruleset = as_saved(kernel, back_end, ruleset)
        run = record(kernel, back_end, ruleset, traffic.draw(ruleset, PACKETS))
        judge = read(ruleset)
        if any(disagreements(run, judge, states_of[family])):
            _fail(kernel, back_end, run, judge, states_of[family])
        sent += len(run.shots)
    assert sent > 0.99 * RULESETS * PACKETS


def _fail(kernel: Kernel, back_end: BackEnd, run: Run[Ruleset], judge: Judge, states: Kinds) -> NoReturn:
    said = explain(lambda shots: record(kernel, back_end, run.ruleset, shots), run, judge, states)
    pytest.fail(f"{back_end}, {said}", pytrace=False)


@pytest.mark.parametrize("family", PLANS)
@pytest.mark.parametrize("back_end", BACK_ENDS)
def test_replies(kernel: Kernel, states_of: dict[int, Kinds], back_end: BackEnd, family: int) -> None:
    """Each request is followed by its reply, which comes from where the request went."""
    states = states_of[family]
    replies = used = 0
    for seed in range(1000, 1000 + 5 * RULESETS):
        ruleset = rulesets.make(seed, family, "forward")
        if used == RULESETS and replies > 10 * used:
            break
        if _REWRITES_SOURCES.search(ruleset.text):
            continue  # there the reply goes to the firewall, and its filters see it changed
        used += 1
        if ruleset.sets:
            kernel.add_sets(ruleset.sets)
        judge = read(ruleset)
        shots = [each for shot in traffic.draw(ruleset, PACKETS // 4)
                 for each in exchange(judge, shot, states)]
        run = record(kernel, back_end, ruleset, shots)
        if any(disagreements(run, judge, states)):
            _fail(kernel, back_end, run, judge, states)
        replies += sum(run.passed[1::2])
    assert replies > 10 * used


@pytest.mark.parametrize("hook", HOOKS)
def test_two_back_ends_at_once(kernel: Kernel, states_of: dict[int, Kinds], hook: Hook) -> None:
    """A packet passes when both sets of rules let it pass."""
    passed: set[bool] = set()
    for seed in range(2000, 2006 + RULESETS):
        ruleset = rulesets.make(seed, 4, hook)
        other = rulesets.another(ruleset)
        if "-j SET" in ruleset.text + other:
            continue  # what is in a set then cannot be known
        if ruleset.sets:
            kernel.add_sets(ruleset.sets)
        kernel.load("nft", 4, other)
        run = record(kernel, "legacy", ruleset, traffic.draw(ruleset, PACKETS // 4))
        judge = Judge(of_iptables(4, ruleset.text, ruleset.sets, other), 4)
        for shot, seen in zip(run.shots, run.passed, strict=True):
            verdict = judge.judge(Way.by(hook, shot.by), shot.probe, states_of[4][shot.probe.kind]).verdict
            assert verdict == ("permit" if seen else "deny"), f"{ruleset}\n{other}\n{shot!r}"
        passed |= set(run.passed)
    assert passed == {False, True}

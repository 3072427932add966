"""Verdicts and counters of random rulesets of nftables: the tracer says exactly what the kernel does."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.oracle import rulesets as iptables
from tests.oracle import traffic
from tests.oracle.differential import Run, disagreements, explain
from tests.oracle.judge import Judge, Way
from tests.oracle.kernel import Kernel
from tests.oracle.nft import rulesets
from tests.oracle.nft.differential import as_listed, read, record
from tests.oracle.nft.rulesets import Ruleset
from tests.oracle.nft.scale import PACKETS, RULESETS
from tests.oracle.plan import HOOKS, PLANS, Hook
from tests.oracle.replies import exchange
from tests.oracle.states import Kinds


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("family", PLANS)
def test_tracer_and_kernel_agree(kernel: Kernel, states_of: dict[int, Kinds], family: int,
                                 hook: Hook) -> None:
    """Every other ruleset is read as `nft` prints it."""
    passed: Counter[bool] = Counter()
    for seed in range(RULESETS):
        ruleset = as_listed(kernel, rulesets.make(seed, family, hook))
        run = record(kernel, ruleset, traffic.draw(ruleset, PACKETS))
        _agree(kernel, run, read(ruleset), states_of[family])
        passed.update(run.passed)
    assert min(passed[True], passed[False]) > 10


def _agree(kernel: Kernel, run: Run[Ruleset], judge: Judge, states: Kinds) -> None:
    if any(disagreements(run, judge, states)):
        said = explain(lambda shots: record(kernel, run.ruleset, shots), run, judge, states)
        pytest.fail(said, pytrace=False)


@pytest.mark.parametrize("family", PLANS)
def test_replies(kernel: Kernel, states_of: dict[int, Kinds], family: int) -> None:
    """Each request is followed by its reply, which comes from where the request went."""
    states = states_of[family]
    replies = 0
    for seed in range(1000, 1000 + RULESETS):
        ruleset = as_listed(kernel, rulesets.make(seed, family, "forward"))
        if re.search("masquerade|snat .*to", ruleset.loaded):
            continue  # there the reply goes to the firewall, and its filters see it changed
        judge = read(ruleset)
        shots = [each for shot in traffic.draw(ruleset, PACKETS // 4)
                 for each in exchange(judge, shot, states)]
        run = record(kernel, ruleset, shots)
        _agree(kernel, run, judge, states)
        replies += sum(run.passed[1::2])
    assert replies > 5 * RULESETS


@pytest.mark.parametrize("family", PLANS)
@pytest.mark.parametrize("hook", HOOKS)
def test_with_iptables_of_both_back_ends(kernel: Kernel, states_of: dict[int, Kinds], family: int,
                                         hook: Hook) -> None:
    """A packet passes when all three sets of rules let it pass."""
    passed: Counter[bool] = Counter()
    used = 0
    for seed in range(2000, 2000 + 20 * RULESETS):
        if used >= RULESETS // 2 and min(passed[True], passed[False]) > 10:
            break
        legacy = iptables.make(seed, family, hook)
        if legacy.sets or legacy.leaves_open:
            continue
        used += 1
        ruleset = rulesets.make(seed, family, hook, legacy.constants)
        other = iptables.another(legacy)
        kernel.load("legacy", family, legacy.text)
        kernel.load_native(ruleset.loaded)
        kernel.load("nft", family, other)
        shots = traffic.draw(ruleset, PACKETS // 4)
        seen = kernel.send(hook, [(shot.by, shot.probe) for shot in shots])
        texts = {f"legacy.v{family}": legacy.text, f"other.v{family}": other, "rules.nft": ruleset.loaded}
        if seed % 2:  # as their own programs print them
            printed = kernel.saved("legacy", family), kernel.saved("nft", family), kernel.native(
                "-j" if seed % 4 == 3 else "")
            texts = dict(zip(texts, printed, strict=True))
        judge = Judge(texts, family)
        for shot, each in zip(shots, seen, strict=True):
            found = judge.judge(Way.by(hook, shot.by), shot.probe, states_of[family][shot.probe.kind])
            if found.verdict == "undecided" and (ruleset.leaves_open or seed % 2):
                continue  # nft writes some matches of iptables as its own: two states, or one?
            assert found.verdict == ("permit" if each else "deny"), \
                "\n".join([str(found), *texts.values(), repr(shot)])
        passed.update(seen)
    assert min(passed[True], passed[False]) > 0

"""Rules of iptables' nft back end as nft alone lists them: what is sure of them is what the kernel does."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.oracle import rulesets, traffic
from tests.oracle.judge import Judge, Way
from tests.oracle.kernel import Kernel
from tests.oracle.nft.scale import RULESETS
from tests.oracle.plan import PLANS
from tests.oracle.states import Kinds


@pytest.mark.parametrize("family", PLANS)
def test_what_is_sure_is_true(kernel: Kernel, states_of: dict[int, Kinds], family: int) -> None:
    """Each rule by itself, as one that drops: libxtables loses masks, negations and alternatives."""
    sure: Counter[bool] = Counter()
    for seed in range(5000, 5000 + RULESETS):
        made = rulesets.make(seed, family, "forward")
        if made.sets:
            continue
        shots = traffic.draw(made, 40)
        for tests in _tests(made.text)[:5]:
            kernel.load_native("")
            kernel.load("nft", family, f"*filter\n{tests} -j DROP\nCOMMIT\n")
            passed = kernel.send("forward", [(shot.by, shot.probe) for shot in shots])
            listed = kernel.native()
            judge = Judge({"rules.nft": listed}, family)
            for shot, each in zip(shots, passed, strict=True):
                found = judge.judge(Way.by("forward", shot.by), shot.probe,
                                    states_of[family][shot.probe.kind])
                if found.verdict != "undecided":
                    sure[each] += 1
                    assert found.verdict == ("permit" if each else "deny"), "\n".join(
                        [tests, listed, repr(shot)])
    assert min(sure[True], sure[False]) > 10


def _tests(text: str) -> list[str]:
    """The rules of a chain, without what they lead to."""
    return [rule.partition(" -j ")[0] for rule in text.splitlines()
            if rule.startswith("-A FORWARD ") and " -j " in rule]

"""The oracle looks closely enough: every mistake that is planted in the product is seen."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.oracle import rulesets, traffic
from tests.oracle.differential import Run, disagreements, read, record
from tests.oracle.faults import FAULTS
from tests.oracle.kernel import Kernel
from tests.oracle.plan import HOOKS, PLANS
from tests.oracle.rulesets import Ruleset
from tests.oracle.states import Kinds

_RULESETS = 32
"""For each family and hook."""
_PACKETS = 80


@pytest.fixture(scope="module")
def runs(ready: None) -> list[Run[Ruleset]]:
    """What the kernel did, once for all faults."""
    found = []
    with Kernel() as kernel:
        for seed in range(4000, 4000 + _RULESETS):
            for family in PLANS:
                for hook in HOOKS:
                    ruleset = rulesets.make(seed, family, hook)
                    if ruleset.sets:
                        kernel.add_sets(ruleset.sets)
                    found.append(record(kernel, "legacy", ruleset, traffic.draw(ruleset, _PACKETS)))
    return found


def test_without_a_fault_nothing_is_seen(runs: Sequence[Run[Ruleset]], states_of: dict[int, Kinds]) -> None:
    for run in runs:
        assert not list(disagreements(run, read(run.ruleset), states_of[run.ruleset.family])), run.ruleset


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_seen(runs: Sequence[Run[Ruleset]], states_of: dict[int, Kinds], name: str) -> None:
    assert any(next(disagreements(run, read(run.ruleset, FAULTS[name]), states_of[run.ruleset.family]), None)
               for run in runs)

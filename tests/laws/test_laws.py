"""Each law on random cases for every vendor, and a broken program breaks laws."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aclproof.linter.engine import compile as compiling
from aclproof.linter.result import Verdict
from aclproof.parsers.model import ternary
from tests.laws.entries import disjoint, entries, entry
from tests.laws.judged import judged
from tests.laws.laws import LAWS, tried
from tests.laws.spelled import WRITERS
from tests.scale import scaled

vendors = pytest.mark.parametrize("vendor", WRITERS)
_clipped, _ternary = compiling._Clipper.chain, ternary._ternary


@vendors
@pytest.mark.parametrize("law", LAWS)
@settings(max_examples=scaled(3, 10, 2_000), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1))
def test_it_holds(law: str, vendor: str, seed: int, tmp_path: Path) -> None:
    assert tried(law, vendor, seed, tmp_path) == [], \
        f"python -m tests.laws --law '{law}' --vendor {vendor} --seed {seed} --cases 1"


@vendors
def test_cases_have_every_verdict(vendor: str, tmp_path: Path) -> None:
    """Where nothing is met, or nothing missing, a law holds for nothing."""
    found = Counter(each.verdict for seed in range(30)
                    for each in judged(tmp_path, vendor, entries(Random(seed))).values())
    assert min(found[Verdict.MET], found[Verdict.MISSING]) > 10


def test_entries_without_a_packet_in_common_are_told() -> None:
    random = Random(1)
    pairs = [(entry(random), entry(random)) for _ in range(300)]
    alone = [pair for pair in pairs if disjoint(*pair)]
    assert 20 < len(alone) < 280


FAULTS: dict[str, tuple[Any, str, Any, str, str]] = {
    "what is open counts as not met": (
        ternary, "_ternary", lambda holds, negated=False: _ternary(bool(holds), negated=negated),
        "unknown condition", "iptables"),
    "what is open counts as met": (
        ternary, "_ternary", lambda holds, negated=False: _ternary(holds is not False, negated=negated),
        "more facts", "asa"),
    "the first line is not met": (compiling._Clipper, "chain", lambda *of: _clipped(*of)[1:], "doubled rule",
                                  "asa"),
    "every other line is not met": (compiling._Clipper, "chain", lambda *of: _clipped(*of)[::2], "split rule",
                                    "windows")}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_breaks_a_law(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, name, wrong, law, vendor = FAULTS[fault]
    monkeypatch.setattr(owner, name, wrong)
    assert any(tried(law, vendor, seed, tmp_path) for seed in range(40))

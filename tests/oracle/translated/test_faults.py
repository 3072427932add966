"""The judge looks closely enough: every mistake that is planted is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from tests.oracle.kernel import Kernel
from tests.oracle.translated import asa_trials, nat_trials, windows_trials
from tests.oracle.translated.faults import FAULTS_OF_ASA, FAULTS_OF_WINDOWS, Fault
from tests.oracle.translated.nat_faults import FAULTS_OF_NAT, FAULTS_OF_OLD_NAT
from tests.oracle.translated.road import fresh
from tests.oracle.translated.trials import Said, Trial, disagreements

_SEEDS = range(4000, 4200)
"""Most mistakes are seen at once."""
_PACKETS = 300
_FAULTS: tuple[tuple[str, Callable[..., Trial], Mapping[str, Fault[Any]]], ...] = (
    ("ASA", asa_trials.make, FAULTS_OF_ASA), ("Windows", windows_trials.make, FAULTS_OF_WINDOWS),
    ("NAT", nat_trials.make_new, FAULTS_OF_NAT), ("NAT before 8.3", nat_trials.make_old, FAULTS_OF_OLD_NAT))
_PLANTED = [pytest.param(make, fault, id=f"{vendor}: {name}")
            for vendor, make, faults in _FAULTS for name, fault in faults.items()]


@pytest.fixture(scope="module")
def kernel(ready: None) -> Iterator[Kernel]:
    with fresh() as made:
        yield made


@cache
def _whole(make: Callable[[int, int], Trial], seed: int) -> Trial:
    """The trial without a mistake, once for all mistakes."""
    return make(seed, _PACKETS)


@cache
def _said(make: Callable[[int, int], Trial], seed: int) -> Said:
    """What is said of it, for all mistakes that leave the text alone."""
    return _whole(make, seed).ask_product()


@pytest.mark.parametrize(("make", "fault"), _PLANTED)
def test_a_fault_is_seen(kernel: Kernel, make: Callable[..., Trial], fault: Fault[object]) -> None:
    for seed in _SEEDS:
        damaged, whole = make(seed, _PACKETS, fault), _whole(make, seed)
        if (damaged.texts, damaged.worlds) == (whole.texts, whole.worlds):
            continue
        said = _said(make, seed) if damaged.texts == whole.texts else damaged.ask_product()
        if any(disagreements(damaged, said, damaged.ask_kernel(kernel))):
            return
    pytest.fail("nothing shows it")

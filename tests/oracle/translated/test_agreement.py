"""Verdicts for vendors that have no engine here: the kernel, given a naive translation, says the same.

What the text leaves open is translated both ways: then, and only then, the product has to say undecided.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.oracle.translated.road import fresh
from tests.oracle.translated.trials import disagreements, explain
from tests.oracle.translated.vendors import VENDORS
from tests.scale import scaled

_RULESETS = scaled(20, 200, 5_000)
"""For each vendor."""
_PACKETS = 300
_BLOCKS = 4


@pytest.mark.parametrize("block", range(_BLOCKS))
@pytest.mark.parametrize("vendor", ["asa", "asa-nat", "asa-nat-8.2", "windows", "aerleon"])
def test_the_product_says_what_the_kernel_does(ready: None, vendor: str, block: int) -> None:
    if vendor not in VENDORS:
        pytest.skip(f"{vendor} is not installed, which writes one policy for an ASA and for nftables")
    seen: Counter[str] = Counter()
    with fresh() as kernel:
        for seed in range(block, _RULESETS, _BLOCKS):
            trial = VENDORS[vendor](seed, _PACKETS)
            wanted = trial.ask_kernel(kernel)
            wrong = list(disagreements(trial, trial.ask_product(), wanted))
            assert not wrong, explain(trial, wrong)
            seen.update(each.partition(" ")[0] for each in wanted)
    assert min(seen["permit"], seen["deny"]) > _PACKETS // 10  # neither side is reached by luck alone

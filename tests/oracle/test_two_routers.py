"""Two routers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.oracle import router_rules
from tests.oracle.agreement import disagreements, meet
from tests.oracle.asks import Exchanges
from tests.oracle.routers import Routers
from tests.oracle.scale import RULESETS


@pytest.fixture(scope="module")
def routers(ready: None) -> Iterator[Routers]:
    with Routers() as made:
        yield made


@pytest.fixture(scope="module")
def exchanges() -> Exchanges:
    return Exchanges()


@pytest.mark.parametrize("seed", range(int(__import__("os").environ.get("SEEDS","12"))))
def test_random(routers: Routers, exchanges: Exchanges, tmp_path: Path, seed: int) -> None:
    meeting = meet(routers, router_rules.pair(seed), router_rules.ASKS, exchanges, tmp_path)
    from collections import Counter
    print(Counter(d.verdict.name for d in meeting.demands.values()), Counter(f.loss for _,f in meeting.fates.values()))
    for ask,d in meeting.demands.items():
        if d.undecided: print(ask, [(u.because, u.line and u.line.text) for u in d.undecided])
    found=list(disagreements(meeting, router_rules.ASKS))
    if found: print("\n".join(f"{n:3} {l}" for t in meeting.pair.values() for n,l in enumerate(t.split("\n"),1)))
    assert not found, "\n".join(found)

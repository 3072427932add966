"""A path of two routers: what `check` says of the site is what becomes of real connections through both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from aclproof.linter.result import Verdict
from tests.oracle import router_rules
from tests.oracle.agreement import Meeting, disagreements, judge, meet
from tests.oracle.asks import Ask, Exchanges
from tests.oracle.exchange import Fate
from tests.oracle.router_cases import CASES
from tests.oracle.routers import Routers
from tests.oracle.scale import RULESETS

_PAIRS = max(12, RULESETS)
_MAY_STAY_OPEN = ("NOTRACK", "--notrack", "MASQUERADE", "--tcp-flags FIN FIN", "--tcp-flags SYN,ACK SYN,ACK")
"""What leaves open how some packets of a connection fare."""


@pytest.fixture(scope="module")
def routers(ready: None) -> Iterator[Routers]:
    with Routers() as made:
        yield made


@pytest.fixture(scope="module")
def exchanges() -> Exchanges:
    return Exchanges()


@pytest.mark.parametrize("name", CASES)
def test_by_hand(routers: Routers, exchanges: Exchanges, tmp_path: Path, name: str) -> None:
    case = CASES[name]
    asks = {Ask.read(text): text for text in case.ends}
    meeting = meet(routers, {"r1": case.r1, "r2": case.r2}, list(asks), exchanges, tmp_path)
    ends: dict[str, set[str]] = {text: set() for text in case.ends}
    for ask, fate in meeting.fates.values():
        ends[asks[ask]].add(_said(fate))
    assert ends == {text: set(end.split(" or ")) for text, end in case.ends.items()}
    _agree(meeting, {ask for ask, text in asks.items() if text in case.may_stay_open})


def _said(fate: Fate) -> str:
    return f"{fate.loss.leg} at {fate.loss.router}" if fate.loss else "passes"


def _agree(meeting: Meeting, may_stay_open: set[Ask]) -> None:
    found = list(disagreements(meeting, may_stay_open))
    if found:
        pytest.fail("\n".join([*found, *map(_numbered, meeting.pair.values())]), pytrace=False)


def _numbered(text: str) -> str:
    return "\n".join(f"{number:4} {line}" for number, line in enumerate(text.split("\n"), 1))


def test_at_random(routers: Routers, exchanges: Exchanges, tmp_path: Path) -> None:
    verdicts: Counter[Verdict] = Counter()
    fates: Counter[str] = Counter()
    for seed in range(_PAIRS):
        pair = router_rules.pair(seed)
        meeting = meet(routers, pair, router_rules.ASKS, exchanges, tmp_path)
        may_stay_open = any(word in text for text in pair.values() for word in _MAY_STAY_OPEN)
        _agree(meeting, set(router_rules.ASKS) if may_stay_open else set())
        verdicts.update(each.verdict for each in meeting.demands.values())
        fates.update(_said(fate) for _, fate in meeting.fates.values())
    assert verdicts[Verdict.UNDECIDED] < 0.1 * verdicts.total()
    assert min(verdicts[Verdict.MET], verdicts[Verdict.MISSING]) > 0.2 * verdicts.total()
    met = {word for said in fates for word in said.split(" at ")}
    assert met == {"passes", "request", "reply", "follow-up", "r1", "r2"}


@pytest.mark.parametrize("name", ["r1 drops the SYN", "r2 has no rule for replies",
                                  "r1 drops what follows, by its state", "SNAT before a filter"])
def test_routers_in_the_wrong_order_are_noticed(routers: Routers, exchanges: Exchanges, tmp_path: Path,
                                                name: str) -> None:
    """The site calls the first router what is really the second one."""
    case = CASES[name]
    asks = list(map(Ask.read, case.ends))
    meeting = meet(routers, {"r1": case.r1, "r2": case.r2}, asks, exchanges, tmp_path)
    wrong = judge({"r1": case.r2, "r2": case.r1}, asks, tmp_path)
    assert any(disagreements(meeting._replace(demands=wrong), asks))

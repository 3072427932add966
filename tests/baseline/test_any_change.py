"""Any change of a list, judged by the engine's own difference of packets instead of canonical forms."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from aclproof.linter.baseline.comparing import compare, shrunk
from aclproof.linter.baseline.gaps import gaps_of
from aclproof.linter.engine import algebra
from aclproof.linter.gap import Gaps
from aclproof.linter.result import Result
from aclproof.parsers.model.packets import Box
from tests.baseline.test_comparing import SITE, result
from tests.scale import scaled

_PERMITS = [
    f"access-list SERVERS extended {action} {what}\n" for action in ("permit", "deny") for what in (
        "tcp any any eq 445", "tcp any object-group PART eq 445", "tcp host 10.1.1.10 any range 1 1000",
        "tcp any any gt 1024 time-range NIGHT", "tcp any 10.20.64.0 255.255.192.0 time-range NIGHT",
        "udp any any eq 135", "icmp any any", "ip any 10.20.0.0 255.255.192.0")]
_lists = st.lists(st.sampled_from(_PERMITS), max_size=6).map(tuple)


@cache
def checked(rules: tuple[str, ...]) -> Result:
    with TemporaryDirectory() as folder:
        Path(folder, "aclproof.yaml").write_text(SITE, encoding="utf-8")
        return result(Path(folder), "".join((*rules, "access-list SERVERS remark end\n")))


def boxes(gaps: Gaps, about: tuple[str, str, str], *verdicts: str) -> list[Box]:
    return [box for each in gaps if each.key[:3] == about and each.verdict in verdicts for box in each.boxes]


def is_no_worse(now: Gaps, before: Gaps) -> bool:
    """Nothing more is missing, and nothing more is not proven."""
    return not any(algebra.minus(boxes(now, about, *verdicts), boxes(before, about, *verdicts))
                   for about in {each.key[:3] for each in now}
                   for verdicts in (("missing",), ("missing", "undecided")))


@settings(max_examples=scaled(60, 150, 5000))
@given(_lists, _lists)
def test_a_requirement_is_known_if_it_is_no_worse_and_shrinking_adds_nothing(
        before: tuple[str, ...], after: tuple[str, ...]) -> None:
    known, now = gaps_of(checked(before)), gaps_of(checked(after))
    found = compare(checked(after), known, "known.json")
    for demand in found.demands:
        name = demand.requirement.id
        mine = tuple(each for each in now if each.requirement == name)
        assert demand.known == bool(mine and is_no_worse(mine, known))
    less = shrunk(known, found)
    assert is_no_worse(less, known)
    again = compare(checked(after), less, "known.json")
    assert [each.known for each in again.demands] == [each.known for each in found.demands]
    assert shrunk(less, again) == less
    worse = {each.requirement.id for each in found.demands if each.unproven}
    assert {each.requirement for each in less} <= {each.requirement for each in now} | worse

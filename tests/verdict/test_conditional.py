"""What is told of undecided methods, against a check for every way to answer the questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations, product
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from aclproof.linter.program import check
from aclproof.linter.result import MethodResult, MethodVerdict, Result, Verdict
from aclproof.linter.site import reader
from aclproof.linter.site.site import Site
from tests.reports.cases import SITES
from tests.scale import scaled

AS_OF = date(2026, 1, 15)
_MOST = 5
"""So many questions are answered in every way."""
LIST = """ASA Version 9.8(2)
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 10.20.0.1 255.255.0.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.1.1.1 255.255.255.0
time-range DAY
 periodic weekdays 8:00 to 18:00
time-range NIGHT
 periodic weekdays 20:00 to 23:00
{lines}
access-group OUT in interface outside
: end
"""
SITE = """settings: {mode: mixed}
methods: [group-policy]
roles: {client: [10.20.0.0/16], management-point: [10.1.1.11]}
firewalls:
  - {name: fw, config: fw.cfg}
"""
PERMIT = "access-list OUT extended permit tcp any host 10.1.1.11 eq 80"
DENY = "access-list OUT extended deny tcp any host 10.1.1.11 eq 80"
PART = "access-list OUT extended deny tcp 10.20.5.0 255.255.255.0 any eq 80"


def site(folder: Path, *lines: str, more: str = "") -> Site:
    (folder / "fw.cfg").write_text(LIST.format(lines="\n".join(lines)))
    (folder / "aclproof.yaml").write_text(SITE + more)
    return reader.read(folder / "aclproof.yaml")


def group_policy(found: Result) -> MethodResult:
    return next(each for each in found.methods if each.id == "group-policy")


def told(folder: Path, *lines: str) -> tuple[str, dict[str, str], str | None] | None:
    """Return the verdict that is told, its answers, and what follows otherwise."""
    method = group_policy(check(site(folder, *lines), AS_OF))
    assert method.verdict is MethodVerdict.UNDECIDED
    found = method.conditional
    if found is None:
        return None
    answers = {each.question.key: each.question.word(each.value) for each in found.answers}
    return (found.verdict.value, answers,
            found.otherwise.value if found.otherwise else None)


def test_it_works_if_the_time_range_is_active_and_is_blocked_else(tmp_path: Path) -> None:
    assert told(tmp_path, f"{PERMIT} time-range DAY") == ("works", {"time-range DAY": "active"}, "blocked")


def test_it_works_if_a_deny_is_not_active(tmp_path: Path) -> None:
    assert told(tmp_path, f"{DENY} time-range DAY", PERMIT) == (
        "works", {"time-range DAY": "inactive"}, "blocked")


def test_two_answers_are_needed(tmp_path: Path) -> None:
    found = told(tmp_path, f"{DENY} time-range DAY", f"{PERMIT} time-range NIGHT")
    assert found == ("works", {"time-range DAY": "inactive", "time-range NIGHT": "active"}, "blocked")


def test_a_question_that_changes_nothing_is_not_named(tmp_path: Path) -> None:
    found = told(tmp_path, f"{PERMIT} time-range DAY", f"{PERMIT} time-range NIGHT")
    assert found is not None
    verdict, answers, otherwise = found
    assert (verdict, len(answers), otherwise) == ("works", 1, None)  # the other one may let it through


def test_it_is_blocked_whatever_the_answer_is(tmp_path: Path) -> None:
    """Active, the deny stops a part of the clients; inactive, nothing permits the other ones."""
    assert told(tmp_path, f"{PART} time-range DAY", PERMIT.replace("any host", "10.20.5.0 255.255.255.0 host")
                + " time-range NIGHT", PERMIT.replace("any host", "10.20.0.0 255.255.0.0 host")
                + " time-range DAY") == ("blocked", {}, None)


def test_what_no_fact_answers_leaves_it_open(tmp_path: Path) -> None:
    assert told(tmp_path, "access-list OUT extended permit tcp any object-group NOT-THERE eq 80") is None


def _assignments(keys: list[str]) -> Iterator[dict[str, bool]]:
    for values in product((True, False), repeat=len(keys)):
        yield dict(zip(keys, values, strict=True))


def _verdicts(plain: Site, facts: Mapping[str, bool]) -> dict[str, MethodVerdict]:
    found = check(replace(plain, facts={**plain.facts, **facts}, overriding=frozenset(facts), narrowed=True,
                          waivers=""), AS_OF)
    return {each.id: each.verdict for each in found.methods}


def _undecided_sites() -> list[str]:
    names = []
    for each in sorted(SITES.glob("*/aclproof.yaml")):
        expected = each.parent / "expected.yaml"
        if not expected.exists() or "undecided" in expected.read_text():
            names.append(each.parent.name)
    return names


def _is_true(plain: Site) -> int:
    """Hold what is told of a site against checks with all answers as facts; return how much was told."""
    found = check(replace(plain, waivers=""), AS_OF)
    keys = list(dict.fromkeys(
        question.key for demand in found.demands if demand.verdict is Verdict.UNDECIDED
        for part in demand.undecided for question in part.questions
        if question.key and question.answers != "addresses"))
    asked: dict[frozenset[tuple[str, bool]], dict[str, MethodVerdict]] = {}

    def verdict(method: str, facts: Mapping[str, bool]) -> MethodVerdict:
        place = frozenset(facts.items())
        if place not in asked:
            asked[place] = _verdicts(plain, facts)
        return asked[place][method]

    count = 0
    for each in found.methods:
        told_of = each.conditional
        if told_of is None:
            if each.verdict is MethodVerdict.UNDECIDED and len(keys) <= _MOST:
                assert all(verdict(each.id, facts) is not MethodVerdict.WORKS for facts in _assignments(keys))
            continue
        assert each.verdict is MethodVerdict.UNDECIDED
        count += 1
        answers = {answer.question.key: answer.value for answer in told_of.answers}
        if not answers:
            assert all(verdict(each.id, facts) is MethodVerdict.BLOCKED for facts in _assignments(keys))
            continue
        assert verdict(each.id, answers) is told_of.verdict
        for fewer in combinations(answers.items(), len(answers) - 1):
            assert verdict(each.id, dict(fewer)) is not told_of.verdict
        if told_of.otherwise:
            others = {verdict(each.id, {key: not value}) for key, value in answers.items()}
            assert others == {told_of.otherwise}
    return count


@pytest.mark.parametrize("name", _undecided_sites())
def test_every_sentence_of_a_fixture_site_is_true(name: str) -> None:
    _is_true(reader.read(SITES / name / "aclproof.yaml"))


def test_every_sentence_of_random_lists_is_true(tmp_path: Path, random: Random) -> None:
    told_of = 0
    sources = ("any", "10.20.0.0 255.255.128.0", "10.20.128.0 255.255.128.0", "10.20.5.0 255.255.255.0")
    for _ in range(scaled(40, 120, 2000)):
        lines = [f"access-list OUT extended {random.choice(('permit', 'deny'))} tcp {random.choice(sources)} "
                 f"host 10.1.1.11 eq 80{random.choice(('', ' time-range DAY', ' time-range NIGHT'))}"
                 for _ in range(random.randrange(2, 6))]
        told_of += _is_true(site(tmp_path, *lines))
    assert told_of


def test_a_fact_wins_over_the_usual_answer() -> None:
    plain = reader.read(SITES / "linux-limits" / "aclproof.yaml")
    key = "connlimit drops packets"
    stated = replace(plain, assume_usual=True, facts={**plain.facts, key: True})
    demand = next(each for each in check(stated, AS_OF).demands
                  if each.requirement.id == "CM2007-PUSH-MP-HTTP")
    assert demand.verdict is Verdict.MISSING
    assumed = check(replace(plain, assume_usual=True), AS_OF)
    assert key in {each.key for each in assumed.assumptions if each.origin == "relied-on"}
    assert next(each for each in assumed.demands
                if each.requirement.id == "CM2007-PUSH-MP-HTTP").verdict is Verdict.MET

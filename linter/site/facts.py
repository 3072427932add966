"""Rejects facts that no rule depends on, or of the wrong type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from datetime import date

from msgspec import Struct

from aclproof.linter.site.fact_keys import key_at
from aclproof.linter.site.site import Site
from aclproof.parsers.model.conditions import Condition, Fact, IsItself, Membership, TimeRange
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.notes import Span
from aclproof.reason import Reason, joined
from aclproof.rules.strict_yaml import InputError, Problem
from aclproof.rules.suggest import unknown


class Facts(Mapping[str, Fact]):
    """Facts by key, and which keys were looked up."""

    def __init__(self, known: Mapping[str, Fact]) -> None:
        self._known = known
        self.looked_up: set[str] = set()

    def __getitem__(self, key: str) -> Fact:
        self.looked_up.add(key)
        return self._known[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


class _Question(Struct, frozen=True):
    """A condition that a fact may settle, and the first line that has it."""

    condition: Condition
    span: Span


def validate_facts(site: Site, facts: Facts, firewalls: Mapping[str, Firewall], as_of: date | None) -> None:
    """Raise InputError for facts that nothing depends on, and for those that contradict the configurations.

    A fact about a question of the configurations may wait for its packets: another answer may have made it
    needless. Where only some methods of a site file are checked, its facts may be for the others; those of
    a file that it extends may be for other sites.
    """
    if not site.facts:
        return
    questions = _questions(firewalls)
    problems: list[Problem] = []
    for key, fact in site.facts.items():
        question = questions.get(key)
        wrong = _contradiction(question, fact, as_of) if question else ""
        known = question or key in facts.looked_up or (site.narrowed and site.states(key))
        if not known:
            of_others = site.states(key) and site.inherits(("facts", key))
            wrong = _unknown(key, {*questions, *facts.looked_up}, of_others=of_others)
        if wrong:
            problems.append(site.fact_problem(key, wrong))
    if problems:
        raise InputError(*problems)


def contradiction(key: str, fact: Fact, firewalls: Mapping[str, Firewall], as_of: date | None) -> str:
    """Say why a fact cannot be as given; empty where it may."""
    question = _questions(firewalls).get(key)
    return _contradiction(question, fact, as_of) if question else ""


def _unknown(key: str, known: Set[str], *, of_others: bool) -> str:
    """Say that nothing asks for a fact that may not be `of_others`, or that several firewalls do."""
    own = sorted(each for each in known if each.startswith(key_at(key, "")))
    if own:
        return Reason("several firewalls ask that, and it may differ: answer for each, as {keys}",
                      keys=joined(", ", (f"'{each}'" for each in own)))
    if of_others:
        return ""
    return f"no rule depends on it; {unknown('fact', key, sorted(known))}"


def _questions(firewalls: Mapping[str, Firewall]) -> dict[str, _Question]:
    found: dict[str, _Question] = {}
    for firewall in firewalls.values():
        for rule, condition in firewall.conditions():
            if condition.key and condition.key not in found:
                found[condition.key] = _Question(condition, firewall.quote(rule.line))
    return found


def _contradiction(question: _Question, fact: Fact, as_of: date | None) -> str:
    condition, place = question.condition, question.span
    if isinstance(condition, Membership | IsItself):
        return "" if not isinstance(fact, bool) else \
            Reason("expected a list of addresses: {place} depends on which addresses these are", place=place)
    if not isinstance(fact, bool):
        return Reason("expected yes or no (active or inactive): {place} depends on {reason}", place=place,
                      reason=condition.because)
    if isinstance(condition, TimeRange) and condition.active(as_of) is (not fact):
        return _out_of_days(condition, place, as_of)
    return ""


def _out_of_days(condition: TimeRange, place: Span, day: date | None) -> Reason:
    """Say why a time-range is not as a fact says: by its own first or last day."""
    if condition.active(day):
        return Reason("cannot be inactive: the time-range that {place} names started on {started}, before "
                      "{day}, and nothing ends it; use '--as-of' for another day", place=place,
                      started=condition.started, day=day)
    if condition.started and day and condition.started > day:
        return Reason("cannot be active: the time-range that {place} names starts on {started}, after {day}; "
                      "use '--as-of' for another day", place=place, started=condition.started, day=day)
    return Reason("cannot be active: the time-range that {place} names ended on {ended}, before {day}; "
                  "use '--as-of' for another day", place=place, ended=condition.ended, day=day)

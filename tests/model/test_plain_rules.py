"""Rules in columns are a list of rules, each the same one whenever somebody looks at it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclproof.parsers.model.addresses import ANY, NOWHERE, parse
from aclproof.parsers.model.effects import Untrack
from aclproof.parsers.model.plain_rules import PlainRules, lines, looked_at, special, switched, without
from aclproof.parsers.model.rules import NO_LINE, Action, Rule
from aclproof.parsers.model.services import ANY_SERVICE
from tests import strategies

_RULES = st.lists(strategies.rules() | strategies.rules(("other",)), max_size=8)


@given(_RULES, st.data())
def test_they_are_a_list(rules: list[Rule], data: st.DataObject) -> None:
    found = PlainRules(rules[:4])
    if data.draw(st.booleans()):
        list(found)  # what comes after a look at all of them is not lost
    found.extend(rules[4:])
    held = {at: found[at] for at in data.draw(st.sets(st.integers(-len(rules), len(rules) - 1)))} \
        if rules else {}
    assert dict(looked_at(found)).items() >= {(at % len(rules), rule) for at, rule in held.items()}
    assert found == rules
    assert found != 7
    assert rules == list(found) == list(found[:]) == list(reversed(found))[::-1]
    assert found[1:3] == rules[1:3]
    assert all(found[at] is rule and list(found)[at] is rule for at, rule in held.items())
    with pytest.raises(IndexError):
        found[len(rules)]


@given(_RULES)
def test_special_rules_are_those_that_do_more_than_match_packets(rules: list[Rule]) -> None:
    wanted = [each for each in rules if each.conditions or each.target or each.effect is not None]
    assert list(special(PlainRules(rules))) == list(special(rules)) == wanted


@given(_RULES, st.data())
def test_rules_without_a_line_are_the_others(rules: list[Rule], data: st.DataObject) -> None:
    rules = [rule._replace(line=data.draw(st.integers(1, 3))) for rule in rules]
    found, line = PlainRules(rules), data.draw(st.integers(1, 4))
    if data.draw(st.booleans()):
        list(found)
    others = [rule for rule in rules if rule.line != line]
    rest = without(found, line)
    assert [rule for rule in rest if rule.line != line] == others == list(without(rules, line))
    assert not any(rule.enabled for rule in rest if rule.line == line)
    assert found == rules
    assert (rest is found) == (without(rules, line) is rules) == (len(others) == len(rules))
    for each in (rules, found):
        assert lines(each) == {rule.line for rule in rules}
        assert list(switched(each, {line, 9}, on=True)) == [
            rule._replace(enabled=True) if rule.line == line else rule for rule in rules]


@pytest.mark.parametrize("text", ["0.0.0.0", "255.255.255.255", "0.0.0.0/0", "10.0.0.1-10.0.0.9", "::1",
                                  "::/0"])
def test_every_set_of_addresses_is_kept(text: str) -> None:
    for each in (parse(text), parse(text) | parse("10.0.0.1") | parse("::7"), NOWHERE):
        rule = Rule(Action.DENY, each, ANY, (ANY_SERVICE,), NO_LINE, enabled=False)
        assert PlainRules([rule, rule, rule._replace(destinations=each)]) == [
            rule, rule, rule._replace(destinations=each)]


def test_a_rule_that_changes_packets_is_kept_as_it_is() -> None:
    rule = Rule(Action.CONTINUE, ANY, ANY, (ANY_SERVICE,), 1, effect=Untrack())
    assert list(PlainRules([rule])) == list(special(PlainRules([rule]))) == [rule]

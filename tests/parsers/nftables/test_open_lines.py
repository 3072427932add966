"""Lines of which something stays open: it is said of each what, and which fact settles it, where one can."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof import parsers
from aclproof.parsers.model.notes import State
from aclproof.parsers.source import from_bytes
from tests.parsers.nftables.hosts import OPEN, facts_of, result, verdict

_ONE = "numgen inc mod 2 vmap { 0 : accept }"
_TWO = "numgen inc mod 2 vmap { 0 : accept, 1 : return }"
_OPEN = {
    "meta skuid 0 accept": "whether the test 'meta skuid 0' holds",
    "tcp dport 80 gadget": "'gadget' is not understood",
    "jump gone": "what the chain gone does, which the input does not show",
    "tcp dport vmap { 80 : goto gone }": "what the chain gone does, which the input does not show",
    "tcp dport vmap @gone": "what is in the set gone, which the input does not show",
    _ONE: f"which verdict '{_ONE}' gives", _TWO: f"which verdict '{_TWO}' gives",
    "queue num 5": "whether the program that gets the packets drops or changes them",
    "limit rate 5/second meta skuid 0 accept":
        "whether the test 'limit rate 5/second' holds; whether the test 'meta skuid 0' holds",
    "flow add @ft accept": "whether the rule goes on after 'flow add @ft'",
    "add @x { ip saddr } accept": "whether the test 'add @x { ip saddr }' holds"}
"""Rules, and what of each is open."""


def _with(rule: str) -> str:
    return f"root@gw:~# nft list ruleset\n{OPEN.replace('tcp dport 80 accept', rule)}"


@pytest.mark.parametrize("rule", _OPEN)
def test_what_of_a_line_is_open_is_told(tmp_path: Path, rule: str) -> None:
    found = parsers.parse_all([from_bytes(_with(rule).encode(), "rules.nft")])
    (note,) = (each for each in found.notes if each.state is State.APPROXIMATED)
    assert (str(note.reason), note.span.first_line) == (f"open: {_OPEN[rule]}", 6)
    assert verdict(tmp_path, {"gw.nft": _with(rule)}) == "undecided"


@pytest.mark.parametrize("rule", ["meta skuid 0 counter", "meta skuid 0 log", "flow add @ft", "log counter"])
def test_what_decides_nothing_is_open_to_nobody(rule: str) -> None:
    found = parsers.parse_all([from_bytes(_with(f"{rule}\ntcp dport 80 accept").encode(), "rules.nft")])
    assert not [each for each in found.notes if each.state is State.APPROXIMATED]


@pytest.mark.parametrize("rule", ["tcp dport 80 synproxy mss 1460", "ip daddr set 10.1.1.11 accept"])
def test_what_becomes_of_packets_elsewhere_is_open(tmp_path: Path, rule: str) -> None:
    assert verdict(tmp_path, {"gw.nft": _with(rule)}) == "undecided"


@pytest.mark.parametrize(("rule", "fact", "answers"), [
    ("meta skuid 0 accept", "test meta skuid 0", {"yes": "met", "no": "missing"}),
    (_ONE, f"test {_ONE}", {"yes": "met", "no": "missing"}), (_TWO, "", {}),
    ("queue num 5", "program of line 6", {"no": "met", "yes": "missing"}),
    ("flow add @ft accept", "test flow add @ft", {"yes": "met", "no": "missing"}),
    ("tcp dport 80 gadget", "", {}), ("jump gone", "", {})])
def test_which_fact_settles_it(tmp_path: Path, rule: str, fact: str, answers: dict[str, str]) -> None:
    given = {"gw.nft": _with(rule)}
    assert facts_of(result(tmp_path, given)) == ({fact} if fact else set())
    for answer, expected in answers.items():
        assert verdict(tmp_path, given, facts=f"'{fact}': {answer}") == expected


def test_a_rule_that_can_match_nothing_is_there() -> None:
    text = _with("ip saddr 10.0.0.1 ip saddr 10.0.0.2 accept")
    found = parsers.parse_all([from_bytes(text.encode(), "rules.nft")])
    assert [rule.line for rule in found.chains["inet fw forward"].rules] == [5, 6]


@pytest.mark.parametrize("test", [
    "ct direction reply", "ct direction != original", "ct direction 1", "ct direction != 0",
    "ct direction { reply }", "ct state established", "ct state != { new, invalid, untracked, related }"])
def test_what_lets_answers_pass(tmp_path: Path, test: str) -> None:
    for rule, expected in ((f"{test} accept", "met"), (f"{test} drop", "missing")):
        text = _with("tcp dport 80 accept").replace("ct state established,related accept", rule)
        assert verdict(tmp_path, {"gw.nft": text}) == expected

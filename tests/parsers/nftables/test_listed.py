"""The text and the JSON of one ruleset, printed by nft itself, are one structure; spelling is the way back.

Where nft is not there, the pairs beside this file still are: what nft 1.0.6 printed of the same rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from aclproof.parsers.nftables.text import spell
from tests.parsers.nftables import loaded
from tests.parsers.nftables.comparing import not_understood, plain, read, rules

_KEPT = Path(__file__).with_name("listed")
_STATELESS = ("-s",)


def kept() -> Mapping[str, str]:
    return {option: (_KEPT / f"ruleset{option}.txt").read_text() for option in ("", "-j", "-n")}


@pytest.fixture(params=["kept", "loaded"])
def listed(request: pytest.FixtureRequest) -> Mapping[str, str]:
    if request.param == "kept":
        return kept()
    loaded.skip()
    return loaded.everything()


def test_every_line_is_understood(listed: Mapping[str, str]) -> None:
    for option, text in listed.items():
        form = read(text)
        assert not form.reasons, option
        assert not not_understood(form), option


def test_there_is_enough_to_compare(listed: Mapping[str, str]) -> None:
    assert len(list(rules(read(listed["-j"])))) > 500


def test_text_and_json_of_a_ruleset_are_one_structure(listed: Mapping[str, str]) -> None:
    for option, text in listed.items():
        if option == "-t":
            continue
        counters = option not in _STATELESS
        assert plain(read(text), counters=counters) == plain(read(listed["-j"]), counters=counters), option


def test_handles_are_those_of_json() -> None:
    loaded.skip()
    text, tree = ([rule.handle for _, rule in rules(read(loaded.everything()[option]))]
                  for option in ("-a", "-j"))
    within = [(own, of_json) for own, of_json in zip(text, tree, strict=True) if of_json is not None]
    assert len(within) > 500  # JSON has none in chains without a name
    assert all(own == of_json for own, of_json in within)


def test_rules_of_json_are_spelled_as_nft_prints_them(listed: Mapping[str, str]) -> None:
    lines = listed[""].split("\n")
    printed = [lines[rule.line - 1].strip() for _, rule in rules(read(listed[""]))]
    spelled = [spell.rule(rule.statements, table.family, rule.comment)
               for table, rule in rules(read(listed["-j"]))]
    differ = [(nft, own) for nft, own in zip(printed, spelled, strict=True)
              if nft != own and not nft.endswith("{")]
    assert len(differ) < len(printed) / 50, differ  # versions write some codes and masks otherwise


def test_what_is_spelled_is_read_back(listed: Mapping[str, str]) -> None:
    for table, rule in rules(read(listed["-j"])):
        written = spell.rule(rule.statements, table.family, rule.comment)
        again = read(f"table {table.family} t {{\n chain c {{\n  {written}\n }}\n}}\n")
        (_, found), = rules(again)
        if "cgroupv2" not in written:
            assert (found.statements, found.comment) == (rule.statements, rule.comment), written

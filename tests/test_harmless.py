"""The gate of foreign text alone: what it takes away, and what it leaves as it is."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aclproof.linter.harmless import as_json, first_words, json_text, page, visible, whole, yaml_text
from aclproof.linter.reports.writing.terminal import Page
from aclproof.rules.strict_yaml import load
from tests.reports import readers

TEXTS = st.text(st.one_of(st.characters(), st.sampled_from("#:[]\x1b\n\r\t\u202e\ufe0f avso")), max_size=60)
COMMANDS = st.lists(st.sampled_from([
    "::", "add-mask", "::error ", "##", "##vso[", "[", "]", "section_end:", "1", ":", "##teamcity[", "x", " ",
    "\n", "\x1b[0m"]), max_size=8).map("".join)


@pytest.mark.parametrize(("text", "shown"), [
    ("plain -> é ü 漢字", "plain -> é ü 漢字"), ("a\x1b[1m", r"a\x1b[1m"), ("a\nb\r\t", r"a\nb\r\t"),
    ("\u202ex\u2069", r"\u202ex\u2069"), ("a\u200bb\ufe0fc\u00ad\u3164", r"a\u200bb\ufe0fc\xad\u3164"),
    ("\ud800 \udcff", r"\ud800 \udcff"), ("\U000e0041\U000e0100", r"\U000e0041\U000e0100"),
    ("##[error]x", r"##\x5berror]x"), ("##vso[task.x]y", r"##vso\x5btask.x]y"),
    ("##teamcity[x]", r"##teamcity\x5bx]"), ("section_start:1:a", r"section_start\x3a1:a"),
    ("::add-mask::x", r":\x3aadd-mask::x"), ("a ::error b", r"a :\x3aerror b"),
    ("## x[1]", "## x[1]"), ("section_start: 1", "section_start: 1"), ("std::x", "std::x"),
    ("::1", "::1"), ("::ffff:10.0.0.1", "::ffff:10.0.0.1"), ("::/0, ::dead:beef/96", "::/0, ::dead:beef/96"),
    ("::a-::ff", "::a-::ff"), ("fe80::1", "fe80::1")])
def test_what_becomes_of_a_part_of_a_line(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert visible(shown) == shown


@pytest.mark.parametrize(("text", "shown"), [
    ("  ::x\n", "  :\\x3ax\n"), ("::\n:: a\n", ":\\x3a\n:\\x3a a\n"), ("::1/128\n", "::1/128\n"),
    ("a\n\t::x\n", "a\n\\t::x\n"), ("a::x\n", "a::x\n")])
def test_what_becomes_of_the_beginning_of_a_line(text: str, shown: str) -> None:
    assert whole(text) == shown
    assert whole(shown) == shown


@given(TEXTS | COMMANDS, TEXTS | COMMANDS)
def test_nothing_is_left_that_acts(one: str, two: str) -> None:
    for text in (visible(one), whole(f"{one}\n{two}"), page([one, two]), as_json([one, {two: one}])):
        assert "".join(text.split("\n")).isprintable()
        assert list(readers.commands_of(text)) == []
        assert readers.orders_in(text) == []
    assert page([one, two]).count("\n") == 2
    assert "\n" not in visible(one)


@given(TEXTS | COMMANDS)
@example("\U000e0100")
def test_json_means_the_same_and_yaml_takes_it(text: str) -> None:
    if not any("\ud800" <= each <= "\udfff" for each in text):
        assert json.loads(json_text(text)) == text
        assert json.loads(as_json(text)) == text
    if text.isprintable() and text:
        assert load(f"name: {yaml_text(text)}\n", "x").data == {"name": text}


def test_half_a_character_is_written_out() -> None:
    """RFC 8259 lets readers refuse it, and msgspec does."""
    assert json.loads(as_json(["a\ud800", "\udfff"])) == ["a\\ud800", "\\udfff"]


@pytest.mark.parametrize("before", range(1, 60))
@pytest.mark.parametrize("colour", [False, True])
def test_a_line_may_be_wrapped_anywhere(before: int, colour: bool) -> None:
    text = Page(width=30, colour=colour, label_width=8)
    name = f"{'x' * before}::add-mask::y ##vso[z] ::error::z"
    text.labelled("Label", name)
    text.write(name)
    text.table(["one", "two"], [[name, name]])
    text.verbatim(name, 2)
    assert list(readers.commands_of(text.text())) == []
    assert readers.orders_in(text.text()) == []


def test_colours_of_our_own_stay() -> None:
    assert first_words("\x1b[31mred\x1b[0m\n") == "\x1b[31mred\x1b[0m\n"

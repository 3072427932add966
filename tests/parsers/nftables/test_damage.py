"""Whatever is wrong with an input: one sentence, or every line accounted for; never anything else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclproof.parsers.nftables import forms
from aclproof.parsers.nftables.ruleset import UNKNOWN
from aclproof.parsers.nftables.text.kind import kind
from aclproof.parsers.source import UnsupportedInputError, from_bytes
from tests.parsers.nftables.comparing import rules
from tests.parsers.nftables.rule_lines import base

_TEXT = (Path(__file__).with_name("listed") / "ruleset.txt").read_text()
_JSON = (Path(__file__).with_name("listed") / "ruleset-j.txt").read_text()
_PIECES = (
    *'{ } ( ) " # ; $x @ [ ] , : . - / elements vmap map set ct tcp 0x :: 10.0.0. null [[ {"rule":'.split(),
    "\n", "\\\n", "define x = {", 'include "x"', "jump {", "add rule", "flush ruleset", "\0", "\x1b", "é",
    "\ufeff", "\r")


@st.composite
def damaged(draw: st.DrawFn, whole: str) -> str:
    start = draw(st.integers(0, len(whole) - 1))
    text = whole[start:start + draw(st.integers(1, 4000))] if draw(st.booleans()) else whole[:start]
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(_PIECES)) + text[at + draw(st.integers(0, 5)):]
    return text


def _check(text: str) -> None:
    if not text.strip():
        return
    try:
        source = from_bytes(text.encode(), "x")
        if not kind(source.text):
            return
        form = forms.read(source)
    except UnsupportedInputError:
        return
    assert len(form.states) == form.source.size
    for line in form.reasons:
        form.source.span(line)
    for _, rule in rules(form):
        form.source.span(rule.line)


@given(damaged(_TEXT))
def test_damaged_lists_are_read_or_refused(text: str) -> None:
    _check(f"table ip t {{\n chain c {{\n{text}")


@given(damaged(f"#!/usr/sbin/nft -f\n{base()}"))
def test_damaged_files_are_read_or_refused(text: str) -> None:
    _check(f"flush ruleset\n{text}")


@given(damaged(_JSON))
def test_damaged_json_is_read_or_refused(text: str) -> None:
    _check(f'{{"nftables": [{text}')
    _check(_JSON[:200] + text)


@pytest.mark.parametrize("text", [
    "table T {\n counter c {\n define A = 1", 'table T {\n synproxy S {\n include "x"\n }\n}\n',
    "table T {\n synproxy S {\n undefine A\n", "table T {\n chain C{\n meter M { type colourless };\n}\n}\n",
    "table T {\n limit l {\n rate 400/hour x\n }\n}\n", "table T {\n quota q {\n 25 mbytes used\n }\n}\n"])
def test_what_is_no_part_of_an_object_ends_its_line(text: str) -> None:
    """Reading stopped at none of these once."""
    form = forms.read(from_bytes(text.encode(), "x.nft"))
    assert form.deciding or any(UNKNOWN in str(rule.statements) for table in form.ruleset.tables.values()
                                for chain in table.chains.values() for rule in chain.rules)

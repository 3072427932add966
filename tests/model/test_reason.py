from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from aclproof.reason import AND, Reason, joined

OFFICE = Reason("whether time-range {name} is active", name="OFFICE")
LINE = Reason("line {line} means: {why}", line=7, why=OFFICE)


def test_it_is_its_english_text() -> None:
    assert OFFICE == "whether time-range OFFICE is active"
    assert hash(OFFICE) == hash("whether time-range OFFICE is active")
    assert sorted([LINE, "a", OFFICE, "z"]) == ["a", LINE, OFFICE, "z"]
    assert json.dumps({"because": LINE}) == '{"because": "line 7 means: whether time-range OFFICE is active"}'
    assert f"{LINE}; {OFFICE:.7}" == "line 7 means: whether time-range OFFICE is active; whether"


def test_it_keeps_its_template_and_its_values() -> None:
    assert LINE.template == "line {line} means: {why}"
    assert LINE.values == {"line": 7, "why": OFFICE}
    assert Reason("{mask:#x} of {text!r}, {{as is}}", mask=255, text="a") == "0xff of 'a', {as is}"


def test_a_value_may_have_any_name_and_any_text() -> None:
    assert Reason("{cls} {template} {self}", cls="{cls}", template=1, self="") == "{cls} 1 "
    with pytest.raises(KeyError):
        Reason("{name} is missing")


def test_an_error_gives_its_reason_back() -> None:
    assert str(ValueError(LINE)) is LINE


class Holder(Struct, frozen=True):
    """Something of the core."""

    because: str
    line: int = 1


@pytest.mark.parametrize("again", [
    *(lambda value, protocol=protocol: pickle.loads(pickle.dumps(value, protocol))
      for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)),
    copy.copy, copy.deepcopy, lambda value: replace(value, line=2)])
def test_what_is_copied_stays_a_reason(again: Callable[[Holder], Holder]) -> None:
    found = again(Holder(LINE)).because
    assert isinstance(found, Reason)
    assert (found, found.template, found.values) == (LINE, LINE.template, LINE.values)
    inner = found.values["why"]
    assert isinstance(inner, Reason)
    assert inner.template == OFFICE.template


def test_several_are_joined_and_stay_what_they_are() -> None:
    several = joined("; ", [OFFICE, "{x}", LINE])
    assert several == f"{OFFICE}; {{x}}; {LINE}"
    assert [value for value in several.values.values() if isinstance(value, Reason)] == [OFFICE, LINE]
    assert joined(AND, ["a", "b", "c"]) == "a and b and c"
    assert AND in joined(AND, ["a", "b"]).values.values()
    assert (joined(", ", []), joined(", ", ["a"])) == ("", "a")


@given(st.text(), st.lists(st.text()))
def test_it_is_joined_like_any_text(between: str, parts: list[str]) -> None:
    assert joined(between, parts) == between.join(parts)

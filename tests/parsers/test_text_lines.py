"""Lines that are cut out of a text when they are looked at are those of a list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclproof.parsers import source
from aclproof.parsers.text_lines import TextLines, starts, stream

_SHORT = st.text("ab\n", max_size=40)
_TEXTS = _SHORT | st.builds(lambda end: ("x" * 70 + "\n") * 923 + end, _SHORT)
"""Also around the end of what is cut at once."""


def of(text: str) -> TextLines:
    return TextLines(text, starts(stream(text)))


def expected(text: str) -> list[str | None]:
    found: list[str | None] = []
    found += text.split("\n")
    return found[:-1] if not found[-1] else found


@given(_TEXTS, st.data())
def test_they_are_a_list(text: str, data: st.DataObject) -> None:
    wanted, found = expected(text), of(text)
    for at in data.draw(st.sets(st.integers(0, len(wanted) - 1), max_size=5)) if wanted else ():
        wanted[at] = data.draw(st.sampled_from([None, "", "other"]))
        found.replace(at, wanted[at])
    assert list(found) == list(found[:]) == wanted
    assert list(reversed(found)) == wanted[::-1]
    assert len(found) == len(wanted)
    for at in range(-len(wanted), len(wanted))[-50:]:
        assert found[at] == wanted[at]
        assert found[at:] == wanted[at:]
    for at in (len(wanted), -len(wanted) - 1):
        with pytest.raises(IndexError):
            found[at]


@given(_TEXTS)
def test_all_may_read_otherwise(text: str) -> None:
    found = of(text)
    texts: list[str | None] = ["a" if each == "b" else each for each in expected(text)]
    found.read_as(texts)
    assert list(found) == texts


def test_an_end_of_windows_is_an_end() -> None:
    read = source.from_bytes(b"a\r\nb\r\r\n\nc\r", "f")
    assert list(read.text_lines()) == ["a", "b\r", "", "c\r"]
    assert [read.span(line).text for line in (1, 2, 4)] == ["a", "b", "c"]

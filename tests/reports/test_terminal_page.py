"""A page wraps and colours as the console of rich does, which is asked here; and by hand where it is not."""

from __future__ import annotations

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.table import Table
from rich.text import Text

from aclproof.linter.reports.writing.terminal import Page

STYLES = ("", "bold", "dim", "red", "bold green", "bold yellow", "cyan", "bold magenta")
TEXT = st.text("abcdefgh      -,漢字é🙂", max_size=150)
PARTS = st.lists(st.tuples(TEXT, st.sampled_from(STYLES)), max_size=4)
WORDS = st.lists(st.text("abé", min_size=1, max_size=9), max_size=20).map(" ".join)


def by_rich(content: Text | Table, width: int, *, colour: bool = False) -> list[str]:
    out = StringIO()
    console = Console(file=out, width=width, force_terminal=colour, no_color=not colour, highlight=False,
                      emoji=False, markup=False, color_system="standard" if colour else None,
                      legacy_windows=False)
    console.print(content)
    return [line.rstrip() for line in out.getvalue().splitlines()]


@given(parts=PARTS, width=st.integers(12, 120), colour=st.booleans())
def test_a_paragraph_is_as_rich_writes_it(parts: list[tuple[str, str]], width: int, colour: bool) -> None:
    page = Page(width=width, colour=colour, label_width=8)
    page.write(*parts)
    assert page.text().splitlines() == by_rich(Text.assemble(*parts, overflow="fold"), width, colour=colour)


@given(rows=st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=4), width=st.integers(60, 120))
def test_a_table_is_as_rich_writes_it(rows: list[tuple[str, str, str]], width: int) -> None:
    """But for two columns that are equally wide and have to become narrower: either may."""
    page, table = Page(width=width, colour=False, label_width=8), Table(box=None, pad_edge=False,
                                                                        padding=(0, 3, 0, 0))
    headings = ("one", "number two", "three")
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        table.add_row(*row)
    page.table(headings, rows)
    least, second, _ = sorted(max(map(len, column)) + 3 for column in zip(headings, *rows, strict=True))
    if least + second + second < width:  # so only one column wraps
        assert page.text().splitlines() == by_rich(table, width)


def test_a_column_of_a_narrow_table_loses_nothing() -> None:
    page = Page(width=20, colour=False, label_width=8)
    page.table(("name", "verdict"), [("a", "x" * 30)])
    assert page.text() == f"name   verdict\na      {'x' * 13}\n       {'x' * 13}\n       {'x' * 4}\n"


@pytest.mark.parametrize(("width", "lines"), [
    (24, ["  Label  eins zwei drei", "         vier"]),
    (16, ["  Label  eins", "         zwei", "         drei", "         vier"])])
def test_text_wraps_under_itself_after_its_label(width: int, lines: list[str]) -> None:
    page = Page(width=width, colour=False, label_width=6)
    page.labelled("Label", "eins zwei ", ("drei vier", "bold"))
    assert page.text().splitlines() == lines


def test_a_mark_is_followed_by_two_blanks() -> None:
    page = Page(width=16, colour=True, label_width=6)
    page.item(("12", "bold"), "eins zwei drei", indent=2)
    assert page.text() == "  \x1b[1m12\x1b[0m  eins zwei\n      drei\n"

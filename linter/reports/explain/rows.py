"""Lines of a page: labelled rows, and lists."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping

WIDTH = 80
"""Columns of a line, where a terminal does not say how many it has."""
_WIDEST = 30
"""Columns of a word before its title."""


def page_rows(rows: Mapping[str, str], width: int = WIDTH) -> str:
    """Write a label and its text in each row; nothing for a row without text."""
    column = max(11, *(len(label) + 1 for label, text in rows.items() if text))
    return "".join(wrapped(text, f"  {label:<{column}}", " " * (column + 2), width)
                   for label, text in rows.items() if text)


def wrapped(text: str, first: str = "", others: str = "", width: int = WIDTH) -> str:
    """Write a text in lines, none of its words broken."""
    return textwrap.fill(" ".join(text.split()), width, initial_indent=first, subsequent_indent=others,
                         break_long_words=False, break_on_hyphens=False) + "\n"


def bullets(lines: Iterable[str]) -> str:
    """Write each line with an indent, as long as it is: it is quoted."""
    return "".join(f"  {line}\n" for line in lines)


def titled(rows: Iterable[tuple[str, str]], width: int = WIDTH) -> str:
    """Write words with their titles in a second column; a long word has a line of its own."""
    known = list(rows)
    column = min(_WIDEST, max((len(word) + 2 for word, _ in known), default=0))
    lines: list[str] = []
    for word, title in known:
        first = f"  {word:<{column}}"
        if len(word) + 2 > column:
            lines.append(f"  {word}\n")
            first = " " * (column + 2)
        lines.append(wrapped(title, first, " " * (column + 2), width))
    return "".join(lines)

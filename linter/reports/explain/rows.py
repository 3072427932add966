"""Lines of a page: labelled rows, and lists."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping

_WIDTH = 80


def page_rows(rows: Mapping[str, str]) -> str:
    """Write a label and its text in each row; nothing for a row without text."""
    width = max(11, *(len(label) + 1 for label, text in rows.items() if text))
    return "".join(wrapped(text, f"  {label:<{width}}", " " * (width + 2))
                   for label, text in rows.items() if text)


def wrapped(text: str, first: str = "", others: str = "") -> str:
    """Write a text in lines, none of its words broken."""
    return textwrap.fill(" ".join(text.split()), _WIDTH, initial_indent=first, subsequent_indent=others,
                         break_long_words=False, break_on_hyphens=False) + "\n"


def bullets(lines: Iterable[str]) -> str:
    """Write each line with an indent."""
    return "".join(f"  {line}\n" for line in lines)

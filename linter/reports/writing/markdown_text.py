"""Text in Markdown as GitHub and GitLab render it: nothing foreign becomes markup, a link or a mention.

Escapes do not stop mentions and bare links, which are looked for in what was rendered; code spans do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from aclproof.linter.harmless import visible

_ACTS = re.compile(r"[@#!$%&~^]\w|://|www\.|\bGH-\d|\b[0-9a-f]{7,40}\b", re.IGNORECASE)
"""In a word that holds one of these, a forge would see a mention, a reference, a commit or a link."""


def code(text: str) -> str:
    """Quote foreign text as a code span, outside of tables."""
    return _span(_shown(text))


def cell(text: str) -> str:
    """Quote foreign text as a code span that fits into a table as well; elsewhere it would show escapes."""
    return _span(_in_cell(_shown(text)))


def _shown(text: str) -> str:
    return visible(text).strip() or "-"


def _span(shown: str) -> str:
    ticks = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if shown[0] == "`" or shown[-1] == "`" else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table of cells that are Markdown already."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, ("---",) * len(heads), *rows))


def plain(text: str) -> str:
    """Write a sentence that may hold foreign names."""
    return " ".join(cell(word) if _ACTS.search(word) else re.sub(r"([\\`*_<>\[\]|~#&])", r"\\\1", word)
                    for word in visible(text).split(" "))


def _in_cell(text: str) -> str:
    """Give every `|` an odd number of backslashes, so that no reader takes it for the end of a cell."""
    return re.sub(r"(\\*)\|", lambda found: found[1] + "\\" * (1 + len(found[1]) % 2) + "|", text)

"""The list of decisions, from their own heads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pages import ROOT

FOLDER = ROOT / "docs" / "decisions"
_HEAD = re.compile(r"# (?P<number>\d+)\. (?P<title>.+)\n\n(?P<date>\d{4}-\d\d-\d\d), (?P<status>.+)\.\n")
_STATUS = re.compile(r"accepted|superseded by \[decision \d+\]\((?P<page>\d{4}-[\w-]+\.md)\)")
_ABOVE = """\
# Decisions

Why things are as they are, where the code alone does not say it. A decision is not rewritten when a later one
replaces it: its status then names that one. Numbers are never given twice; 11 and 15 were never used.

| | decision | since | status |
|--:|---|---|---|
"""
_BELOW = """
## To add one

A file `NNNN-what-it-is-about.md` with the next number, at most a screen long, then `make docs`:

```markdown
# 23. What was decided, as a statement

2026-12-31, accepted.

What made a decision necessary, and what was decided. What follows from it, also what is worse now.

What else there was, and why not that. Figures where there are any, and how they were measured.
```

The second paragraph is the date and the status: accepted, or `superseded by` with a link to "decision 24".
"""


class Decision(NamedTuple):
    """What the head of a page says."""

    file: Path
    number: int
    title: str
    date: str
    status: str


def decisions() -> Iterator[Decision]:
    """Read the heads of all pages, by number; ValueError for a page without one."""
    for file in sorted(FOLDER.glob("[0-9]*.md")):
        head = _HEAD.match(file.read_text(encoding="utf-8"))
        if not head or not _STATUS.fullmatch(head["status"]) or f"{int(head['number']):04}" != file.name[:4]:
            raise ValueError(f"{file.name}: it has to begin with number and title, then date and status "
                             "(docs/decisions/README.md)")
        yield Decision(file, int(head["number"]), head["title"], head["date"], head["status"])


def index() -> str:
    """Write docs/decisions/README.md."""
    rows = (f"| {each.number} | [{each.title}]({each.file.name}) | {each.date} | {each.status} |\n"
            for each in decisions())
    return f"{_ABOVE}{''.join(rows)}{_BELOW}"

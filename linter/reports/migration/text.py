"""A migration as plain text: what to open and what to close, one entry for each flow."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from aclproof.linter.harmless import page, visible
from aclproof.linter.reports import Look
from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.migration.sections import (
    Migrated,
    Section,
    heading,
    headline,
    remarks,
    sections,
    state_text,
)
from aclproof.linter.reports.request.entries import Entry, entries, overview


def render(migrated: Migrated, look: Look) -> str:
    """Write the whole migration."""
    words = Words(look.language)
    return page(_lines(migrated, words, look.width))


def _lines(migrated: Migrated, words: Words, width: int) -> Iterator[str]:
    yield from _wrapped(headline(migrated, words), width)
    for section in sections(migrated, words):
        found = entries(section.request, words)
        yield ""
        yield from _wrapped(heading(migrated, section, words), width)
        for entry in found:
            yield from _entry(migrated, section, entry, words, width)
    if notes := list(remarks(migrated, words)):
        yield ""
    for note in notes:
        yield from _wrapped(note, width, 2)


def _entry(migrated: Migrated, section: Section, entry: Entry, words: Words, width: int) -> Iterator[str]:
    yield from _wrapped(f"  {overview(entry)}", width, 6)
    facts = list(_facts(migrated, section, entry, words))
    column = max(len(label) for label, _ in facts) + 2
    for label, text in facts:
        if text:
            yield from textwrap.wrap(visible(text), width, initial_indent=f"    {label:<{column}}",
                                     subsequent_indent=" " * (4 + column), break_long_words=False,
                                     break_on_hyphens=False)


def _facts(migrated: Migrated, section: Section, entry: Entry, words: Words) -> Iterator[tuple[str, str]]:
    """The facts of an entry with their labels; some may be empty."""
    flow = section.request.flows[entry.number - 1]
    to_close = section.change == "close"
    state = "" if to_close else state_text(migrated.state(flow), words)
    yield words("From"), ", ".join(entry.sources)
    yield words("To"), ", ".join(entry.destinations)
    yield words("Now"), state
    yield words("Needed"), entry.needed if flow.severity == "warning" and not to_close else ""
    yield words("Needed for"), ", ".join(entry.methods)
    yield words("Ids"), ", ".join(entry.requirements)


def _wrapped(text: str, width: int, indent: int = 0) -> list[str]:
    return textwrap.wrap(visible(text), width, subsequent_indent=" " * indent, break_long_words=False,
                         break_on_hyphens=False)

"""A migration as plain text: what to open and what to close, one entry for each flow."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from aclproof.linter.harmless import page, visible
from aclproof.linter.reports import Look
from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.migration.sections import Migrated, Section, headline, sections, state_text
from aclproof.linter.reports.request.entries import Entry, entries, overview


def render(migrated: Migrated, look: Look) -> str:
    """Write the whole migration."""
    words = Words(look.language)
    return page(_lines(migrated, words, look.width))


def _lines(migrated: Migrated, words: Words, width: int) -> Iterator[str]:
    yield from _wrapped(headline(migrated, words), width)
    for section in sections(migrated, words):
        found = entries(section.request, words)
        yield from ("", f"{section.title} ({len(found)})")
        for entry in found:
            yield from _entry(migrated, section, entry, words, width)
    assumed = {**migrated.migration.before.assumed, **migrated.migration.after.assumed}
    if assumed:
        yield ""
        yield from _wrapped(words("Assumed: {settings}", settings=", ".join(
            f"{name} {value}" for name, value in assumed.items())), width)
    if migrated.relied_on:
        yield from _wrapped(words("Relied on: {facts}", facts=", ".join(migrated.relied_on)), width)


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
    state = "" if section.change == "close" else state_text(migrated.state(flow), words)
    yield words("From"), ", ".join(entry.sources)
    yield words("To"), ", ".join(entry.destinations)
    yield words("Now"), state
    yield words("Needed"), entry.needed if flow.severity == "warning" else ""
    yield words("Needed for"), ", ".join(entry.methods)
    yield words("Ids"), ", ".join(entry.requirements)


def _wrapped(text: str, width: int, indent: int = 0) -> list[str]:
    return textwrap.wrap(visible(text), width, subsequent_indent=" " * indent, break_long_words=False,
                         break_on_hyphens=False)

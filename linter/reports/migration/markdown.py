"""A migration as Markdown: a table of flows for each thing to be done."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.linter.reports import Look
from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.migration.sections import (
    Migrated,
    heading,
    headline,
    remarks,
    sections,
    state_text,
)
from aclproof.linter.reports.request.entries import entries
from aclproof.linter.reports.request.markdown import cells
from aclproof.linter.reports.writing.markdown_text import plain


def render(migrated: Migrated, look: Look) -> str:
    """Write the whole migration."""
    return "".join(f"{line}\n" for line in _lines(migrated, Words(look.language)))


def _lines(migrated: Migrated, words: Words) -> Iterator[str]:
    yield f"# {plain(headline(migrated, words))}"
    columns = [words("From"), words("To"), words("Service"), words("Now"), words("Needed"),
               words("Needed for"), words("Ids")]
    for section in sections(migrated, words):
        found = list(zip(entries(section.request, words), section.request.flows, strict=True))
        yield from ("", f"## {plain(heading(migrated, section, words))}")
        if found:
            yield from ("", cells(columns), cells(["---"] * len(columns), raw=True))
        for entry, flow in found:
            now = ("", "") if section.change == "close" else (
                state_text(migrated.state(flow), words), entry.needed)
            yield cells([f"{', '.join(entry.sources)} ({entry.source_roles})",
                         f"{', '.join(entry.destinations)} ({entry.destination_roles})", entry.service, *now,
                         ", ".join(entry.methods), ", ".join(entry.requirements)])
    if notes := list(remarks(migrated, words)):
        yield ""
    yield from (f"- {plain(note)}" for note in notes)

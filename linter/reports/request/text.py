"""A port request as plain text, to be mailed or printed."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from aclproof.linter.demands.port_request import PortRequest
from aclproof.linter.harmless import page, visible
from aclproof.linter.reports import Look
from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.request.entries import Entry, entries, heading, overview, preamble, remarks

_LABEL = 14


def render(request: PortRequest, look: Look) -> str:
    """Write the whole request."""
    words = Words(look.language)
    return page(_lines(request, words, look.width))


def _lines(request: PortRequest, words: Words, width: int) -> Iterator[str]:
    yield from (words("Port request"), "")
    for label, text in heading(request, words).items():
        yield from _row(label, text, width, 0)
    yield ""
    for sentence in preamble(words):
        yield from _wrapped(sentence, width, 0)
    found = entries(request, words)
    yield from ("", words("Overview"))
    for each in found:
        yield from _row(f"  {each.number}", overview(each), width, 0, column=6)
    for entry in found:
        number = f"{entry.number}. "
        yield ""
        yield from _row(number, f"{entry.service}  ({entry.needed})", width, 0, column=len(number))
        for label, text in rows(entry, words):
            yield from _row(label, text, width, 3)
    for title, lines in remarks(request, words):
        yield from ("", title)
        for line in lines:
            yield from _wrapped(line, width, 2)


def rows(entry: Entry, words: Words) -> Iterator[tuple[str, str]]:
    """Every fact of an entry with its label, without what its heading has."""
    source = words("source port {ports}", ports=entry.source_ports) if entry.source_ports else ""
    facts = [
        (words("From"), f"{', '.join(entry.sources)}  ({entry.source_roles})"),
        (words("To"), f"{', '.join(entry.destinations)}  ({entry.destination_roles})"),
        (words("Service"), f"{entry.service}{f', {source}' if source else ''}"),
        (words("Direction"), entry.direction), (words("Answers"), entry.answers),
        (words("Firewalls"), " -> ".join(entry.through)), (words("Port"), entry.port_choice),
        (words("Assumed"), ", ".join(entry.assumed)), *((words("Why"), text) for text in entry.why),
        (words("Needed for"), ", ".join(entry.methods)), (words("Ids"), ", ".join(entry.requirements)),
        *((words("Reference"), text) for text in entry.references),
        *((words("Note"), text) for text in entry.notes)]
    return ((label, text) for label, text in facts if text)


def _row(label: str, text: str, width: int, indent: int, column: int = _LABEL) -> list[str]:
    filler = textwrap.TextWrapper(width, initial_indent=f"{' ' * indent}{label:<{column - indent}}",
                                  subsequent_indent=" " * column, break_long_words=False,
                                  break_on_hyphens=False)
    return filler.wrap(visible(text))


def _wrapped(text: str, width: int, indent: int) -> list[str]:
    return textwrap.wrap(visible(text), width, initial_indent=" " * indent,
                         subsequent_indent=" " * (indent + 2 if indent else 0), break_long_words=False,
                         break_on_hyphens=False)

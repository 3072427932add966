"""A port request as Markdown: a table to work from, then the details of each entry."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.linter.demands.port_request import PortRequest
from aclproof.linter.reports import Look
from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.request.entries import Entry, entries, heading, preamble, remarks
from aclproof.linter.reports.request.text import rows
from aclproof.linter.reports.writing.markdown_text import plain


def render(request: PortRequest, look: Look) -> str:
    """Write the whole request."""
    return "".join(f"{line}\n" for line in _lines(request, Words(look.language)))


def _lines(request: PortRequest, words: Words) -> Iterator[str]:
    yield from (f"# {plain(words('Port request'))}", "")
    yield from (_fact(label, text) for label, text in heading(request, words).items())
    yield ""
    yield from (f"- {plain(sentence)}" for sentence in preamble(words))
    found = entries(request, words)
    if found:
        headings = [words("No."), words("From"), words("To"), words("Service"), words("Firewalls"),
                    words("Needed"), words("Needed for"), words("Ids")]
        yield from ("", cells(headings), cells(["---"] * len(headings), raw=True))
        yield from (cells(_short(each)) for each in found)
    for entry in found:
        yield from ("", f"## {entry.number}. {plain(entry.service)}", "")
        yield _fact(words("Needed"), entry.needed)
        yield from (_fact(label, text) for label, text in rows(entry, words))
    for title, lines in remarks(request, words):
        yield from ("", f"## {plain(title)}", "")
        yield from (f"- {plain(line)}" for line in lines)


def _short(entry: Entry) -> list[str]:
    return [str(entry.number), f"{', '.join(entry.sources)} ({entry.source_roles})",
            f"{', '.join(entry.destinations)} ({entry.destination_roles})", entry.service,
            " -> ".join(entry.through), entry.needed, ", ".join(entry.methods), ", ".join(entry.requirements)]


def _fact(label: str, text: str) -> str:
    return f"- **{plain(label)}:** {plain(' '.join(text.split()))}"


def cells(texts: list[str], *, raw: bool = False) -> str:
    """Write a row of a table."""
    return f"| {' | '.join(text if raw else plain(text) for text in texts)} |"

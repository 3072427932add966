"""What the checks of an audit found, for a person at a terminal."""

from __future__ import annotations

from itertools import groupby

from aclproof.linter.observation import Audit, Observation, Rewrite
from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.writing.observed import CAUTION, TITLES, commands, detail, replacing
from aclproof.linter.reports.writing.terminal import Page
from aclproof.parsers.model.notes import Span

_STYLES = {"warning": "bold yellow", "note": "bold"}


def write(page: Page, audit: Audit, words: Words, most: int) -> None:
    """Write the lines of each check, so many at most, and the lines that are the reason."""
    page.gap()
    page.write((words("Audit"), "bold"), ": ", words.count(
        "{n} line is named, which decides no verdict", "{n} lines are named, which decide no verdict",
        len(audit.found)) if audit.found else words("no line is named"))
    for check, group in groupby(audit.found, key=lambda each: each.check):
        found = list(group)
        page.write((check, _STYLES[found[0].severity]), f": {words(TITLES[check])}", indent=2)
        for each in found[:most]:
            _line(page, each, words, most)
        if len(found) > most:
            page.write(words("and {n} more", n=len(found) - most), indent=4)
        if any(each.rewrite and each.rewrite.commands for each in found):
            for rewrite in audit.together:
                _rewrite(page, rewrite, words, 4)
            page.write(words(CAUTION), indent=4)
    if audit.not_told:
        page.write(words.count("not told of {n} line, as it would take too long: {lines}",
                               "not told of {n} lines, as it would take too long: {lines}",
                               len(audit.not_told), lines=", ".join(
                                   str(span) for _, span in audit.not_told[:most])), indent=2)
    page.gap()


def _line(page: Page, each: Observation, words: Words, most: int) -> None:
    page.write((f"{each.span}", "cyan"), f"  {_text(each.span)}", indent=4)
    if text := detail(each, words):
        page.write(text, indent=6)
    for other in each.others[:most]:
        page.write(f"{words('because of')} ", (f"{other}", "cyan"), f"  {_text(other)}", indent=6)
    if len(each.others) > most:
        page.write(words("and {n} more", n=len(each.others) - most), indent=6)
    if each.rewrite:
        _rewrite(page, each.rewrite, words, 6)


def _rewrite(page: Page, found: Rewrite, words: Words, indent: int) -> None:
    """What replaces lines; commands are never wrapped."""
    page.write(replacing(found, words), indent=indent)
    for line in commands(found, words):
        page.verbatim(line, indent + 2)
    for text in found.advice:
        page.write(words("note: {text}", text=words.sentence(text)), indent=indent)


def _text(span: Span) -> str:
    return span.text.strip()

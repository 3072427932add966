"""What the checks of an audit found, for a person at a terminal."""

from __future__ import annotations

from aclproof.linter.observation import Audit, Observation, Rewrite
from aclproof.linter.reports.language.language import Words, message
from aclproof.linter.reports.writing.observed import (
    CAUTION,
    LEVELS,
    RELATIONS,
    commands,
    counted,
    detail,
    groups,
    left_open,
    replacing,
)
from aclproof.linter.reports.writing.terminal import Page
from aclproof.parsers.model.notes import Span

_STYLES = {"warning": "bold yellow", "note": "bold"}
STATES = {"new": message("(new since the baseline)"), "grown": message("(grown since the baseline)"),
          "unchanged": message("(known from the baseline)"), "shrunk": message("(known from the baseline)")}


def write(page: Page, audit: Audit, words: Words, most: int | None) -> None:
    """Write the lines of each check, and the lines that are the reason: so many at most, None for all.

    Where not all are shown, those that a baseline has are counted.
    """
    page.write((words("Audit"), "bold"), f": {counted(audit, words)}")
    for group in groups(audit, words):
        page.write((group.check, _STYLES[group.level]), f" ({words(LEVELS[group.level])}): {group.title}",
                   indent=2)
        known = [each for each in group.found if each.known]
        new = [each for each in group.found if not each.known]
        for each in group.found if most is None else new[:most]:
            _line(page, each, words, most, own=group.own)
        if most is not None and len(new) > most:
            page.write(words("and {n} more; -v shows all", n=len(new) - most), indent=4)
        if most is not None and known:
            page.write(words("{n} known from the baseline", n=len(known)), indent=4)
        if any(each.rewrite and each.rewrite.commands for each in group.found):
            for rewrite in audit.together:
                _rewrite(page, rewrite, words, 4)
            page.write(words(CAUTION), indent=4)
    for text in left_open(audit, words, most):
        page.write(text, indent=2)
    page.gap()


def _line(page: Page, each: Observation, words: Words, most: int | None, *, own: bool) -> None:
    mark = f"{words(STATES[each.baseline])} " if each.baseline else ""
    page.write((f"{each.span}", "cyan"), "  ", (mark, "yellow"), _text(each.span), indent=4)
    if own and (text := detail(each, words)):
        page.write(text, indent=6)
    for other in each.others[:most]:
        page.write(f"{words(RELATIONS[each.check])} ", (f"{other}", "cyan"), f"  {_text(other)}", indent=6)
    if most is not None and len(each.others) > most:
        page.write(words("and {n} more; -v shows all", n=len(each.others) - most), indent=6)
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

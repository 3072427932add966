"""What devices and hosts said, for a person at a terminal."""

from __future__ import annotations

from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.writing.said import (
    TITLES,
    asked,
    by_requirement,
    counted,
    remarks,
    sentence,
    whose,
)
from aclproof.linter.reports.writing.terminal import Page
from aclproof.linter.reports.writing.wording import few
from aclproof.linter.result import Result
from aclproof.linter.testimony import Said, Testimony

_STYLES = {"contradicted": "bold red", "unexplained": "bold yellow"}


def write(page: Page, result: Result, testimony: Testimony, words: Words, most: int) -> None:
    """Write the answers by how they stand to the proof, so many of each at most."""
    page.write((words("What devices say"), "bold"), ": ", counted(testimony, words))
    for text in remarks(testimony, words):
        page.write((text, "yellow"), indent=2)
    for standing, title in TITLES.items():
        found = testimony.of(standing)
        if found:
            page.write((words(title), _STYLES.get(standing, "bold")), ":", indent=2)
        for each in found[:most]:
            _said(page, each, words)
        if len(found) > most:
            page.write(words("and {n} more; -v shows all", n=len(found) - most), indent=4)
    for name, text in by_requirement(result, words):
        page.write((f"{name}  ", "dim"), text, indent=2)
    if testimony.not_asked:
        page.write(words("'aclproof probe' prints what is not asked."), indent=2)
    read = [f"{each.name} ({words.count('{n} answer', '{n} answers', each.answers)})"
            for each in testimony.transcripts if each.answers]
    page.write(words("Transcripts"), f": {few(read, most, words)}", indent=2)
    page.gap()


def _said(page: Page, each: Said, words: Words) -> None:
    where = f"{each.firewall}: " if each.firewall else ""
    page.write((f"{each.answer.span}", "cyan"), f"  {where}{asked(each.answer, words)}", indent=4)
    if text := sentence(each, words):
        page.write(text, indent=6)
    if each.decided_by and each.standing == "contradicted":
        page.write(f"{words('decided here by')} ", (f"{each.decided_by}", "cyan"),
                   f"  {each.decided_by.text.strip()}", indent=6)
    if (text := whose(each, words)) and each.standing in _STYLES:
        page.write(text, indent=6)

"""What a change does to many sites: those that fare alike are one block, and a few lines sum up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Literal

from msgspec import Struct

from aclproof.linter.diff.comparison import DemandChange
from aclproof.linter.harmless import visible, whole
from aclproof.linter.reports.diff import DiffReport, indented
from aclproof.linter.reports.diff.full_text import FullText
from aclproof.linter.reports.diff.labelled import paragraph
from aclproof.linter.reports.language.language import Words, message
from aclproof.linter.reports.writing.markdown_text import cell
from aclproof.linter.reports.writing.wording import few
from aclproof.linter.site.site import name_of

State = Literal["unchanged", "changed", "added", "removed"]
Mark = Literal["unread", "worse", "unclear", "opened", "perhaps opened", "better"]
_STATES: dict[State, str] = {"unchanged": message("{n} unchanged"), "changed": message("{n} changed"),
                             "added": message("{n} added"), "removed": message("{n} removed")}
_MARKS: dict[Mark, str] = {
    "unread": message("NOT READ"), "worse": message("WORSE"), "unclear": message("UNCLEAR"),
    "opened": message("opens more than any requirement asks"),
    "perhaps opened": message("may open more than any requirement asks"), "better": message("better")}
"""The worst first."""
_SINGLE: dict[State, str] = {"added": message("Added, and not compared"),
                             "removed": message("Removed, and not compared")}
_MOST_NAMES = 10


class SiteDiff(Struct, frozen=True):
    """A site before and after."""

    name: str
    """The site file, from the folder."""
    state: State
    code: int = 0
    """The exit code that it alone would have."""
    report: str = ""
    marks: frozenset[Mark] = frozenset()
    alike: Hashable = ""
    """What it has in common with sites that fare alike."""

    @property
    def urgency(self) -> int:
        """How early it is listed."""
        return next((place for place, mark in enumerate(_MARKS) if mark in self.marks), len(_MARKS))


def marks_of(report: DiffReport) -> frozenset[Mark]:
    """Return what a change does to a site, in short."""
    comparison = report.change.comparison
    better = any(each.better for each in comparison.methods) or any(
        each.better for each in comparison.demands)
    found: dict[Mark, bool] = {
        "worse": comparison.worse, "unclear": comparison.unclear,
        "opened": any(each.certain for each in report.opened),
        "perhaps opened": any(not each.certain for each in report.opened),
        "better": better and not (comparison.worse or comparison.unclear)}
    return frozenset(mark for mark, is_so in found.items() if is_so)


def alike_of(report: DiffReport) -> Hashable:
    """Return what reports have in common that say the same, but for addresses and lines that stayed."""
    if report.lists is not None:
        return report.new
    change, full = report.change, FullText(Words())
    return (tuple((each.id, each.before, each.after, each.better) for each in change.comparison.methods),
            tuple(_of_demand(each) for each in change.comparison.demands if each.differs),
            tuple(map(full.opened, report.opened)), any(lines.any for lines in change.lines.values()))


def _of_demand(change: DemandChange) -> Hashable:
    boxes = (change.permitted, change.denied, change.undecided, change.required)
    return (change.requirement.id, change.before, change.after, change.worse, change.unclear,
            tuple(map(bool, boxes)), change.stopped_at, change.hops,
            tuple((each.sign, str(each.line.span), each.line.text) for each in change.changed))


def text(sites: Sequence[SiteDiff], words: Words) -> str:
    """Write a block for each group of sites that fare alike, the worst first, and what it comes to."""
    lines: list[str] = []
    for some in _groups(sites):
        lines += [*paragraph(_heading(some, words)), some[0].report]
    lines += [line for part in _summary(sites, words) for line in paragraph(part)]
    return "".join(f"{line}\n" for line in lines)


def markdown(sites: Sequence[SiteDiff], words: Words) -> str:
    """Write the same as Markdown, with what it comes to at the beginning."""
    counts, *marks = _summary(sites, words, quote=True)
    lines = [f"## {words('Firewall change')}: {counts}", "", *(f"- {each}" for each in marks), ""]
    for some in _groups(sites):
        lines += [f"### {_heading(some, words, quote=True)}", "", indented(some[0].report), ""]
    return whole("\n".join(lines))


def _groups(sites: Iterable[SiteDiff]) -> list[list[SiteDiff]]:
    found: dict[Hashable, list[SiteDiff]] = {}
    for each in sites:
        if each.report:
            found.setdefault((each.marks, each.alike), []).append(each)
    return sorted(found.values(), key=lambda some: (some[0].urgency, -len(some)))


def _heading(some: Sequence[SiteDiff], words: Words, *, quote: bool = False) -> str:
    first = cell(some[0].name) if quote else f"=== {some[0].name}"
    if len(some) == 1:
        return first
    others = _names(some[1:], words, quote=quote)
    return words.count("{site}, and alike at {n} more site: {others}",
                       "{site}, and alike at {n} more sites: {others}", len(some) - 1,
                       site=first, others=others)


def _summary(sites: Sequence[SiteDiff], words: Words, *, quote: bool = False) -> Iterator[str]:
    counts = Counter(each.state for each in sites)
    yield ", ".join(words(said, n=counts[state]) for state, said in _STATES.items() if counts[state])
    listed = [(said, [each for each in sites if each.state == state]) for state, said in _SINGLE.items()]
    listed += [(said, [each for each in sites if mark in each.marks]) for mark, said in _MARKS.items()]
    for said, some in listed:
        if some:
            number = words.count("{n} site", "{n} sites", len(some))
            yield f"{words(said)} ({number}): {_names(some, words, quote=quote)}"


def _names(sites: Sequence[SiteDiff], words: Words, *, quote: bool) -> str:
    names = [name_of(each.name) for each in sites]
    return few([cell(each) if quote else visible(each) for each in names], _MOST_NAMES, words)

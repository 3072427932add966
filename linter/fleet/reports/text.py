"""The report of many sites for a terminal: how they end, what stops most of them, and which to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from msgspec.structs import replace

from aclproof.linter.fleet.outcome import MethodOutcome, Outcome
from aclproof.linter.fleet.reports import Run, Sink, wording
from aclproof.linter.fleet.reports.totals import Totals
from aclproof.linter.fleet.reports.wording import ENDS, VERDICTS
from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.writing.terminal import Page, Part

_MOST_SITES = 40
_MOST_CAUSES = 6
_MOST_PROBLEMS = 3


class Text:
    """A table of methods, the worst causes, and a line for each site that is not proven; -v for every one.

    Those of which something was not checked come last.
    """

    def __init__(self, run: Run, sink: Sink) -> None:
        self._sink, self._run, self._words = sink, run, Words(run.look.language)
        self._totals = Totals()
        self._rows: list[Outcome] = []
        self._problems: Counter[str] = Counter()
        """At how many sites each was found."""

    def add(self, outcome: Outcome) -> None:
        """Keep what is shown of it."""
        self._totals.add(outcome)
        if self._run.look.verbose and (text := outcome.pieces.get("text")):
            self._sink.write(f"=== {outcome.site}\n{text}\n")
        self._problems.update({*outcome.problems})
        if wording.is_listed(outcome) or self._run.look.verbose:
            self._rows.append(replace(outcome, causes=(), files=(), gaps=None, pieces={}))

    def close(self) -> None:
        """Write all of it."""
        look = self._run.look
        page = Page(width=look.width, colour=look.colour, label_width=10)
        self._methods(page)
        for kind, heading in (("line", self._words("What stops most sites")),
                              ("question", self._words("What is open at most sites"))):
            self._causes(page, kind, heading)
        self._sites(page, self._shared_problems(page))
        self._ends(page)
        self._sink.write(page.text())

    def _methods(self, page: Page) -> None:
        words = self._words
        if not self._totals.methods:
            return
        headings = (words("Method"), *(words(each) for each in VERDICTS.values()))
        page.table(headings, wording.method_rows(self._totals, words))
        page.gap()

    def _causes(self, page: Page, kind: str, heading: str) -> None:
        words, found = self._words, self._totals.worst(kind)
        if not found:
            return
        page.write((heading, "bold"))
        for each in found[:_MOST_CAUSES]:
            where = f"{each.cause.place}  " if each.cause.place else ""
            page.write(words.count("{n} site", "{n} sites", each.sites), "  ", (where, "bold"),
                       each.cause.said, indent=2)
        if len(found) > _MOST_CAUSES:
            page.write(words("and {n} more", n=len(found) - _MOST_CAUSES), indent=2)
        page.gap()

    def _shared_problems(self, page: Page) -> list[str]:
        """Write what is wrong at most sites, as of a file that they have in common, and return that."""
        words = self._words
        shared = sorted((each for each, sites in self._problems.items() if sites > 1),
                        key=lambda each: (-self._problems[each], each))[:_MOST_CAUSES]
        if shared:
            page.write((words("What is wrong at several sites"), "bold"))
            for problem in shared:
                page.write(words.count("{n} site", "{n} sites", self._problems[problem]), "  ",
                           words.sentence(problem), indent=2)
            page.gap()
        return shared

    def _sites(self, page: Page, told: Collection[str]) -> None:
        words = self._words
        most = len(self._rows) if self._run.look.verbose else _MOST_SITES
        rows = self._rows if self._run.look.verbose else sorted(
            self._rows, key=lambda row: (not row.new, row.end == "proven"))
        for row in rows[:most]:
            word, style = ENDS[row.end]
            page.write((row.site, "bold"), "  ", (words(word), style))
            for part in _methods_of(row.methods, words):
                page.write(*part, indent=2)
            for word, style, names in wording.unmet(row, words):
                page.write((word, style), ": ", names, indent=2)
            problems = [each for each in row.problems if each not in told]
            for problem in problems[:_MOST_PROBLEMS]:
                page.write(words.sentence(problem), indent=2)
            if len(problems) > _MOST_PROBLEMS:
                page.write(words("and {more} more problems", more=len(problems) - _MOST_PROBLEMS), indent=2)
        if len(self._rows) > most:
            page.write(words("and {n} more sites: -v shows all", n=len(self._rows) - most))
        if self._rows:
            page.gap()

    def _ends(self, page: Page) -> None:
        words, totals = self._words, self._totals
        parts: list[Part] = [words.count("{n} site", "{n} sites", totals.sites), ": " if totals.ends else ""]
        for number, (end, (word, style)) in enumerate((end, look) for end, look in ENDS.items()
                                                      if totals.ends[end]):
            parts += [", " if number else "", (f"{totals.ends[end]} {words(word)}", style)]
        page.write(*parts, ".")
        if met := wording.requirements(totals, words):
            page.write(met, ".")
        if new := wording.new(totals, words):
            page.write((new, "bold red"))
        if totals.sites < self._run.sites:
            page.write(words("Stopped: {n} sites were not looked at.", n=self._run.sites - totals.sites))
        if step := wording.next_step(totals, words):
            page.write(step)


def _methods_of(methods: tuple[MethodOutcome, ...], words: Words) -> Iterator[list[Part]]:
    """One line for each verdict that asks for something to be done: which methods have it."""
    for verdict, style in (("blocked", "red"), ("undecided", "yellow")):
        titles = [words.of(each.title) for each in methods if each.verdict == verdict]
        if titles:
            yield [(words(VERDICTS[verdict]), style), ": ", ", ".join(titles)]
    for title, said in wording.unchecked(methods, words):
        yield [(said, "yellow"), ": ", title]

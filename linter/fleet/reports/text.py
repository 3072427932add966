"""The report of many sites for a terminal: how they end, what stops most of them, and which to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from msgspec.structs import replace

from aclproof.linter.fleet.outcome import Outcome
from aclproof.linter.fleet.reports import FEW, Run, Sink, wording
from aclproof.linter.fleet.reports.totals import Totals
from aclproof.linter.fleet.reports.wording import ENDS
from aclproof.linter.observation import CHECKS
from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.writing.observed import LEVELS, TITLES
from aclproof.linter.reports.writing.terminal import Page, Part
from aclproof.linter.reports.writing.wording import few

_MOST_SITES = 40
_MOST_CAUSES = 6
_MOST_NAMED = 3
"""Lines that a check names."""
_MOST_PLACES = 2
_MOST_PROBLEMS = 3


class Text:
    """A table of methods, the worst causes, and a line for each site that is not proven; -v for every one.

    The worst come first. Of few sites the whole report of each that is not proven stands before all of it.
    """

    def __init__(self, run: Run, sink: Sink) -> None:
        self._sink, self._run, self._words = sink, run, Words(run.look.language)
        self._totals = Totals()
        self._rows: list[Outcome] = []
        self._accepted = 0
        """Sites that are accepted, and not listed."""
        self._problems: Counter[str] = Counter()
        """At how many sites each was found."""

    def add(self, outcome: Outcome) -> None:
        """Keep what is shown of it."""
        self._totals.add(outcome)
        verbose, asks = self._run.look.verbose, wording.asks(outcome)
        if (verbose or (asks and self._run.sites <= FEW)) and (text := outcome.pieces.get("text")):
            self._sink.write(f"=== {outcome.site}\n{text}\n")
        self._problems.update({*outcome.problems})
        self._accepted += outcome.end == "accepted" and not asks
        if asks or verbose:
            self._rows.append(replace(outcome, causes=(), files=(), known=None, pieces={}))

    def close(self) -> None:
        """Write all of it."""
        look = self._run.look
        page = Page(width=look.width, colour=look.colour, label_width=10)
        self._methods(page)
        words = self._words
        for kind, most, one in (("line", words("What stops most sites"), words("What stops it")),
                                ("question", words("What is open at most sites"), words("What is open"))):
            self._causes(page, kind, most, one)
        self._audit(page)
        self._sites(page, self._shared_problems(page))
        self._ends(page)
        self._sink.write(page.text())

    def _methods(self, page: Page) -> None:
        words = self._words
        if not self._totals.methods:
            return
        page.table(wording.method_headings(self._totals, words), wording.method_rows(self._totals, words))
        page.gap()

    def _causes(self, page: Page, kind: str, most: str, one: str) -> None:
        """Write the worst causes, under `most`, or under `one` where each of them is at one site."""
        words, found = self._words, self._totals.alike(kind)
        if not found:
            return
        page.write((most if found[0].sites > 1 else one, "bold"))
        for each in found[:_MOST_CAUSES]:
            where = f"{few(each.places, _MOST_PLACES, words)}  " if each.places else ""
            page.write(words.count("{n} site", "{n} sites", each.sites), "  ", (where, "bold"),
                       each.causes[0].cause.said, indent=2)
        if len(found) > _MOST_CAUSES:
            page.write(words("and {n} more", n=len(found) - _MOST_CAUSES), indent=2)
        page.gap()

    def _audit(self, page: Page) -> None:
        """Write how many lines each check names, and those that it names at most sites."""
        words, totals = self._words, self._totals
        for number, (check, lines, sites) in enumerate(wording.checks(totals)):
            if not number:
                page.write((words("What checks name"), "bold"))
            page.write((check, "bold"), f" ({words(LEVELS[CHECKS[check]])}): ",
                       words.count("{n} time", "{n} times", lines), ", ",
                       words.count("at {n} site", "at {n} sites", sites), f": {words(TITLES[check])}",
                       indent=2)
            shown = totals.alike(check)[:_MOST_NAMED]
            for each in shown:
                page.write(words.count("{n} site", "{n} sites", each.sites), "  ",
                           (few(each.places, _MOST_PLACES, words), "bold"), f"  {each.causes[0].cause.said}",
                           indent=4)
            if more := wording.further(totals, check, shown, words):
                page.write(more, indent=4)
        if totals.named.some:
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
        rows = self._rows if self._run.look.verbose else sorted(self._rows, key=wording.urgency)
        for row in rows[:most]:
            word, style = ENDS[row.end]
            page.write((row.site, "bold"), "  ", (words(word), style))
            for title, said in wording.unchecked(row.methods, words):
                page.write((said, "yellow"), ": ", title, indent=2)
            for word, style, names in (*wording.unmet_methods(row, words), *wording.lacks(row, words)):
                page.write((word, style), ": ", names, indent=2)
            problems = [each for each in row.problems if each not in told]
            for problem in problems[:_MOST_PROBLEMS]:
                page.write(words.sentence(problem), indent=2)
            if len(problems) > _MOST_PROBLEMS:
                page.write(words("and {more} more problems", more=len(problems) - _MOST_PROBLEMS), indent=2)
        if len(self._rows) > most:
            page.write(words.count("and {n} more site: -v shows all", "and {n} more sites: -v shows all",
                                   len(self._rows) - most))
        if self._accepted:
            page.write(words.count("{n} site is accepted and not listed: -v shows all",
                                   "{n} sites are accepted and not listed: -v shows all", self._accepted))
        if self._rows or self._accepted:
            page.gap()

    def _ends(self, page: Page) -> None:
        words, totals = self._words, self._totals
        parts: list[Part] = [wording.sites(totals, self._run.sites, words), ": " if totals.ends else ""]
        for number, counted in enumerate(wording.ends(totals, words)):
            parts += [", " if number else "", counted]
        page.write(*parts, ".")
        if met := wording.requirements(totals, words):
            page.write(met, ".")
        if new := wording.new(totals, words):
            page.write((new, "bold red"))
        if assumed := wording.assumed(totals, words):
            page.write((assumed, "bold yellow"))
        if audit := wording.audit(totals, words):
            page.write(audit, ".")
        if judged := wording.judged_again(totals, words):
            page.write(judged, ".")
        if stopped := wording.stopped(totals, self._run.sites, words):
            page.write((stopped, "bold red"))
        for step in wording.next_steps(totals, words):
            page.write(f"{step}.")

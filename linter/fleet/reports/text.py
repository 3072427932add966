"""The report of many sites for a terminal: how they end, what stops most of them, and which to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aclproof.linter.fleet.outcome import End, MethodOutcome, Outcome
from aclproof.linter.fleet.reports import Run, Sink
from aclproof.linter.fleet.reports.totals import Totals
from aclproof.linter.reports.language.language import Words, message
from aclproof.linter.reports.writing.terminal import Page, Part
from aclproof.linter.reports.writing.wording import with_counts

ENDS: dict[End, tuple[str, str]] = {
    "proven": (message("proven"), "green"), "accepted": (message("accepted, not proven"), "magenta"),
    "unproven": (message("not all proven"), "yellow"),
    "missing": (message("something missing"), "bold red"), "unreadable": (message("NOT READ"), "bold red"),
    "failed": (message("FAILED"), "bold red")}
"""How a site ended, in words, and their style."""
VERDICTS = {"works": message("works"), "blocked": message("blocked"), "undecided": message("undecided"),
            "not-assessed": message("not assessed")}
"""The verdict of a method at a site."""
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
        self._rows: list[tuple[str, End, tuple[MethodOutcome, ...], tuple[str, ...]]] = []

    def add(self, outcome: Outcome) -> None:
        """Keep what is shown of it."""
        self._totals.add(outcome)
        if self._run.look.verbose and (text := outcome.pieces.get("text")):
            self._sink.write(f"=== {outcome.site}\n{text}\n")
        if outcome.end != "proven" or is_unchecked(outcome) or self._run.look.verbose:
            self._rows.append((outcome.site, outcome.end, outcome.methods, outcome.problems))

    def close(self) -> None:
        """Write all of it."""
        look = self._run.look
        page = Page(width=look.width, colour=look.colour, label_width=10)
        self._methods(page)
        self._causes(page, "line", self._words("What stops most sites"))
        self._causes(page, "question", self._words("What is open at most sites"))
        self._sites(page)
        self._ends(page)
        self._sink.write(page.text())

    def _methods(self, page: Page) -> None:
        words = self._words
        if not self._totals.methods:
            return
        headings = (words("Method"), *(words(each) for each in VERDICTS.values()))
        page.table(headings, [(words.of(title), *(str(verdicts.get(each, 0)) for each in VERDICTS))
                              for title, verdicts in self._totals.methods.values()])
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

    def _sites(self, page: Page) -> None:
        words = self._words
        most = len(self._rows) if self._run.look.verbose else _MOST_SITES
        rows = sorted(self._rows, key=lambda row: row[1] == "proven" and not self._run.look.verbose)
        for site, end, methods, problems in rows[:most]:
            word, style = ENDS[end]
            page.write((site, "bold"), "  ", (words(word), style))
            for part in _methods_of(methods, words):
                page.write(*part, indent=2)
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
        if totals.sites < self._run.sites:
            page.write(words("Stopped: {n} sites were not looked at.", n=self._run.sites - totals.sites))


def is_unchecked(outcome: Outcome) -> bool:
    """Whether something was not checked that supports a method which works."""
    return any(each.unchecked and each.verdict == "works" for each in outcome.methods)


def unchecked(methods: Iterable[MethodOutcome], words: Words) -> Iterator[tuple[str, str]]:
    """The title and the verdict of each method that works with something unchecked, as in single reports."""
    for each in methods:
        if each.unchecked and each.verdict == "works":
            yield words.of(each.title), with_counts(words(VERDICTS["works"]), each.warnings, each.unchecked,
                                                    words)


def _methods_of(methods: tuple[MethodOutcome, ...], words: Words) -> Iterator[list[Part]]:
    """One line for each verdict that asks for something to be done: which methods have it."""
    for verdict, style in (("blocked", "red"), ("undecided", "yellow")):
        titles = [words.of(each.title) for each in methods if each.verdict == verdict]
        if titles:
            yield [(words(VERDICTS[verdict]), style), ": ", ", ".join(titles)]
    for title, said in unchecked(methods, words):
        yield [(said, "yellow"), ": ", title]

"""The report of many sites in Markdown: for a pull request and the summary of a step."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.linter.fleet.outcome import Outcome
from aclproof.linter.fleet.reports import Run, Sink, wording
from aclproof.linter.fleet.reports.totals import Totals
from aclproof.linter.fleet.reports.wording import ENDS
from aclproof.linter.observation import CHECKS
from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.writing.markdown_text import cell, plain, table
from aclproof.linter.reports.writing.observed import LEVELS, TITLES
from aclproof.linter.reports.writing.wording import few

_MOST_SITES = 100
_MOST_CAUSES = 10
_MOST_PLACES = 3


class Markdown:
    """Three tables: methods, causes, and the sites that are not proven."""

    def __init__(self, run: Run, sink: Sink) -> None:
        self._sink, self._run, self._words = sink, run, Words(run.look.language)
        self._totals = Totals()
        self._rows: dict[int, list[tuple[str, ...]]] = {}
        """By urgency."""
        self._left = 0

    def add(self, outcome: Outcome) -> None:
        """Keep its row, unless it is proven and nothing was left out."""
        self._totals.add(outcome)
        if outcome.end != "accepted" and not wording.asks(outcome):
            return
        rows = self._rows.setdefault(wording.urgency(outcome), [])
        if len(rows) == _MOST_SITES:
            self._left += 1
            return
        words = self._words
        left = ", ".join(f"{title} ({said})" for title, said in wording.unchecked(outcome.methods, words))
        lacking = (*wording.unmet_methods(outcome, words), *wording.lacks(outcome, words))
        why = [left, *map(words.sentence, outcome.problems[:1]),
               *(f"{word}: {names}" for word, _, names in lacking)]
        site = self._run.look.places.path(outcome.site)
        shown = "<br>".join(plain(each) for each in why if each)
        rows.append((cell(site), words(ENDS[outcome.end][0]), shown))

    def close(self) -> None:
        """Write the tables."""
        words, totals = self._words, self._totals
        ends = ", ".join(counted for counted, _ in wording.ends(totals, words))
        sites = wording.sites(totals, self._run.sites, words)
        lines = [f"## {': '.join(filter(None, (words('Firewall check'), sites, ends)))}", ""]
        if stopped := wording.stopped(totals, self._run.sites, words):
            lines += [f"**{stopped}**", ""]
        facts = (wording.requirements, wording.new, wording.assumed, wording.audit,
                 wording.judged_again)
        if said := list(filter(None, (each(totals, words) for each in facts))):
            lines += [plain(". ".join(said)), ""]
        if totals.methods:
            lines += [table(wording.method_headings(totals, words),
                            ((plain(title), *counts)
                             for title, *counts in wording.method_rows(totals, words))), ""]
        causes = [*totals.alike("line")[:_MOST_CAUSES], *totals.alike("question")[:_MOST_CAUSES]]
        if causes:
            lines += [table((words("Sites"), words("Line"), words("Cause")),
                            ((str(each.sites), few([*map(cell, each.places)], _MOST_PLACES, words),
                              cell(each.causes[0].cause.said)) for each in causes)), ""]
        lines += self._audit()
        rows = [row for urgency in sorted(self._rows) for row in self._rows[urgency]]
        if rows:
            lines.append(table((words("Site"), words("Verdict"), words("Because of")), rows[:_MOST_SITES]))
        if left := self._left + max(len(rows) - _MOST_SITES, 0):
            lines += ["", words.count("and {n} more site", "and {n} more sites", left)]
        if steps := list(wording.next_steps(totals, words)):
            lines += ["", plain(". ".join(steps))]
        self._sink.write("".join(f"{line}\n" for line in lines))

    def _alike(self, check: str) -> Iterator[str]:
        """The lines that a check names at most sites, and how often it names others."""
        words, shown = self._words, self._totals.alike(check)[:_MOST_PLACES]
        for each in shown:
            places = few([*map(cell, each.places)], _MOST_PLACES, words)
            yield f"{each.sites} × {places} {cell(each.causes[0].cause.said)}"
        if more := wording.further(self._totals, check, shown, words):
            yield more

    def _audit(self) -> list[str]:
        """A table of the checks that name something."""
        words, totals = self._words, self._totals
        rows = [(f"{check} ({words(LEVELS[CHECKS[check]])}): {words(TITLES[check])}", str(lines), str(sites),
                 "<br>".join(self._alike(check)))
                for check, lines, sites in wording.checks(totals)]
        heads = words("Check"), words("Times"), words("Sites"), words("Named at most sites")
        return [table(heads, rows), ""] if rows else []

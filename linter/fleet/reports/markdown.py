"""The report of many sites in Markdown: for a pull request and the summary of a step."""

from __future__ import annotations

from aclproof.linter.fleet.outcome import Outcome
from aclproof.linter.fleet.reports import Run, Sink, wording
from aclproof.linter.fleet.reports.totals import Totals
from aclproof.linter.fleet.reports.wording import ENDS, VERDICTS
from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.writing.markdown_text import cell, plain, table

_MOST_SITES = 100
_MOST_CAUSES = 10


class Markdown:
    """Three tables: methods, causes, and the sites that are not proven."""

    def __init__(self, run: Run, sink: Sink) -> None:
        self._sink, self._run, self._words = sink, run, Words(run.look.language)
        self._totals = Totals()
        self._new: list[tuple[str, ...]] = []
        """Rows of sites where something is new since the baseline: they come first."""
        self._rows: list[tuple[str, ...]] = []
        self._left = 0

    def add(self, outcome: Outcome) -> None:
        """Keep its row, unless it is proven and nothing was left out."""
        self._totals.add(outcome)
        if not wording.is_listed(outcome):
            return
        rows = self._new if outcome.new else self._rows
        if len(rows) == _MOST_SITES:
            self._left += 1
            return
        words = self._words
        titles = ", ".join(words.of(each.title) for each in outcome.methods
                           if each.verdict in ("blocked", "undecided"))
        left = ", ".join(f"{title} ({said})" for title, said in wording.unchecked(outcome.methods, words))
        why = [titles, left, *map(words.sentence, outcome.problems[:1]),
               *(f"{word}: {names}" for word, _, names in wording.unmet(outcome, words))]
        site = self._run.look.places.path(outcome.site)
        shown = "<br>".join(plain(each) for each in why if each)
        rows.append((cell(site), words(ENDS[outcome.end][0]), shown))

    def close(self) -> None:
        """Write the tables."""
        words, totals = self._words, self._totals
        ends = ", ".join(f"{totals.ends[end]} {words(word)}" for end, (word, _) in ENDS.items()
                         if totals.ends[end])
        sites = words.count("{n} site", "{n} sites", totals.sites)
        lines = [f"## {words('Firewall check')}: {sites}: {ends}", ""]
        if said := list(filter(None, (wording.requirements(totals, words), wording.new(totals, words)))):
            lines += [plain(". ".join(said)), ""]
        if totals.methods:
            lines += [table((words("Method"), *(words(each) for each in VERDICTS.values())),
                            ((plain(title), *counts)
                             for title, *counts in wording.method_rows(totals, words))), ""]
        causes = [*totals.worst("line")[:_MOST_CAUSES], *totals.worst("question")[:_MOST_CAUSES]]
        if causes:
            lines += [table((words("Sites"), words("Line"), words("Cause")),
                            ((str(each.sites), cell(each.cause.place) if each.cause.place else "",
                              cell(each.cause.said)) for each in causes)), ""]
        rows = [*self._new, *self._rows]
        if rows:
            lines.append(table((words("Site"), words("Verdict"), words("Because of")), rows[:_MOST_SITES]))
        if left := self._left + max(len(rows) - _MOST_SITES, 0):
            lines += ["", words("and {n} more sites", n=left)]
        if step := wording.next_step(totals, words):
            lines += ["", plain(step)]
        self._sink.write("".join(f"{line}\n" for line in lines))

"""A history for people, as text: methods as they are now, then what commits did, the newest first."""

from __future__ import annotations

from collections.abc import Sequence

from aclproof.linter.harmless import visible
from aclproof.linter.history.changes import RequirementChange
from aclproof.linter.history.history import History, Step
from aclproof.linter.history.judgement import Judged, Unreadable
from aclproof.linter.reports import Look
from aclproof.linter.reports.history import wording
from aclproof.linter.reports.language.language import Words, message
from aclproof.linter.reports.writing.terminal import Page
from aclproof.linter.result import Line, MethodVerdict

_AFTER, _BEFORE, _OPEN = message("After it"), message("Before"), message("Open")
_MOST_LINES = 4
"""So many lines that decide are written out; with --verbose all."""
_STYLES = {MethodVerdict.WORKS: "green", MethodVerdict.BLOCKED: "red", MethodVerdict.UNDECIDED: "yellow",
           MethodVerdict.NOT_ASSESSED: "dim"}


def render(history: History, look: Look) -> str:
    """Write the report."""
    return _HistoryText(history, look, Words(look.language)).text()


class _HistoryText:
    """Writes one history in one language."""

    def __init__(self, history: History, look: Look, words: Words) -> None:
        self._history, self._words, self._verbose = history, words, look.verbose
        labels = max(len(words(each)) for each in (_AFTER, _BEFORE, _OPEN))
        self._page = Page(width=look.width, colour=look.colour, label_width=labels + 2)

    def text(self) -> str:
        """Return the whole text."""
        history, page, words = self._history, self._page, self._words
        page.write((words("History of {site}", site=history.site), "bold"))
        for sentence in wording.scope(history, words):
            page.write(sentence)
        page.gap()
        self._methods()
        for step in (*wording.told(history, verbose=self._verbose), history.steps[0]):
            self._step(step)
        page.write(wording.beginning(history, words), indent=2)
        page.gap()
        page.write(wording.outcome(history, words))
        return page.text()

    def _methods(self) -> None:
        """The methods at the latest commit, and which commit made them so."""
        history, words, page = self._history, self._words, self._page
        latest = history.latest.judgement
        if isinstance(latest, Unreadable):
            page.write((words("The latest commit cannot be read:"), "bold"), " ", self._why(latest))
            return
        rows: list[Sequence[str | tuple[str, str]]] = []
        for name, verdict in latest.methods.items():
            step = history.since(name)
            since = f"{step.commit.short}  {words.day(step.commit.day)}" if step \
                else wording.from_the_beginning(history, words)
            rows.append((" ".join(words.of(latest.titles[name]).split()),
                         (words(wording.METHODS[verdict]), _STYLES[verdict]), since))
        page.table((words("Method"), words("Now"), words("Since")), rows)

    def _step(self, step: Step) -> None:
        """A commit, and what it did."""
        commit, words, page = step.commit, self._words, self._page
        page.gap()
        merge = f"  ({words('merge')})" if commit.is_merge else ""
        page.write((commit.short, "bold"), f"  {words.day(commit.day)}  {commit.author}{merge}")
        page.write(commit.subject or words("(no subject)"), indent=2)
        if isinstance(step.judgement, Unreadable):
            page.write((words("NOT READABLE"), "red"), " ", self._why(step.judgement), indent=2)
            return
        if gap := wording.gap(step, words):
            page.write(gap, indent=2)
        if step.compared_with and not step.changes:
            page.write(words("Nothing changes for any requirement."), indent=2)
        for method in step.changes.methods:
            before, after = (words(wording.METHODS[each]) for each in (method.before, method.after))
            title = " ".join(words.of(method.title).split())
            page.write(f"{title}: {before} -> ", (after, _STYLES[method.after] if method.after else "dim"),
                       indent=2)
        for change in step.changes.requirements:
            self._change(change)
        if step is self._history.steps[0] and isinstance(step.judgement, Judged) and self._verbose:
            for name, verdict in step.judgement.methods.items():
                title = " ".join(words.of(step.judgement.titles[name]).split())
                page.write(f"{title}: {words(wording.METHODS[verdict])}", indent=2)

    def _change(self, change: RequirementChange) -> None:
        """A requirement, and the lines that decide."""
        words, page = self._words, self._page
        style = "red" if change.kind in wording.BAD else "green" if change.kind == "cured" else "dim"
        page.write((words(wording.KINDS[change.kind]), style), "  ", (change.requirement.id, "bold"),
                   f"  {wording.status_change(change, words)}", indent=2)
        page.write(" ".join(words.of(change.requirement.title).split()), indent=4)
        self._lines(_AFTER, change.lines)
        for number, why in enumerate(change.because):
            page.labelled("" if number else words(_OPEN), words.sentence(why))
        self._lines(_BEFORE, change.lines_before)

    def _lines(self, label: str, lines: Sequence[Line]) -> None:
        words, page = self._words, self._page
        shown = lines if self._verbose else lines[:_MOST_LINES]
        for number, line in enumerate(shown):
            place, text = wording.placed(line, words)
            page.labelled("" if number else words(label), (place, "cyan"))
            page.labelled("", text)
        if more := len(lines) - len(shown):
            page.labelled("", words.count("and {n} more line", "and {n} more lines", more))

    def _why(self, unreadable: Unreadable) -> str:
        return "; ".join(visible(self._words.sentence(each)) for each in unreadable.problems)

"""A history as Markdown: a table of methods, then a section for each commit that changes something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclproof.linter.harmless import whole
from aclproof.linter.history.changes import RequirementChange
from aclproof.linter.history.history import History, Step
from aclproof.linter.history.judgement import Unreadable
from aclproof.linter.reports import Look
from aclproof.linter.reports.history import wording
from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.writing.markdown_text import cell, code, plain, table
from aclproof.linter.result import Line


def render(history: History, look: Look) -> str:
    """Write the report."""
    return whole("".join(f"{line}\n" for line in _lines(history, look, Words(look.language))))


def _lines(history: History, look: Look, words: Words) -> Iterator[str]:
    yield f"# {words('History of {site}', site=code(history.site))}"
    yield ""
    yield plain(" ".join((*wording.scope(history, words), wording.outcome(history, words))))
    yield ""
    yield from _methods(history, words)
    for step in (*wording.told(history, verbose=look.verbose), history.steps[0]):
        yield from _step(step, words)
    yield f"- {plain(wording.beginning(history, words))}"


def _methods(history: History, words: Words) -> Iterator[str]:
    latest = history.latest.judgement
    if isinstance(latest, Unreadable):
        yield plain(words("The latest commit cannot be read:"))
        yield from (f"- {plain(words.sentence(each))}" for each in latest.problems)
        return
    yield table([words("Method"), words("Now"), words("Since")], (
        [plain(" ".join(words.of(latest.titles[name]).split())), words(wording.METHODS[verdict]),
         f"{cell(step.commit.short)} {words.day(step.commit.day)}" if (step := history.since(name))
         else plain(wording.from_the_beginning(history, words))] for name, verdict in latest.methods.items()))


def _step(step: Step, words: Words) -> Iterator[str]:
    commit = step.commit
    merge = f" ({words('merge')})" if commit.is_merge else ""
    yield ""
    yield f"## {code(commit.short)} {words.day(commit.day)} {plain(commit.author)}{merge}"
    yield ""
    yield code(commit.subject or words("(no subject)"))
    yield ""
    if isinstance(step.judgement, Unreadable):
        yield from (f"- **{words('NOT READABLE')}** {plain(words.sentence(each))}"
                    for each in step.judgement.problems)
        return
    if gap := wording.gap(step, words):
        yield f"- {plain(gap)}"
    if step.compared_with and not step.changes:
        yield f"- {words('Nothing changes for any requirement.')}"
    for method in step.changes.methods:
        before, after = (words(wording.METHODS[each]) for each in (method.before, method.after))
        yield f"- {plain(' '.join(words.of(method.title).split()))}: {before} → {after}"
    for change in step.changes.requirements:
        yield from _change(change, words)


def _change(change: RequirementChange, words: Words) -> Iterator[str]:
    title = plain(" ".join(words.of(change.requirement.title).split()))
    yield (f"- **{words(wording.KINDS[change.kind])}** {code(change.requirement.id)} "
           f"{wording.status_change(change, words).replace('->', '→')}: {title}")
    yield from _quoted(words("After it"), change.lines, words)
    yield from (f"  - {words('Open')}: {plain(words.sentence(why))}" for why in change.because)
    yield from _quoted(words("Before"), change.lines_before, words)


def _quoted(label: str, lines: Sequence[Line], words: Words) -> Iterator[str]:
    for line in lines:
        place, text = wording.placed(line, words)
        yield f"  - {label}: {code(place)} {code(text)}"

"""The words of a history, the same in every report for people."""

from __future__ import annotations

from collections.abc import Mapping

from aclproof.linter.history.changes import Kind, RequirementChange, Status
from aclproof.linter.history.history import History, Step
from aclproof.linter.history.judgement import Unreadable
from aclproof.linter.reports.language.language import Words, message
from aclproof.linter.reports.writing import wording
from aclproof.linter.result import Line, MethodVerdict

METHODS: Mapping[MethodVerdict | None, str] = {
    None: message("not in the site"), MethodVerdict.WORKS: message("works"),
    MethodVerdict.BLOCKED: message("BLOCKED"), MethodVerdict.UNDECIDED: message("UNDECIDED"),
    MethodVerdict.NOT_ASSESSED: message("not assessed")}
STATUSES: Mapping[Status, str] = {
    "met": message("met"), "assumed": message("met if usual"), "missing": message("missing"),
    "undecided": message("undecided"), "waived": message("waived"), "not-asked": message("not asked")}
KINDS: Mapping[Kind, str] = {
    "broken": message("BROKEN"), "undecided": message("UNDECIDED"), "worse": message("WORSE"),
    "cured": message("cured"), "better": message("better"), "shifted": message("changed"),
    "assumed": message("assumed"), "waived": message("waived"), "unwaived": message("waiver gone"),
    "asked": message("newly asked"), "dropped": message("no longer asked")}
TONES: Mapping[Kind, str] = {
    "broken": "bad", "worse": "bad", "undecided": "open", "unwaived": "bad", "cured": "good",
    "better": "good", "waived": "waived"}
"""The colour of each on a page; others are quiet."""
BAD: frozenset[Kind] = frozenset({"broken", "undecided", "worse", "unwaived"})
"""What somebody has to look at."""


def status_change(change: RequirementChange, words: Words) -> str:
    """Write what a requirement was and is: `met -> missing`."""
    before, after = words(STATUSES[change.before]), words(STATUSES[change.after])
    return f"{before} -> {after}" if before != after else words("{verdict}, as before", verdict=after)


def placed(line: Line, words: Words) -> tuple[str, str]:
    """Write where a line is, and the line."""
    return str(line.span), wording.line_text(line, words)


def scope(history: History, words: Words) -> list[str]:
    """Say which commits these are, and what is the same for all of them."""
    steps = history.steps
    days = [each.commit.day for each in steps]
    return [
        words.count("{n} commit along first parents, {first} to {last}",
                    "{n} commits along first parents, {first} to {last}", len(steps),
                    first=min(days), last=max(days))
        + "; " + words.count("{n} of them touches the site.", "{n} of them touch the site.",
                             len(history.touching)),
        words("Each is judged as of {day}, so that only files make a difference.", day=history.asked.day)]


def beginning(history: History, words: Words) -> str:
    """Say where the history begins."""
    found = history.beginning
    if found.is_since:
        return words("The history is told since this commit.")
    if found.was_called:
        return words("The site file begins here; until then it was {file}.", file=found.was_called)
    return words("The site file begins here.")


def from_the_beginning(history: History, words: Words) -> str:
    """Say since when something is as it is that no commit changed."""
    return words("{commit} or before", commit=history.steps[0].commit.short) if history.beginning.is_since \
        else words("the beginning")


def gap(step: Step, words: Words) -> str:
    """Say where a change may also have been made; nothing where the commit before can be read."""
    if not (step.unread and step.compared_with):
        return ""
    return words.count(
        "{n} commit between {one} and {other} cannot be read.",
        "{n} commits between {one} and {other} cannot be read.", step.unread,
        one=step.compared_with.short, other=step.commit.short)


def told(history: History, *, verbose: bool = False) -> list[Step]:
    """Return the steps after the first that a report tells of, the newest first."""
    return [each for each in history.steps[:0:-1] if _is_news(each) or (verbose and each.touches)]


def _is_news(step: Step) -> bool:
    return bool(step.changes or step.unread) or (isinstance(step.judgement, Unreadable) and step.touches)


def outcome(history: History, words: Words) -> str:
    """Say in one sentence what the commits did."""
    kinds = [change.kind for step in history.steps for change in step.changes.requirements]
    steps = sum(1 for step in history.steps if step.changes)
    if not steps:
        return words("No commit changes a verdict.")
    changed = words.count("{n} commit changes what is proven", "{n} commits change what is proven", steps)
    counts = [(kinds.count("broken"), message("{n} broken")), (kinds.count("undecided"),
              message("{n} made undecided")), (kinds.count("cured"), message("{n} cured"))]
    parts = [words(text, n=n) for n, text in counts if n]
    return f"{changed}: {', '.join(parts)}." if parts else f"{changed}."

"""What reports of many sites for people say alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from shlex import quote

from aclproof.linter.agreement import Agreement
from aclproof.linter.fleet.outcome import WORST, End, MethodOutcome, Outcome
from aclproof.linter.fleet.reports.totals import Alike, Shared, Totals
from aclproof.linter.observation import CHECKS, CheckId
from aclproof.linter.reports.language.language import Words, message
from aclproof.linter.reports.writing.wording import few, with_counts

ENDS: dict[End, tuple[str, str]] = {
    "proven": (message("proven"), "green"), "accepted": (message("accepted (not proven)"), "magenta"),
    "unproven": (message("not all proven"), "yellow"),
    "missing": (message("something missing"), "bold red"), "unreadable": (message("NOT READ"), "bold red"),
    "failed": (message("FAILED"), "bold red")}
"""How a site ended, in words, and their style."""
_COUNTED_ENDS: dict[End, str] = {
    "proven": message("{n} proven"), "accepted": message("{n} accepted (not proven)"),
    "unproven": message("{n} not all proven"), "missing": message("{n} with something missing"),
    "unreadable": message("{n} NOT READ"), "failed": message("{n} FAILED")}
_ORDER = WORST[::-1]
VERDICTS = {"works": message("works"), "blocked": message("blocked"), "undecided": message("undecided"),
            "not-assessed": message("not assessed")}
"""The verdict of a method at a site."""
UNMET = {"missing": (message("missing"), "red"), "undecided": (message("undecided"), "yellow"),
         "warning": (message("warning"), "yellow"), "waived": (message("waived"), "magenta"),
         "known": (message("known"), "magenta"), "assumed": (message("met by assumed answers"), "magenta")}
"""What is known of requirements that are not met, or not purely, and its style."""
_UNMET_METHODS = {"blocked": (message("blocked methods"), "red"),
                  "undecided": (message("undecided methods"), "yellow")}
_COUNTED = {"assumed": message("{n} of them by assumed answers"), "missing": message("{n} missing"),
            "undecided": message("{n} undecided"), "waived": message("{n} waived"),
            "known": message("{n} known")}
_MOST_IDS = 4
"""Requirements that are named at a site."""
_MOST_NEW = 10
"""Requirements that are named as new of all sites."""
_MOST_ASSUMED = 10
"""Answers that are named as assumed."""


def lacks(outcome: Outcome, words: Words) -> Iterator[tuple[str, str, str]]:
    """Yield what `unmet` does, with each requirement that is new by itself, and what it is."""
    for each in outcome.new[:_MOST_IDS]:
        yield words("new"), "bold red", f"{each}  {outcome.shown.get(each, '')}"
    if more := len(outcome.new[_MOST_IDS:]):
        yield words("new"), "bold red", words("and {n} more", n=more)
    yield from list(unmet(outcome, words))[bool(outcome.new):]


def unmet_methods(outcome: Outcome, words: Words) -> Iterator[tuple[str, str, str]]:
    """Yield a word, its style, and the methods of a site that it is about."""
    for verdict, (word, style) in _UNMET_METHODS.items():
        if titles := [words.of(each.title) for each in outcome.methods if each.verdict == verdict]:
            yield words(word), style, ", ".join(titles)


def ends(totals: Totals, words: Words) -> Iterator[tuple[str, str]]:
    """Yield how many sites ended in each way, and its style."""
    for end, said in _COUNTED_ENDS.items():
        if count := totals.ends[end]:
            yield words(said, n=count), ENDS[end][1]


def urgency(outcome: Outcome) -> int:
    """Return how early a site is listed: what was not read, then what is new, then the worst first.

    After what is missing come sites at which checks name what lets the run fail.
    """
    place = _ORDER.index(outcome.end)
    if place >= _NEW and outcome.new:
        return 2 * _NEW - 1
    return 2 * _NEW + 1 if place > _NEW and fails(outcome) else 2 * place


_NEW = _ORDER.index("missing")


def method_headings(totals: Totals, words: Words) -> tuple[str, ...]:
    """The headings of the table of methods; sites that could not be read have no verdict of any."""
    unread = [words("not read")] if totals.unread else []
    return (words("Method"), *(words(each) for each in VERDICTS.values()), *unread)


def method_rows(totals: Totals, words: Words) -> Iterator[tuple[str, ...]]:
    """Yield a title, and at how many sites each verdict; of several packs each stands before its own."""
    packs = totals.by_pack()
    unread = [str(totals.unread)] if totals.unread else []
    for pack, methods in packs.items():
        if len(packs) > 1:
            yield (f"{pack}:", *[""] * (len(VERDICTS) + len(unread)))
        for method in methods:
            yield (words.of(method.title), *(str(method.sites[each]) for each in VERDICTS), *unread)


def requirements(totals: Totals, words: Words) -> str:
    """Write how many requirements of all sites are met, and what the others are; empty where none is.

    It says of how many sites this is where others were not read.
    """
    if not totals.requirements:
        return ""
    met = words("{met} of {all} requirements met", met=totals.counts["met"], all=totals.requirements)
    if totals.unread:
        met = words("Of the {n} sites that were read: {met}", n=totals.sites - totals.unread, met=met)
    others = [words(text, n=totals.counts[status]) for status, text in _COUNTED.items()
              if totals.counts[status]]
    return ", ".join((met, *others))


def new(totals: Totals, words: Words) -> str:
    """Write which requirements are new or have grown since the baseline; empty where none is."""
    if not totals.new:
        return ""
    names = few(sorted(totals.new), _MOST_NEW, words)
    return words.count("New or grown since the baseline at {n} site: {names}",
                       "New or grown since the baseline at {n} sites: {names}", totals.new_sites, names=names)


def sites(totals: Totals, asked: int, words: Words) -> str:
    """Write how many sites a report has; of a run that ended early also of how many."""
    if totals.sites < asked:
        return words("{done} of {n} sites", done=totals.sites, n=asked)
    return words.count("{n} site", "{n} sites", totals.sites)


def stopped(totals: Totals, asked: int, words: Words) -> str:
    """Write how many sites a run did not come to; empty where it came to all."""
    left = asked - totals.sites
    return words("Stopped: {n} sites were not looked at.", n=left) if left > 0 else ""


def audit(totals: Totals, words: Words) -> str:
    """Write how many lines checks name at how many sites; empty where none was made."""
    named = totals.named
    if not named.lines:
        return ""
    parts = [words.count("Checks name a line {n} time", "Checks name a line {n} times", named.lines.total()),
             words.count("at {n} site", "at {n} sites", named.some)] if named.some else \
        [words("Checks name no line")]
    if named.known:
        parts.append(words("{n} of them known from the baseline", n=named.known))
    if named.failing:
        parts.append(words.count("{n} of them fails the run", "{n} of them fail the run", named.failing))
    return ", ".join(parts)


def judged_again(totals: Totals, words: Words) -> str:
    """Write how many packets a second judge was asked about; empty where none.

    Sites at which it disagrees have failed.
    """
    return words.sentence(Agreement(totals.judged_again).said) if totals.judged_again else ""


def checks(totals: Totals) -> Iterator[tuple[CheckId, int, int]]:
    """Yield each check that names something: how many lines, and at how many sites."""
    for check in CHECKS:
        if lines := totals.named.lines[check]:
            yield check, lines, totals.named.sites[check]


def further(totals: Totals, check: str, shown: Iterable[Alike], words: Words) -> str:
    """Write how often a check names other lines than those that are shown; empty for never."""
    left = totals.named.lines[check] - sum(cause.sites for each in shown for cause in each.causes)
    return words.count("and {n} more time", "and {n} more times", left) if left else ""


def assumed(totals: Totals, words: Words) -> str:
    """Write which usual answers are assumed, those at most sites first; empty where none is."""
    if not totals.assumed:
        return ""
    answers = sorted(totals.assumed, key=lambda each: (-totals.assumed[each], each))
    return words.count("Assumed, not proven, at {n} site: {answers}",
                       "Assumed, not proven, at {n} sites: {answers}", totals.assumed_sites,
                       answers=few(answers, _MOST_ASSUMED, words))


def unmet(outcome: Outcome, words: Words) -> Iterator[tuple[str, str, str]]:
    """Yield a word, its style, and the requirements of a site that it is about: a few, and how many more.

    Where a baseline was compared with, all that is missing or undecided is new or has grown.
    """
    if outcome.new:
        yield words("new"), "bold red", few(outcome.new, _MOST_IDS, words)
    for status, (word, style) in UNMET.items():
        if left := [each for each in outcome.unmet.get(status, ()) if each not in outcome.new]:
            yield words(word), style, few(left, _MOST_IDS, words)
    if outcome.named and fails(outcome):
        yield words("fails the run"), "bold red", few([f"{check} {n}" for check, n in sorted(
            outcome.named.failing.items())], _MOST_IDS, words)
    if outcome.cured:
        yield words("cured"), "green", few([*dict.fromkeys(outcome.cured)], _MOST_IDS, words)


def asks(outcome: Outcome) -> bool:
    """Whether somebody has to look at a site: it is not proven nor accepted, or something is new, cured or
    not checked, or fails the run."""
    return outcome.end not in ("proven", "accepted") or bool(outcome.new or outcome.cured) or \
        _is_unchecked(outcome) or fails(outcome)


def fails(outcome: Outcome) -> bool:
    """Whether checks name what lets the run fail."""
    return outcome.named is not None and bool(outcome.named.failing)


def _is_unchecked(outcome: Outcome) -> bool:
    """Whether something was not checked that supports a method which works."""
    return any(each.unchecked and each.verdict == "works" for each in outcome.methods)


def unchecked(methods: Iterable[MethodOutcome], words: Words) -> Iterator[tuple[str, str]]:
    """The title and the verdict of each method that works with something unchecked, as in single reports."""
    for each in methods:
        if each.unchecked and each.verdict == "works":
            yield words.of(each.title), with_counts(words(VERDICTS["works"]), each.warnings, each.unchecked,
                                                    words)


def next_steps(totals: Totals, words: Words) -> Iterator[str]:
    """Yield what to do next, the worst first, and the commands that help at the site to begin with."""
    steps = list(_steps(totals, words))
    for number, step in enumerate(steps):
        yield words("Then: {step}", step=step) if number else words("Next: {step}", step=step)


def _steps(totals: Totals, words: Words) -> Iterator[str]:
    if unread := totals.ends["unreadable"]:
        yield words.count("correct the site that could not be read: {site}",
                          "correct the {n} sites that could not be read, {site} first", unread,
                          site=totals.first["unreadable"])
    if site := totals.first.get("missing"):
        shared = _most_severe(totals, "line")
        if shared:
            yield words("{check} shows what {place} stops at {n} sites; {fix} prints verified permits",
                        place=shared.cause.place, n=shared.severe, **_commands(shared.site))
        else:
            yield words("{check} shows what is missing and why; {fix} prints verified permits",
                        **_commands(site))
    if site := totals.first.get("unproven"):
        shared = _most_severe(totals, "question")
        yield words("{check} names what is open and how to find it out",
                    check=_commands(shared.site if shared else site)["check"])


def _most_severe(totals: Totals, kind: str) -> Shared | None:
    """The cause that is more than a warning at most sites; None where it is so at one alone."""
    worst = max(totals.worst(kind), key=lambda each: each.severe, default=None)
    return worst if worst and worst.severe > 1 else None


def _commands(site: str) -> dict[str, str]:
    return {name: f"aclproof {name} {quote(site)}" for name in ("check", "fix")}

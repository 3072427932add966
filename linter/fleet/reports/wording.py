"""What reports of many sites for people say alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from shlex import quote

from aclproof.linter.fleet.outcome import End, MethodOutcome, Outcome
from aclproof.linter.fleet.reports.totals import Totals
from aclproof.linter.reports.language.language import Words, message
from aclproof.linter.reports.writing.wording import few, with_counts

ENDS: dict[End, tuple[str, str]] = {
    "proven": (message("proven"), "green"), "accepted": (message("accepted (not proven)"), "magenta"),
    "unproven": (message("not all proven"), "yellow"),
    "missing": (message("something missing"), "bold red"), "unreadable": (message("NOT READ"), "bold red"),
    "failed": (message("FAILED"), "bold red")}
"""How a site ended, in words, and their style."""
VERDICTS = {"works": message("works"), "blocked": message("blocked"), "undecided": message("undecided"),
            "not-assessed": message("not assessed")}
"""The verdict of a method at a site."""
UNMET = {"missing": (message("missing"), "red"), "undecided": (message("undecided requirements"), "yellow"),
         "warning": (message("warning"), "yellow"), "waived": (message("waived"), "magenta"),
         "known": (message("known"), "magenta")}
"""What is known of requirements that are not met, and its style."""
_COUNTED = {"missing": message("{n} missing"), "undecided": message("{n} undecided"),
            "waived": message("{n} waived"), "known": message("{n} known")}
_MOST_IDS = 4
"""Requirements that are named at a site."""
_MOST_NEW = 10
"""Requirements that are named as new of all sites."""


def method_rows(totals: Totals, words: Words) -> Iterator[tuple[str, ...]]:
    """Yield a title, and at how many sites each verdict; of several packs each stands before its own."""
    packs = totals.by_pack()
    for pack, methods in packs.items():
        if len(packs) > 1:
            yield (f"{pack}:", *[""] * len(VERDICTS))
        for method in methods:
            yield (words.of(method.title), *(str(method.sites[each]) for each in VERDICTS))


def requirements(totals: Totals, words: Words) -> str:
    """Write how many requirements of all sites are met, and what the others are; empty where none is."""
    if not totals.requirements:
        return ""
    met = words("{met} of {all} requirements met", met=totals.counts["met"], all=totals.requirements)
    others = [words(text, n=totals.counts[status]) for status, text in _COUNTED.items()
              if totals.counts[status]]
    return ", ".join((met, *others))


def new(totals: Totals, words: Words) -> str:
    """Write which requirements are new or have grown since the baseline; empty where none is."""
    if not totals.new:
        return ""
    names = few(sorted(totals.new), _MOST_NEW, words)
    return words.count("new or grown since the baseline at {n} site: {names}",
                       "new or grown since the baseline at {n} sites: {names}", totals.new_sites, names=names)


def new_at(outcome: Outcome, words: Words) -> str:
    """Write which requirements of a site are new or have grown: a few, and how many more."""
    return few(outcome.new, _MOST_IDS, words)


def unmet(outcome: Outcome, words: Words) -> Iterator[tuple[str, str, str]]:
    """Yield a word, its style, and the requirements of a site that it is about: a few, and how many more.

    Where a baseline was compared with, all that is missing or undecided is new or has grown.
    """
    if outcome.new:
        yield words("new"), "bold red", new_at(outcome, words)
    for status, (word, style) in UNMET.items():
        if left := [each for each in outcome.unmet.get(status, ()) if each not in outcome.new]:
            yield words(word), style, few(left, _MOST_IDS, words)
    if outcome.cured:
        yield words("cured"), "green", few([*dict.fromkeys(outcome.cured)], _MOST_IDS, words)


def is_listed(outcome: Outcome) -> bool:
    """Whether a report of all names the site: it is not proven, or something is new, cured or not checked."""
    return outcome.end != "proven" or bool(outcome.new or outcome.cured) or _is_unchecked(outcome)


def _is_unchecked(outcome: Outcome) -> bool:
    """Whether something was not checked that supports a method which works."""
    return any(each.unchecked and each.verdict == "works" for each in outcome.methods)


def unchecked(methods: Iterable[MethodOutcome], words: Words) -> Iterator[tuple[str, str]]:
    """The title and the verdict of each method that works with something unchecked, as in single reports."""
    for each in methods:
        if each.unchecked and each.verdict == "works":
            yield words.of(each.title), with_counts(words(VERDICTS["works"]), each.warnings, each.unchecked,
                                                    words)


def next_step(totals: Totals, words: Words) -> str:
    """Write which command helps at the first of the worst sites that were proven; empty where none does."""
    for end, command, said in _NEXT:
        if site := totals.first.get(end):
            return words(said, command=f"{command} {quote(site)}")
    return ""


_NEXT: tuple[tuple[End, str, str], ...] = (
    ("missing", "aclproof fix", message("Next: {command} prints verified permits for what is missing.")),
    ("unproven", "aclproof check", message("Next: {command} names what is open and how to find it out.")))

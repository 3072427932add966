"""The first screen of the report for a terminal: what stops what, what is open, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from aclproof.linter.questions import Question
from aclproof.linter.reports.check.text_demand import Most
from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.writing.conditions import facts_to_paste, follows
from aclproof.linter.reports.writing.terminal import Page
from aclproof.linter.reports.writing.told_once import Stop, stops
from aclproof.linter.reports.writing.wording import few, line_text, method_titles
from aclproof.linter.result import (
    DemandResult,
    Line,
    MethodVerdict,
    NearMiss,
    Result,
    Verdict,
)
from aclproof.linter.verdict.causes import (
    ids,
    if_usual,
    open_questions,
    unproven,
)
from aclproof.linter.verdict.severity import ends_with

_MOST_NEAR = 2
_MOST_IDS = 12


class Causes:
    """Writes the causes of all that is not proven, and gives the open questions their numbers."""

    def __init__(self, page: Page, result: Result, words: Words, most: Most) -> None:
        self._page, self._result, self._words, self._most = page, result, words, most
        self._several = len({each.name for each in result.inputs}) > 1
        self._open = open_questions(unproven(result, Verdict.UNDECIDED) + _partly_open(result))
        self._shown = self._open[:most.causes]
        self._numbers: dict[str, int] = {}
        for number, each in enumerate(self._shown, 1):
            self._numbers[each.question.identity] = number
            self._numbers.setdefault(each.question.because, number)

    def number(self, question: Question) -> int:
        """Return the number under which a question is listed; 0 where it is not."""
        return self._numbers.get(question.identity, 0)

    def write(self) -> None:
        """Write what stops what, the most effect first, and then the questions with their answers."""
        missing = unproven(self._result, Verdict.MISSING)
        found = stops(missing)
        if found and (len(missing) > 1 or self._open):  # else the block that follows says all of it
            self._page.write((self._words("What stops it"), "bold red"))
            self._stopped(found)
            self._page.gap()
        if self._open:
            self._questions()
            self._if_usual()
            self._conditions()
            self._page.gap()

    def _stopped(self, found: Sequence[Stop]) -> None:
        words, page = self._words, self._page
        for cause in found[:self._most.causes]:
            each = cause.blocker
            page.write((f"{each.line.span}", "cyan"), "  ", (words.count(
                "stops {n} requirement", "stops {n} requirements", len(each.demands)), "bold"), indent=2)
            self._line(each.line, each.ways)
            if cause.others:
                same = words.count("The same at {n} more place", "The same at {n} more places",
                                   len(cause.others))
                places = few([f"{line.span}" for line in cause.others], self._most.ranges, words)
                page.write(f"{same}: ", (places, "cyan"), indent=4)
            named = [f"{demand.requirement.id} {words('(warning)')}" if demand.is_warning
                     else demand.requirement.id for demand in each.demands]
            page.write((few(named, _MOST_IDS, words), "dim"), indent=4)
            for advice in each.advice[:1]:
                page.write(words.sentence(advice), indent=4)
            self._near(each.near)
        if len(found) > self._most.causes:
            rest = len(found) - self._most.causes
            page.write(words.count("and {n} more line stops packets of it",
                                   "and {n} more lines stop packets of it", rest), indent=2)

    def _line(self, line: Line, ways: Sequence[str]) -> None:
        place = few([self._words.sentence(way) for way in ways], 2, self._words)
        if self._several:
            place = f"{line.firewall}: {place}" if place else line.firewall
        self._page.write(line_text(line, self._words), (f"  ({place})" if place else "", "dim"), indent=4)

    def _near(self, near: Sequence[NearMiss]) -> None:
        label = self._words("Near")
        for each in near[:_MOST_NEAR]:
            self._page.item((label, "dim"), (f"{each.rule.span}", "cyan"),
                            f"  {self._words.sentence(each.text)}", indent=4)
            self._page.write((each.rule.text, "dim"), indent=4 + len(label) + 2)

    def _questions(self) -> None:
        words, page = self._words, self._page
        questions = words.count("{n} question", "{n} questions", len(self._open))
        open_ = {name for each in self._open for name in ids(each.demands)}
        requirements = words.count("{n} requirement", "{n} requirements", len(open_))
        counts = words("{questions} for {requirements}", questions=questions, requirements=requirements)
        if later := len(self._result.later):
            counts = words("{counts}, and {number} more once these are answered", counts=counts, number=later)
        page.write((words("What is open"), "bold yellow"), "  ", counts)
        for number, each in enumerate(self._shown, 1):
            page.item((f"{number}", "bold"), words.sentence(each.question.because), "  ",
                      (f"({few(ids(each.demands), 3, words)})", "dim"), indent=2)
            self._shown_by(each.question)
        if len(self._open) > self._most.causes:
            page.write(words.count("and {n} more question", "and {n} more questions",
                                   len(self._open) - self._most.causes), indent=2)
        for number, question in enumerate(self._result.later, len(self._shown) + 1):
            page.item((f"{number}", "bold"), words.sentence(question.because), "  ",
                      (f"({words('asked once the others are answered')})", "dim"), indent=2)
            self._shown_by(question)
        asked = [*(each.question for each in self._shown), *self._result.later]
        self._facts([each for each in asked if each.key])

    def _shown_by(self, question: Question) -> None:
        words = self._words
        if question.find_out:  # to copy: it is not wrapped
            shown = words("shown by: {find_out}", find_out=words.command(question.find_out))
            self._page.verbatim(shown, indent=5)

    def _facts(self, questions: Sequence[Question]) -> None:
        """The answers as they are pasted into a site file: never wrapped."""
        if not questions:
            return
        self._page.write(self._words("Answer in the site file, with what you found:"), indent=2)
        for line in facts_to_paste(questions, self._words):
            self._page.verbatim(line, indent=4)

    def _if_usual(self) -> None:
        """What the usual answers make of it."""
        words, found = self._words, if_usual(self._result)
        if not found:
            return
        self._page.write((words("If the usual answers are right, which is not proven:"), "bold"))
        met = [each for each in found if each.verdict is Verdict.MET]
        if met:
            self._page.item((words("met"), "green"), few(ids(met), _MOST_IDS, words), indent=2)
        self._stopped(stops(found))

    def _conditions(self) -> None:
        """Of each undecided method, what would follow from which answers."""
        words, titles = self._words, method_titles(self._result, self._words)
        for each in self._result.methods:
            if each.conditional and each.conditional.answers:
                self._page.item((titles[each.id], "bold"), follows(each.conditional, words), indent=0)


def closing(result: Result, words: Words) -> str:
    """Write the last line: how much is proven, and the next command."""
    met, missing = result.count(Verdict.MET), result.count(Verdict.MISSING)
    counts = [words("{n} met", n=met)]
    if missing:
        counts.append(words("{n} missing", n=missing))
    if undecided := result.count(Verdict.UNDECIDED):
        counts.append(words("{n} undecided", n=undecided))
    if result.waived:
        counts.append(words("{n} waived", n=len(result.waived)))
    if result.known:
        counts.append(words("{n} known", n=len(result.known)))
    works = len(result.with_verdict(MethodVerdict.WORKS))
    judged = len([each for each in result.methods if each.verdict is not MethodVerdict.NOT_ASSESSED])
    done = words.count("{works} of {n} method proven to work", "{works} of {n} methods proven to work",
                       judged, works=works)
    return f"{done}; {words('requirements: {counts}', counts=', '.join(counts))}."


def next_step(result: Result, words: Words) -> str:
    """Write which command helps next; empty where nothing is left to do."""
    site = result.scope.site_file
    if result.testimony:
        from aclproof.linter.verdict.contradicting import of_result

        if names := of_result(result):
            return words.count("Next: export the configuration of {names} again, and check with that.",
                               "Next: export the configurations of {names} again, and check with these.",
                               len(names), names=", ".join(names))
    if result.count(Verdict.MISSING):
        decides = ends_with(result, Verdict.MISSING)
        options = result.scope.options if decides else (*result.scope.options, "--strict")
        command = " ".join(("aclproof fix", site, *options)) if site else words(
            "'aclproof fix' with the same arguments") if decides else words(
            "'aclproof fix --strict' with the same arguments")
        return words("Next: {command} prints verified permits for what is missing.", command=command)
    if result.count(Verdict.UNDECIDED):
        return words("Next: find out the answers above, add them to {site}, and check again.",
                     site=site or "--fact KEY=VALUE, --interface ROLE=NAME")
    return ""


def _partly_open(result: Result) -> list[DemandResult]:
    """What is missing, and open besides."""
    return [each for each in unproven(result, Verdict.MISSING) if each.undecided]

"""Markdown for a comment on a pull request or a job's summary: what matters first, cut where it gets long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from aclproof.linter.basis import Assumption
from aclproof.linter.observation import Observation, Rewrite
from aclproof.linter.reports.check.markdown_demand import Details
from aclproof.linter.reports.check.sentences import cut
from aclproof.linter.reports.language.language import Language, Words, message
from aclproof.linter.reports.writing import said
from aclproof.linter.reports.writing.alike import by_question
from aclproof.linter.reports.writing.conditions import follows
from aclproof.linter.reports.writing.judged_again import agreed, disputed
from aclproof.linter.reports.writing.markdown_text import cell, code, plain, table
from aclproof.linter.reports.writing.observed import (
    CAUTION,
    LEVELS,
    RELATIONS,
    commands,
    counted,
    detail,
    left_open,
    replacing,
    title,
)
from aclproof.linter.reports.writing.wording import (
    few,
    further,
    method_heading,
    pack_file,
    passing_none,
    permitting_lines,
    with_warnings,
    without_addresses,
)
from aclproof.linter.result import MethodVerdict, Result, Verdict
from aclproof.linter.verdict.findings import Finding, findings, worst_first
from aclproof.parsers.model.notes import State

_LONGEST = 60_000
"""Characters: a comment on GitHub holds 65,536."""
_MOST_ROWS = 50
_MOST_NOTES = 8
_MOST_REASON = 400
"""Characters of a waiver's reason."""
_STATES = {"new": message("new"), "grown": message("grown"), "unchanged": message("known"),
           "shrunk": message("known")}
"""What became of a finding since the baseline."""


def render(result: Result, language: Language = "en") -> str:
    """Write the report; what does not fit is counted, and the other formats have it."""
    return _Report(result, Words(language)).write()


class _Report:
    def __init__(self, result: Result, words: Words) -> None:
        self._result, self._words = result, words
        self._found = findings(result)
        self._titles = {each.id: plain(words.of(each.title)) for each in result.pack.methods}

    def write(self) -> str:
        result, words = self._result, self._words
        warned = (*disputed(result, words), *said.warned(result, words))
        head = [self._heading(), *(f"**{plain(text)}**" for text in warned), *self._methods(),
                *self._table()]
        tail = [*self._met(), *self._not_checked(), *self._waivers(), *self._cured(), *self._testimony(),
                *self._audit(), *self._assumptions(), *self._inputs(),
                *(f"{text}." for text in filter(None, [agreed(result, words)]))]
        room = _LONGEST - sum(len(block) + 2 for block in (*head, *tail))
        return "\n\n".join((*head, *self._details(room), *tail)) + "\n"

    def _details(self, room: int) -> Iterator[str]:
        """One block for each requirement that is not met, as many as fit into `room` characters."""
        unproven = [each for each in self._result.demands if each.missing or each.undecided]
        details = Details(self._words, self._titles)
        for number, demand in enumerate(unproven):
            block = details.write(demand, [each for each in self._found if each.demand is demand])
            room -= len(block) + 2
            if room < 0:
                yield self._words("{count} more requirements are left out here.",
                                  count=len(unproven) - number)
                return
            yield block

    def _testimony(self) -> Iterator[str]:
        """What devices and hosts said; what is confirmed is counted only."""
        words, testimony = self._words, self._result.testimony
        if not testimony:
            return
        yield f"### {words('What devices say')}"
        yield f"{said.counted(testimony, words)}."
        if lines := [f"- {plain(each)}" for each in said.remarks(testimony, words)]:
            yield "\n".join(lines)
        rows = [each for standing in said.TITLES for each in testimony.of(standing)
                if standing != "confirmed"]
        if rows:
            yield table((words("Answer"), words("Line"), words("What it says")), (
                (words(said.TITLES[each.standing]),
                 f"{code(str(each.answer.span))} {code(said.asked(each.answer, words))}",
                 plain(said.sentence(each, words))) for each in rows[:_MOST_ROWS]))
        if len(rows) > _MOST_ROWS:
            yield words("and {n} more", n=len(rows) - _MOST_ROWS)
        if marks := said.by_requirement(self._result, words):
            yield table((words("Requirement"), words("What devices say")),
                        ((plain(name), text) for name, text in marks[:_MOST_ROWS]))

    def _audit(self) -> Iterator[str]:
        """What else was asked of the configurations."""
        words, audit = self._words, self._result.audit
        if not audit:
            return
        yield f"### {words('Audit')}"
        yield f"{plain(counted(audit, words))}."
        found = sorted(audit.found, key=lambda each: each.known)
        if found:
            yield table((words("Check"), words("Line"), words("What is to be said of it")), (
                (self._check(each), f"{cell(str(each.span))} {cell(each.span.text)}", self._why(each))
                for each in found[:_MOST_ROWS]))
        if len(found) > _MOST_ROWS:
            yield words("and {n} more", n=len(found) - _MOST_ROWS)
        rewrites = [each.rewrite for each in found[:_MOST_ROWS] if each.rewrite]
        if rewrites:
            yield "\n".join(line for each in (*rewrites, *audit.together) for line in self._rewrite(each))
        if any(each.commands for each in rewrites):
            yield words(CAUTION)
        if texts := list(left_open(audit, words)):
            yield "\n".join(f"- {plain(each)}" for each in texts)

    def _rewrite(self, found: Rewrite) -> Iterator[str]:
        """What replaces lines that open too much."""
        words = self._words
        yield f"- {', '.join(code(str(each)) for each in found.spans)}: {plain(replacing(found, words))}"
        yield from (f"  - {code(line)}" for line in commands(found, words))
        yield from (f"  - {plain(words.sentence(text))}" for text in found.advice)

    def _check(self, each: Observation) -> str:
        words = self._words
        state = f", {words(_STATES[each.baseline])}" if each.baseline else ""
        return f"{each.check} ({words(LEVELS[each.severity])}{state})"

    def _why(self, each: Observation) -> str:
        """What its check says of a line, and the lines that are the reason."""
        words, others = self._words, [cell(str(other)) for other in each.others[:_MOST_NOTES]]
        return "; ".join(filter(None, (
            plain(words(title(each))), plain(detail(each, words)),
            f"{words(RELATIONS[each.check])} {', '.join(others)}" if others else "")))

    def _heading(self) -> str:
        words = self._words
        found = Counter(each.status for each in self._result.demands)
        names = {"missing": words("missing"), "undecided": words("undecided"), "waived": words("waived"),
                 "known": words("known"), "met": words("met")}
        counts = ", ".join(f"{found[status]} {name}" for status, name in names.items() if found[status])
        return f"## {words('Firewall check: {counts}', counts=counts or words('nothing was assessed'))}"

    def _methods(self) -> Iterator[str]:
        words, result = self._words, self._result
        names = {MethodVerdict.WORKS: words("works"), MethodVerdict.BLOCKED: words("BLOCKED"),
                 MethodVerdict.UNDECIDED: words("UNDECIDED"),
                 MethodVerdict.NOT_ASSESSED: words("not assessed")}
        met = {each.requirement.id for each in result.demands if each.verdict is Verdict.MET}
        heading = plain(method_heading(result.pack, words))
        yield table((heading, words("Verdict"), words("Requirements met")), (
            (self._titles[method.id], f"**{with_warnings(names[method.verdict], method, result, words)}**",
             plain(words.sentence(method.reason)) if method.reason else words(
                "{met} of {all}", met=len(met & set(method.requirements)), all=len(method.requirements)))
            for method in result.methods))
        yield from self._conditions()
        works = [self._titles[each.id] for each in result.with_verdict(MethodVerdict.WORKS)]
        if result.with_verdict(MethodVerdict.BLOCKED) and works:
            yield words("Proven to work through the firewalls as they are: {methods}.",
                        methods=", ".join(works))

    def _conditions(self) -> Iterator[str]:
        """What would follow of the undecided methods, and of which answers."""
        lines = [f"- {self._titles[each.id]}: {plain(follows(each.conditional, self._words))}"
                 for each in self._result.methods if each.conditional]
        if lines:
            yield "\n".join(lines)

    def _table(self) -> Iterator[str]:
        words, ranked = self._words, worst_first(self._found)
        if ranked:
            heads = words("Requirement"), words("Verdict"), words("Firewall"), words("Line")
            yield table(heads, ((plain(each.demand.requirement.id), self._verdict(each),
                                  cell(each.firewall), cell(str(each.span))) for each in ranked[:_MOST_ROWS]))
        if len(ranked) > _MOST_ROWS:
            yield words("{count} more findings are left out here.", count=len(ranked) - _MOST_ROWS)

    def _verdict(self, finding: Finding) -> str:
        words = self._words
        word = words("missing") if finding.verdict is Verdict.MISSING else words("undecided")
        if finding.waiver:
            return f"{word} ({words('waived')})"
        return f"{word} ({words(_STATES[finding.part.baseline])})" if finding.part.baseline else word

    def _met(self) -> Iterator[str]:
        words, met = self._words, [each for each in self._result.demands if each.verdict is Verdict.MET]
        if not met:
            return
        lines = [f"### {words('Met')} ({len(met)})", ""]
        for demand in met:
            permitting = permitting_lines(demand)
            shown = " ".join(filter(None, (", ".join(code(str(line.span)) for line in permitting),
                                           further(demand, permitting, words))))
            title = f"{plain(demand.requirement.id)}: {plain(words.of(demand.requirement.title))}"
            lines.append(f"- {title} ({shown})" if shown else f"- {title}")
            lines += [f"  - {plain(words.sentence(text))}" for text in demand.caveats]
        yield "\n".join(lines)

    def _not_checked(self) -> Iterator[str]:
        words, result = self._words, self._result
        for text in passing_none(result, words):
            yield f"**{words('Passes no firewall')}:** {plain(text)}"
        if result.scope.without_addresses:
            yield (f"**{words('Not checked, as no addresses are given')}:** "
                   f"{plain(without_addresses(result, words))}")

    def _waivers(self) -> Iterator[str]:
        words = self._words
        if not self._result.waivers:
            return
        states = {"applied": words("applied"), "unused": words("unused"), "expired": words("expired")}
        heads = (words("Waiver"), words("Requirement"), words("State"), words("Until"), words("Owner"),
                 words("Reason"))
        rows = ((cell(use.waiver.id), plain(use.waiver.requirement), states[use.state],
                 words.day(use.waiver.expires), plain(use.waiver.owner),
                 plain(cut(use.waiver.reason, _MOST_REASON))) for use in self._result.waivers[:_MOST_ROWS])
        yield f"### {words('Waivers')}\n\n{table(heads, rows)}"

    def _cured(self) -> Iterator[str]:
        words, baseline = self._words, self._result.baseline
        if baseline and baseline.cured:
            names = dict.fromkeys(each.requirement for each in baseline.cured)
            yield f"**{words('Cured since the baseline')}:** {plain(few(list(names), words=words))}"
        if baseline and baseline.gone:
            yield words.count("{n} known line that no check names any more",
                              "{n} known lines that no check names any more", len(baseline.gone))

    def _assumptions(self) -> Iterator[str]:
        words = self._words
        settings, facts = ("default", "derived"), ("fact",)
        for origins, heading in ((settings, words("Assumed")), (facts, words("Stated as fact"))):
            known = [code(f"{each.key} = {each.value}") for each in self._result.assumptions
                     if each.origin in origins]
            if known:
                yield f"**{heading}:** {', '.join(known[:_MOST_ROWS])}"
        relied = [each for each in self._result.assumptions if each.origin == "relied-on"]
        if relied:
            groups = by_question(relied, lambda each: each.question, lambda each: each.value)
            yield "\n".join((f"**{words('Relied on')}:**", "", *map(self._relied, groups[:_MOST_ROWS])))

    def _relied(self, same: Sequence[Assumption]) -> str:
        """One question; those that are the same but for their names are counted."""
        words, each = self._words, same[0]
        more = f" ({words.count('and {n} more like it', 'and {n} more like it', len(same) - 1)})"
        return (f"- {code(f'{each.key} = {each.value}')}: {plain(words.sentence(each.question))}"
                f"{more if len(same) > 1 else ''}")

    def _inputs(self) -> Iterator[str]:
        words = self._words
        if text := pack_file(self._result.pack, words):
            yield plain(text)
        yield table((words("Firewall"), words("File"), words("Lines"), words("Unread"), "SHA-256"), (
            (cell(read.name), cell(read.path), str(read.line_counts.total), str(read.line_counts.unread),
             cell(read.sha256)) for read in self._result.inputs[:_MOST_ROWS]))
        unread = [note for each in self._result.inputs for note in each.notes
                  if note.state is State.UNREAD and note.decides]
        if unread:
            lines = [f"- {code(str(note.span))}: {plain(words.sentence(note.reason))}"
                     for note in unread[:_MOST_NOTES]]
            yield "\n".join((words("Not read, and could decide ({count}):", count=len(unread)), "", *lines))

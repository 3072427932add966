"""The report for a person at a terminal: what works, what is missing and why, what is undecided."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from aclproof.linter.basis import Assumption
from aclproof.linter.reports.check.text_causes import Causes, closing, next_step
from aclproof.linter.reports.check.text_demand import ALL, WAIVERS, Details, Most, alike, label_width
from aclproof.linter.reports.check.text_quotes import Quotes
from aclproof.linter.reports.language.language import ENGLISH, Words, message
from aclproof.linter.reports.writing.alike import by_question
from aclproof.linter.reports.writing.conditions import brief
from aclproof.linter.reports.writing.terminal import Page, Part
from aclproof.linter.reports.writing.wording import (
    advice,
    few,
    further,
    line_text,
    method_heading,
    method_titles,
    pack_file,
    passing_none,
    permitting_lines,
    role_titles,
    service,
    with_warnings,
    without_addresses,
)
from aclproof.linter.result import (
    DemandResult,
    HopVerdict,
    Line,
    MethodResult,
    MethodVerdict,
    Result,
    Verdict,
)
from aclproof.linter.verdict.not_checked import not_checked
from aclproof.parsers.model.notes import Note, State

_METHODS = {MethodVerdict.WORKS: (message("works"), "bold green"),
            MethodVerdict.BLOCKED: (message("BLOCKED"), "bold red"),
            MethodVerdict.UNDECIDED: (message("UNDECIDED"), "bold yellow"),
            MethodVerdict.NOT_ASSESSED: (message("not assessed"), "dim")}
_STATES = {State.UNREAD: message("unread"), State.APPROXIMATED: message("approximated"),
           State.IGNORED: message("ignored"), State.UNDERSTOOD: message("understood")}

def render(result: Result, *, width: int = 80, colour: bool = False, verbose: bool = False,
           words: Words = ENGLISH) -> str:
    """Write the report for a terminal of `width` columns; `verbose` leaves nothing out."""
    page = Page(width=width, colour=colour, label_width=label_width(words))
    _Report(page, result, words, verbose).write()
    return page.text()


class _Report:
    def __init__(self, page: Page, result: Result, words: Words, verbose: bool) -> None:
        self._page, self._result, self._words, self._verbose = page, result, words, verbose
        self._most = ALL if verbose else Most()
        self._titles, self._roles = method_titles(result, words), role_titles(result, words)
        self._causes = Causes(page, result, words, self._most)
        self._details = Details(page, result, words, self._most, self._causes.number)

    def write(self) -> None:
        self._methods()
        self._advice()
        self._causes.write()
        self._unproven([each for each in self._result.demands if not each.tolerated])
        self._unproven(self._result.known)
        self._unproven(self._result.waived)
        self._met()
        self._waivers()
        self._baseline()
        if self._result.testimony:
            from aclproof.linter.reports.check import text_testimony

            text_testimony.write(self._page, self._result, self._result.testimony, self._words,
                                 self._most.notes)
        if self._result.audit:
            from aclproof.linter.reports.check import text_audit

            most = None if self._verbose else self._most.notes
            text_audit.write(self._page, self._result.audit, self._words, most)
        self._assumptions()
        self._inputs()
        self._judged_again()
        self._page.gap()
        self._page.write((closing(self._result, self._words), "bold"))
        if step := next_step(self._result, self._words):
            self._page.write(step)

    def _unproven(self, found: Sequence[DemandResult]) -> None:
        demands = sorted(found, key=lambda each: each.is_warning)
        for each in demands:
            if each.verdict is Verdict.MISSING:
                self._details.missing(each)
        for of_one_cause in alike(each for each in demands if each.verdict is Verdict.UNDECIDED):
            self._details.undecided(of_one_cause)

    def _methods(self) -> None:
        words = self._words
        headings = (method_heading(self._result.pack, words), words("Verdict"), words("Requirements met"))
        self._page.table(headings, [self._method(each) for each in self._result.methods])

    def _method(self, method: MethodResult) -> Sequence[Part]:
        word, style = _METHODS[method.verdict]
        needed = [demand for demand in self._result.demands if demand.requirement.id in method.requirements]
        last = self._words.sentence(method.reason) if method.reason else _score(needed, self._words)
        if then := brief(method, self._words):
            last = f"{last}; {then}"
        verdict = with_warnings(self._words(word), method, self._result, self._words)
        return self._titles[method.id], (verdict, style), last

    def _advice(self) -> None:
        blocked = self._result.with_verdict(MethodVerdict.BLOCKED)
        works = [self._titles[each.id] for each in self._result.with_verdict(MethodVerdict.WORKS)]
        self._page.gap()
        self._otherwise()
        if not blocked or len(self._result.methods) == 1:
            return
        if works:
            proven = self._words.count(
                "Through the firewalls as they are, {methods} works.",
                "Through the firewalls as they are, {methods} work.", len(works), methods="\0")
            before, _, after = proven.partition("\0")
            more = advice(self._result, self._words)
            self._page.write(before, (few(works, 9, self._words), "green"), f"{after} {more}".rstrip())
        else:
            self._page.write(self._words("No method is proven to work through the firewalls as they are."))
        self._page.gap()

    def _otherwise(self) -> None:
        """What a second judge disputes, and what devices contradict."""
        if self._result.agreement:
            from aclproof.linter.reports.writing.judged_again import disputed

            for text in disputed(self._result, self._words):
                self._page.write((text, "bold red"))
        if self._result.testimony:
            from aclproof.linter.reports.writing.said import warned

            if texts := warned(self._result, self._words):
                for text in texts:
                    self._page.write((text, "bold red"))
                self._page.gap()

    def _met(self) -> None:
        words, write = self._words, self._page.write
        met = [each for each in self._result.demands if each.verdict is Verdict.MET]
        if met:
            write((words("Met"), "bold green"), f" ({len(met)})")
        quotes = Quotes(repeated=self._verbose)
        for same in self._met_alike(met):
            demand = same[0]
            ids = ", ".join(each.requirement.id for each in same)
            write(f"{ids}  ", (_services(demand, self._roles, words), "dim"), indent=2)
            lines, more = self._permitting(demand)
            for line in lines:
                again = line.kind == "rule" and not quotes.is_new(line)
                text = "" if again else f"  {line_text(line, words)}"
                write((f"{line.span}{text}", "dim"), indent=4)
            if more:
                write((more, "dim"), indent=4)
            for text in demand.caveats:
                write((words("but: {caveat}", caveat=words.sentence(text)), "yellow"), indent=4)
            for text in _beside(demand, words):
                write((text, "dim"), indent=4)
        unknown = not_checked(self._result)
        absent = [each.requirement.id for each in self._result.demands
                  if each.verdict is Verdict.NOT_APPLICABLE and not each.reason and each not in unknown]
        if absent:
            write((words("Not needed here"), "bold"), f": {few(absent, 30, words)}")
        for text in passing_none(self._result, words):
            write((words("Passes no firewall"), "bold"), f": {text}")
        if unknown:
            write((words("Not checked, as no addresses are given"), "bold"),
                  f": {without_addresses(self._result, words)}")
        self._page.gap()

    def _permitting(self, demand: DemandResult) -> tuple[tuple[Line, ...], str]:
        """The lines that are shown to let a demand through, and how many more do."""
        lines = tuple(permitting_lines(demand, every=self._verbose)[:self._most.lines])
        return lines, further(demand, lines, self._words)

    def _met_alike(self, met: Sequence[DemandResult]) -> list[list[DemandResult]]:
        """Put requirements together of which everything is the same that is written of them."""
        found: dict[Hashable, list[DemandResult]] = {}
        for each in met:
            found.setdefault((_services(each, self._roles, self._words), each.caveats, each.hops,
                              *self._permitting(each)), []).append(each)
        return list(found.values())

    def _waivers(self) -> None:
        """What became of every waiver of the waiver file."""
        words = self._words
        if not self._result.waivers:
            return
        self._page.write((words("Waivers"), "bold"))
        ending = self._result.ending()
        for use in self._result.waivers:
            each, left = use.waiver, use.waiver.days_left(self._result.scope.as_of)
            soon = f", {words('days left: {n}', n=left)}" if use in ending else ""
            why = f": {words.sentence(use.because)}" if use.because else ""
            until = words("{requirement} until {day}", requirement=each.requirement, day=each.expires)
            self._page.labelled(words(WAIVERS[use.state]), (each.id, "bold"), f"  {until}", (soon, "yellow"),
                                why)
        self._page.gap()

    def _baseline(self) -> None:
        """What the baseline has, and has too much."""
        words, baseline = self._words, self._result.baseline
        if baseline is None:
            return
        self._page.write((words("Baseline"), "bold"), f": {baseline.file}, ", words.count(
            "{n} requirement is known", "{n} requirements are known", len(self._result.known)))
        if baseline.cured:
            names = dict.fromkeys(each.requirement for each in baseline.cured)
            self._page.write((words("Cured since the baseline"), "green"),
                             f": {few(list(names), 30, words)}", indent=2)
        if baseline.gone:
            self._page.write((words.count("{n} known line that no check names any more",
                                          "{n} known lines that no check names any more",
                                          len(baseline.gone)), "green"), indent=2)
        self._page.gap()

    def _assumptions(self) -> None:
        words, known = self._words, self._result.assumptions
        defaults = [f"{each.key} {each.value}" for each in known if each.origin in ("default", "derived")]
        facts = [f"{each.key} = {each.value}" for each in known if each.origin == "fact"]
        for title, stated in ((words("Assumed"), defaults), (words("Stated as fact"), facts)):
            if stated:
                self._page.write((title, "bold"), f": {few(stated, 99, words)}")
        relied = [each for each in known if each.origin == "relied-on"]
        for same in by_question(relied, lambda each: each.question, lambda each: each.value):
            self._relied_on(same[0], [each.key for each in same[1:]])

    def _relied_on(self, each: Assumption, others: Sequence[str]) -> None:
        """A usual answer, and the facts for which the same was taken."""
        words, write = self._words, self._page.write
        write((words("Relied on"), "bold yellow"),
              f": {each.key} = {each.value}: {words.sentence(each.question)}")
        if each.find_out:
            write(words("shown by: {find_out}", find_out=words.command(each.find_out)), indent=2)
        if others:
            write(words("The same of {keys}", keys=few(others, self._most.ranges, words)), indent=2)

    def _inputs(self) -> None:
        words = self._words
        shown = self._result.inputs
        if len(shown) > self._most.inputs:
            shown = tuple(read for read in shown if read.line_counts.unread)
        for read in shown:
            counts = read.line_counts
            lines = words.count("{n} line", "{n} lines", counts.total)
            states = words("{unread} unread, {approximated} approximated", unread=counts.unread,
                           approximated=counts.approximated)
            self._page.write((read.name, "bold"), f": {read.path} ({read.version or read.vendor}), "
                           f"{lines}, {states}")
            self._notes([note for note in read.notes if note.state is State.UNREAD or self._verbose])
        if left_out := len(self._result.inputs) - len(shown):
            self._page.write(words.count("{n} file without an unread line",
                                         "{n} files without an unread line", left_out))
        if text := pack_file(self._result.pack, words):
            self._page.write(text)

    def _judged_again(self) -> None:
        """How many packets a second judge was asked about, where it agrees."""
        if self._result.agreement:
            from aclproof.linter.reports.writing.judged_again import agreed

            if text := agreed(self._result, self._words):
                self._page.write((text, "green"))

    def _notes(self, notes: Sequence[Note]) -> None:
        words = self._words
        shown = sorted(notes, key=lambda note: (not note.decides, note.span.first_line))[:self._most.notes]
        for note in shown:
            state = words(_STATES[note.state])
            mark = words("{state}, could decide", state=state) if note.decides else state
            self._page.write((f"{note.span}  ", "cyan"),
                           f"{mark}: {note.span.text} ({words.sentence(note.reason)})", indent=2)
        if len(notes) > len(shown):
            self._page.write(words("and {n} more; 'aclproof show {file}' lists them",
                                 n=len(notes) - len(shown), file=notes[0].span.file), indent=2)


def _score(demands: Sequence[DemandResult], words: Words) -> str:
    met = sum(1 for each in demands if each.verdict is Verdict.MET)
    waived = sum(1 for each in demands if each.waiver)
    score = words("{met} of {all}", met=met, all=len(demands))
    known = sum(1 for each in demands if each.known)
    tolerated = [text for n, text in ((waived, words("{n} waived", n=waived)),
                                      (known, words("{n} known", n=known))) if n]
    return ", ".join((score, *tolerated))


def _beside(demand: DemandResult, words: Words) -> list[str]:
    if not demand.hops:
        return [words("no firewall of the site file is between these roles")]
    return [words("{firewall}: both ends lie behind one interface, so it is not crossed",
                  firewall=hop.firewall)
            for hop in demand.hops if hop.verdict is HopVerdict.BESIDE]


def _services(each: DemandResult, roles: Mapping[str, str], words: Words) -> str:
    ends = f"{roles[each.requirement.source]} -> {roles[each.requirement.destination]}"
    return "; ".join(dict.fromkeys(f"{ends} {service(box, words, each.boxes)}" for box in each.boxes))

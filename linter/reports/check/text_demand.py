"""The report for a terminal: what is missing or undecided of one requirement."""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterable, Sequence

from msgspec import Struct

from aclproof.linter.questions import Question
from aclproof.linter.reports.check.text_quotes import Quotes
from aclproof.linter.reports.language.language import Words, message
from aclproof.linter.reports.writing.long_paths import MOST_HOPS, by_verdict
from aclproof.linter.reports.writing.terminal import Page, Part
from aclproof.linter.reports.writing.wording import (
    MOST_RANGES,
    few,
    flow,
    lacking,
    line_text,
    method_titles,
    reply_hint,
)
from aclproof.linter.result import (
    DemandResult,
    HopVerdict,
    Line,
    Missing,
    Result,
    Undecided,
    Verdict,
)
from aclproof.linter.waiver import Waiver
from aclproof.parsers.model.packets import Box

_HOPS = {HopVerdict.PASSES: (message("passes"), "green"), HopVerdict.STOPS: (message("STOPS"), "bold red"),
         HopVerdict.OPEN: (message("undecided"), "yellow"),
         HopVerdict.BESIDE: (message("is not crossed"), "dim"),
         HopVerdict.UNSEEN: (message("is not reached"), "dim")}
WAIVERS = {"applied": message("Applied"), "unused": message("UNUSED"), "expired": message("EXPIRED")}
"""What became of a waiver."""
_LABELS = (message("Required"), message("Path"), message("Missing"), message("Part"), message("Translated"),
           message("Stopped by"), message("Near"), message("Example"), message("To do"), message("Open"),
           message("Line"), message("Unknown"), message("Find out"),
           message("Needed for"), message("Fix"), message("Proven"), message("Waived"), message("Reason"),
           *WAIVERS.values())


class Most(Struct, frozen=True):
    """So many of each are shown; the rest is counted."""

    lines: int = 5
    """Blocking or undecided lines of one requirement."""
    parts: int = 2
    """Boxes of packets that one line stops."""
    notes: int = 8
    ranges: int = MOST_RANGES
    causes: int = 6
    """Lines that stop something, and open questions, on the first screen."""
    inputs: int = 12
    """Files; of more, those with unread lines."""


ALL = Most(*[sys.maxsize] * 6)


def label_width(words: Words) -> int:
    """How wide the column of labels is."""
    return 1 + max(len(words(label)) for label in _LABELS)


class Details:
    """Writes one block for each requirement that is not met."""

    def __init__(self, page: Page, result: Result, words: Words, most: Most,
                 number: Callable[[Question], int]) -> None:
        """`number` is that of a question on the first screen, 0 where it is not there."""
        self._page, self._words, self._most, self._number = page, words, most, number
        self._result = result
        self._titles = method_titles(result, words)
        self._quotes = Quotes(repeated=most is ALL)
        self._several = len({each.name for each in result.inputs}) > 1

    def _labelled(self, label: str, *parts: Part) -> None:
        """A line with one of _LABELS, or with none."""
        self._page.labelled(label and self._words(label), *parts)

    def _heading(self, proven: tuple[str, str], demand: DemandResult) -> None:
        words = self._words
        note = words("(warning: no method fails by it)") if demand.is_warning else ""
        if not note and demand.baseline and demand.unproven:
            note = words("(new since the baseline)") if demand.baseline == "new" else \
                words("(grown since the baseline)")
        word, style = (words("WAIVED"), "bold magenta") if demand.waiver else \
            (words("KNOWN"), "bold blue") if demand.known else proven
        self._page.write((f"{word}  ", style), (demand.requirement.id, "bold"), note and f"  {note}")
        self._page.write(words.of(demand.requirement.title), indent=2)
        if demand.tolerated:
            self._labelled("Proven", (words("missing"), "red") if demand.verdict is Verdict.MISSING
                           else (words("undecided"), "yellow"))
        if demand.waiver:
            self._waived(demand.waiver)

    def _waived(self, waiver: Waiver) -> None:
        words = self._words
        until = words("until {day} by {owner}", day=waiver.expires, owner=waiver.owner)
        approved = words("approved by {name}", name=waiver.approved_by) if waiver.approved_by else ""
        ticket = f", {waiver.ticket}" if waiver.ticket else ""
        self._labelled("Waived", f"{until}{approved and f', {approved}'} ({waiver.id}{ticket})")
        self._labelled("Reason", waiver.reason)

    def missing(self, demand: DemandResult) -> None:
        """Write what is missing, what stops it, and what to do."""
        words = self._words
        self._heading((words("MISSING"), "bold red"), demand)
        for box in demand.boxes:
            self._labelled("Required", flow(box, self._most.ranges, words, demand.boxes))
        self._path(demand)
        self._labelled("Missing", (lacking(demand, words), "red"))
        whole = all(part.leg == "request" and _same(part.boxes, demand.boxes) for part in demand.missing)
        for part in demand.missing[:self._most.lines]:
            self._missing_part(demand, part, whole=whole)
        if len(demand.missing) > self._most.lines:
            self._labelled("", words.count("and {n} more line stops packets of it",
                                           "and {n} more lines stop packets of it",
                                           len(demand.missing) - self._most.lines))
        self._open_parts(demand)
        if demand.witness:
            self._labelled("Example", str(demand.witness))
        self._fixes(demand)
        self._labelled("To do", words.of(demand.requirement.fix))
        self._labelled("Needed for", few([self._titles[method] for method in demand.methods], 9, words))
        self._page.gap()

    def _fixes(self, demand: DemandResult) -> None:
        """Verified permits, as they are entered: never wrapped, and each written out once.

        They have to be entered in their own order, which is not that of the requirements.
        """
        words, found = self._words, self._result.fixes or ()
        if demand.waiver and self._result.fixes is not None:
            self._labelled("Fix", words("left out, as it is waived"))
        elif demand.is_warning and self._result.fixes is not None:
            self._labelled("Fix", words("left out, as no method fails by it; --strict adds it"))
        missing = [each.requirement.id for each in self._result.demands if each.verdict is Verdict.MISSING]
        for fix in (fix for fix in found if demand.requirement.id in fix.requirements):
            first = next(name for name in missing if name in fix.requirements)
            of_firewall = [other for other in found if other.firewall == fix.firewall]
            place = words("{firewall}, number {number} of {count} to enter there", firewall=fix.firewall,
                          number=of_firewall.index(fix) + 1, count=len(of_firewall))
            if first != demand.requirement.id:
                self._labelled("Fix", words("{fix}: see {requirement}", fix=place, requirement=first))
                continue
            self._labelled("Fix", words("{fix}; verified", fix=place))
            for line in fix.lines:
                self._page.verbatim(words.sentence(line) if line.startswith("# ") else line, indent=4)

    def _missing_part(self, demand: DemandResult, part: Missing, *, whole: bool) -> None:
        """What one line stops; its packets, unless each of these lines stops the `whole` requirement."""
        words = self._words
        if not whole:
            for box in part.boxes[:self._most.parts]:
                self._labelled("Part", flow(box, self._most.ranges, words, demand.boxes))
            if len(part.boxes) > self._most.parts:
                self._labelled("", words.count("and {n} more part", "and {n} more parts",
                                               len(part.boxes) - self._most.parts))
        if part.leg != "request":
            self._labelled("", reply_hint(part, words))
        for line in part.translated_by:
            self._labelled("Translated", (f"{line.span}", "cyan"), f"  ({line.firewall})")
            self._text(line)
        self._quoted("Stopped by", part.blocked_by, part.way)
        if part.advice:
            self._labelled("", words.sentence(part.advice))
        for near in part.near:
            self._labelled("Near", (f"{near.rule.span}", "cyan"), f"  {words.sentence(near.text)}")
            self._text(near.rule)

    def _path(self, demand: DemandResult) -> None:
        """The firewalls on the way, where there are several or none, and their order is known."""
        if demand.unordered or (len(demand.hops) == 1
                                and demand.hops[0].verdict is not HopVerdict.BESIDE):
            return
        if len(demand.hops) > MOST_HOPS and self._most is not ALL:
            for number, (verdict, firewalls) in enumerate(by_verdict(demand.hops)):
                word, style = _HOPS[verdict]
                shown = few(firewalls, words=self._words)
                self._labelled("" if number else "Path", (self._words(word), style),
                               f" ({len(firewalls)}): {shown}")
            return
        parts: list[Part] = []
        for hop in demand.hops:
            word, style = _HOPS[hop.verdict]
            parts += [" -> " if parts else "", f"{hop.firewall} ", (self._words(word), style)]
        self._labelled("Path", *(parts or [self._words("no firewall of the site file")]))

    def _quoted(self, label: str, line: Line, way: str) -> None:
        place = self._words.sentence(way)
        if self._several:
            place = f"{line.firewall}: {place}"
        self._labelled(label, (f"{line.span}", "cyan"), f"  ({place})" if way else "")
        if line.kind != "rule":
            self._labelled("", line_text(line, self._words))
        self._text(line)

    def _text(self, line: Line) -> None:
        """What the file says, where it has not been quoted yet."""
        text = line.text if line.kind == "rule" else line.span.text
        if text and self._quotes.is_new(line):
            self._labelled("", text if line.kind == "rule" else (text, "dim"))

    def undecided(self, demands: Sequence[DemandResult]) -> None:
        """Write requirements that are undecided for the same reasons, and what would settle them."""
        for demand in demands:
            self._heading((self._words("UNDECIDED"), "bold yellow"), demand)
            for box in self._open_boxes(demand) if len(demands) > 1 else ():
                self._labelled("Open", flow(box, self._most.ranges, self._words, demand.boxes))
        first = demands[0]
        self._path(first)
        self._open_parts(first, packets=len(demands) == 1)
        self._labelled("Needed for", few([self._titles[method] for method in first.methods], 9, self._words))
        self._page.gap()

    def _open_parts(self, demand: DemandResult, *, packets: bool = True) -> None:
        """What is open of a requirement: the packets, the line that leaves them open, and the questions."""
        for part in demand.undecided[:self._most.lines]:
            for box in part.boxes[:self._most.parts] if packets else ():
                self._labelled("Open", flow(box, self._most.ranges, self._words, demand.boxes))
            if part.line:
                self._quoted("Line", part.line, part.way)
            self._unknown(part)
        if len(demand.undecided) > self._most.lines:
            self._labelled("", self._words.count("and {n} more open line", "and {n} more open lines",
                                                 len(demand.undecided) - self._most.lines))

    def _open_boxes(self, demand: DemandResult) -> list[Box]:
        boxes = dict.fromkeys(box for part in demand.undecided for box in part.boxes[:self._most.parts])
        return list(boxes)[:self._most.parts]

    def _unknown(self, part: Undecided) -> None:
        """The questions: by their numbers, and in full where they have none."""
        words = self._words
        known = sorted({self._number(each) for each in part.questions} - {0})
        rest = [each for each in part.questions if not self._number(each)]
        if known:
            self._labelled("Unknown", words.count("question {numbers} above", "questions {numbers} above",
                                                  len(known), numbers=", ".join(map(str, known))))
        for each in rest:
            self._labelled("Unknown", words.sentence(each.because))
            if each.find_out:
                self._labelled("Find out", words.command(each.find_out))


def _same(left: Sequence[Box], right: Sequence[Box]) -> bool:
    return set(left) == set(right)


def alike(demands: Iterable[DemandResult]) -> list[list[DemandResult]]:
    """Put requirements together that are undecided by the same lines for the same reasons."""
    found: dict[Hashable, list[DemandResult]] = {}
    for demand in demands:
        reasons = tuple((part.line, part.way, part.questions) for part in demand.undecided)
        found.setdefault((reasons, demand.hops, demand.methods, demand.verdict, demand.status),
                         []).append(demand)
    return list(found.values())

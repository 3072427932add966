"""The report for a person at a terminal: what works, what is missing and why, what nobody can tell."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from linter.engine.packets import Box
from linter.reports.wording import MOST_RANGES, few, flow, later, service, share, telling, visible
from linter.result import (
    DemandResult,
    HopVerdict,
    Line,
    MethodVerdict,
    Missing,
    Result,
    Undecided,
    Verdict,
    Waiver,
)
from parsers.model.notes import Note, State

_WORDS = {MethodVerdict.WORKS: ("works", "bold green"), MethodVerdict.BLOCKED: ("BLOCKED", "bold red"),
          MethodVerdict.UNDECIDED: ("UNDECIDED", "bold yellow"),
          MethodVerdict.NOT_ASSESSED: ("not assessed", "dim")}
_HOPS = {HopVerdict.PASSES: ("passes", "green"), HopVerdict.STOPS: ("STOPS", "bold red"),
         HopVerdict.OPEN: ("undecided", "yellow"), HopVerdict.BESIDE: ("is not crossed", "dim"),
         HopVerdict.UNSEEN: ("is not reached", "dim")}
_WAIVERS = {"applied": "Applied", "unused": "UNUSED", "expired": "EXPIRED"}
_COMMAND = re.compile(r"^(\s*)::(?=[A-Za-z])")
"""A runner of GitHub obeys a line that begins so, and wrapped foreign text may begin one."""


@dataclass(frozen=True, slots=True)
class _Most:
    """So many of each are shown; the rest is counted."""

    lines: int = 5
    """Blocking or open lines of one requirement."""
    parts: int = 2
    """Boxes of packets that one line stops."""
    notes: int = 8
    ranges: int = MOST_RANGES


_ALL = _Most(*[sys.maxsize] * 4)


def render(result: Result, *, width: int = 80, colour: bool = False, verbose: bool = False) -> str:
    """Write the report for a terminal of `width` columns; `verbose` leaves nothing out."""
    out = StringIO()
    console = Console(file=out, width=width, force_terminal=colour, no_color=not colour, highlight=False,
                      emoji=False, markup=False, color_system="standard" if colour else None,
                      legacy_windows=False)
    _Report(console, result, verbose).write()
    return "\n".join(_COMMAND.sub(r"\1:\\x3a", line.rstrip()) for line in out.getvalue().split("\n"))


class _Report:
    def __init__(self, console: Console, result: Result, verbose: bool) -> None:
        self._console, self._result, self._verbose = console, result, verbose
        self._most = _ALL if verbose else _Most()

    def write(self) -> None:
        self._methods()
        self._advice()
        self._unproven([each for each in self._result.demands if not each.waiver])
        self._unproven(self._result.waived)
        self._met()
        self._waivers()
        self._assumptions()
        self._inputs()

    def _unproven(self, demands: Sequence[DemandResult]) -> None:
        for each in demands:
            if each.verdict is Verdict.MISSING:
                self._missing(each)
        for each in demands:
            if each.undecided and each.verdict is not Verdict.MET:
                self._undecided(each)

    def _say(self, *parts: str | tuple[str, str], indent: int = 0) -> None:
        text = Text()
        for part in parts:
            words, style = part if isinstance(part, tuple) else (part, "")
            text.append(visible(words), style)
        self._console.print(Padding(text, (0, 0, 0, indent)), soft_wrap=False)

    def _labelled(self, label: str, *parts: str | tuple[str, str]) -> None:
        """A line `  Label   text` whose text wraps under itself."""
        grid = Table.grid(padding=(0, 1, 0, 0))
        grid.add_column(width=11, no_wrap=True)
        grid.add_column(overflow="fold")
        text = Text()
        for part in parts:
            words, style = part if isinstance(part, tuple) else (part, "")
            text.append(visible(words), style)
        grid.add_row(Text(label, "dim"), text)
        self._console.print(Padding(grid, (0, 0, 0, 2)))

    def _methods(self) -> None:
        table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
        for heading in ("Installation method", "Verdict", "Requirements met"):
            table.add_column(heading)
        by_id = {each.requirement.id: each for each in self._result.demands}
        for method in self._result.methods:
            word, style = _WORDS[method.verdict]
            mine = [by_id[each] for each in method.requirements]
            last = method.reason or _score(mine)
            table.add_row(Text(method.title), Text(word, style), Text(visible(last)))
        self._console.print(table)

    def _advice(self) -> None:
        blocked = self._result.with_verdict(MethodVerdict.BLOCKED)
        works = self._result.with_verdict(MethodVerdict.WORKS)
        self._console.print()
        if not blocked:
            return
        if works:
            self._say("Through the firewalls as they are, ", (few([m.title for m in works], 9), "green"),
                      f" {'works' if len(works) == 1 else 'work'}. The source page advises to use such a "
                      "method instead of a blocked one.")
        else:
            self._say("No other method is proven to work through the firewalls as they are.")
        self._console.print()

    def _heading(self, word: str, style: str, each: DemandResult) -> None:
        warning = each.requirement.severity == "warning"
        note = "  (warning: documented, practical need unverified)" if warning else ""
        shown = ("WAIVED  ", "bold magenta") if each.waiver else (f"{word}  ", style)
        self._say(shown, (each.requirement.id, "bold"), note)
        self._say(each.requirement.title.en, indent=2)
        if each.waiver:
            self._waived(each.waiver, word.lower())

    def _waived(self, waiver: Waiver, proven: str) -> None:
        self._labelled("Proven", (proven, "red" if proven == "missing" else "yellow"))
        approved = f", approved by {waiver.approved_by}" if waiver.approved_by else ""
        ticket = f", {waiver.ticket}" if waiver.ticket else ""
        self._labelled("Waived", f"until {waiver.expires} by {waiver.owner}{approved} ({waiver.id}{ticket})")
        self._labelled("Reason", waiver.reason)

    def _missing(self, each: DemandResult) -> None:
        self._heading("MISSING", "bold red", each)
        for box in each.boxes:
            self._labelled("Required", flow(box, self._most.ranges))
        self._path(each)
        self._labelled("Missing", (share(each.coverage), "red"))
        for part in each.missing[:self._most.lines]:
            self._stopped(each, part)
        if len(each.missing) > self._most.lines:
            self._labelled("", f"and {len(each.missing) - self._most.lines} more lines stop smaller parts")
        if each.witness:
            self._labelled("Example", str(each.witness))
        self._labelled("To do", each.requirement.fix.en)
        self._labelled("Needed for", few(self._titles(each.methods), 9))
        self._console.print()

    def _stopped(self, each: DemandResult, part: Missing) -> None:
        if len(each.missing) > 1 or part.leg != "request" or not _same(part.boxes, each.boxes):
            for box in part.boxes[:self._most.parts]:
                self._labelled("Part", flow(box, self._most.ranges))
            if len(part.boxes) > self._most.parts:
                self._labelled("", f"and {len(part.boxes) - self._most.parts} more parts")
        if part.leg != "request":
            self._labelled("", later(part))
        for line in part.translated_by:
            self._labelled("Translated", (f"{line.span}", "cyan"), f"  ({line.firewall})")
            self._labelled("", line.text)
        self._quoted("Stopped by", part.blocked_by, part.way)
        if part.advice:
            self._labelled("", part.advice)
        for near in part.near:
            self._labelled("Near", (f"{near.rule.span}", "cyan"), f"  {near.text}")
            self._labelled("", near.rule.text)

    def _path(self, each: DemandResult) -> None:
        """The firewalls on the way, where there are several or none."""
        if len(each.hops) == 1 and each.hops[0].verdict is not HopVerdict.BESIDE:
            return
        parts: list[str | tuple[str, str]] = []
        for hop in each.hops:
            word, style = _HOPS[hop.verdict]
            parts += [" -> " if parts else "", f"{hop.firewall} ", (word, style)]
        self._labelled("Path", *(parts or ["no firewall of the site file"]))

    def _quoted(self, label: str, line: Line, way: str) -> None:
        several = len({each.name for each in self._result.inputs}) > 1
        place = f"{line.firewall}: {way}" if several else way
        self._labelled(label, (f"{line.span}", "cyan"), f"  ({place})" if way else "")
        self._labelled("", line.text)
        if line.kind != "rule":
            self._labelled("", (line.span.text, "dim"))

    def _undecided(self, each: DemandResult) -> None:
        self._heading("UNDECIDED", "bold yellow", each)
        self._path(each)
        for part in each.undecided[:self._most.lines]:
            for box in part.boxes[:self._most.parts]:
                self._labelled("Open", flow(box, self._most.ranges))
            if part.line:
                self._quoted("Line", part.line, part.way)
            self._labelled("Unknown", "; ".join(part.because))
            self._settled_by(part)
        if len(each.undecided) > self._most.lines:
            self._labelled("", f"and {len(each.undecided) - self._most.lines} more open lines")
        self._labelled("Needed for", few(self._titles(each.methods), 9))
        self._console.print()

    def _settled_by(self, part: Undecided) -> None:
        for key in part.facts:
            self._labelled("Settle it", f'facts: {{"{key}": ...}} in the site file')

    def _met(self) -> None:
        met = [each for each in self._result.demands if each.verdict is Verdict.MET]
        if met:
            self._say(("Met", "bold green"), f" ({len(met)})")
        for each in met:
            self._say(f"{each.requirement.id}  ", (_services(each), "dim"), indent=2)
            for line in telling(each, every=self._verbose):
                self._say((f"{line.span}  {line.text}", "dim"), indent=4)
            for text in each.caveats:
                self._say((f"but: {text}", "yellow"), indent=4)
            for text in _beside(each):
                self._say((text, "dim"), indent=4)
        absent = [each.requirement.id for each in self._result.demands
                  if each.verdict is Verdict.NOT_APPLICABLE]
        if absent:
            self._say(("Not needed here", "bold"), f": {few(absent, 30)}")
        self._console.print()

    def _waivers(self) -> None:
        """What became of every waiver of the waiver file."""
        if not self._result.waivers:
            return
        self._say(("Waivers", "bold"))
        ending = self._result.ending()
        for use in self._result.waivers:
            each, left = use.waiver, use.waiver.days_left(self._result.scope.as_of)
            soon = f", days left: {left}" if use in ending else ""
            why = f": {use.because}" if use.because else ""
            self._labelled(_WAIVERS[use.state], (each.id, "bold"),
                           f"  {each.requirement} until {each.expires}", (soon, "yellow"), why)
        self._console.print()

    def _assumptions(self) -> None:
        known = self._result.assumptions
        defaults = [f"{each.key} {each.value}" for each in known if each.origin == "default"]
        facts = [f"{each.key} = {each.value}" for each in known if each.origin == "fact"]
        for title, words in (("Assumed", defaults), ("Stated as fact", facts)):
            if words:
                self._say((title, "bold"), f": {few(words, 99)}")

    def _inputs(self) -> None:
        for each in self._result.inputs:
            counts = each.line_counts
            self._say((each.name, "bold"), f": {each.path} ({each.version or each.vendor}), "
                      f"{counts.total} lines, {counts.unread} unread, {counts.approximated} approximated")
            self._notes([note for note in each.notes if note.state is State.UNREAD or self._verbose])

    def _notes(self, notes: Sequence[Note]) -> None:
        shown = sorted(notes, key=lambda note: (not note.decides, note.span.first_line))[:self._most.notes]
        for note in shown:
            mark = f"{note.state.value}, could decide: " if note.decides else f"{note.state.value}: "
            self._say((f"{note.span}  ", "cyan"), f"{mark}{note.span.text} ({note.reason})", indent=2)
        if len(notes) > len(shown):
            self._say(f"and {len(notes) - len(shown)} more; 'aclproof show {notes[0].span.file}' lists them",
                      indent=2)

    def _titles(self, methods: Sequence[str]) -> list[str]:
        titles = {method.id: method.title for method in self._result.methods}
        return [titles[each] for each in methods]


def _score(demands: Sequence[DemandResult]) -> str:
    met = sum(1 for each in demands if each.verdict is Verdict.MET)
    waived = sum(1 for each in demands if each.waiver)
    return f"{met} of {len(demands)}" + (f", {waived} waived" if waived else "")


def _beside(each: DemandResult) -> list[str]:
    if not each.hops:
        return ["no firewall of the site file stands between these roles"]
    return [f"{hop.firewall}: both ends lie behind one interface, so it is not crossed"
            for hop in each.hops if hop.verdict is HopVerdict.BESIDE]


def _services(each: DemandResult) -> str:
    ends = f"{each.requirement.source} -> {each.requirement.destination}"
    return "; ".join(dict.fromkeys(f"{ends} {service(box)}" for box in each.boxes))


def _same(left: Sequence[Box], right: Sequence[Box]) -> bool:
    return set(left) == set(right)

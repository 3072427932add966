"""The report for a person at a terminal: what works, what is missing and why, what nobody can tell."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from linter.engine.packets import Box
from linter.reports.wording import few, flow, service, share, visible
from linter.result import DemandResult, HopVerdict, Line, MethodVerdict, Missing, Result, Undecided, Verdict
from parsers.model.notes import Note, State
from parsers.model.services import is_icmp

_WORDS = {MethodVerdict.WORKS: ("works", "bold green"), MethodVerdict.BLOCKED: ("BLOCKED", "bold red"),
          MethodVerdict.UNDECIDED: ("UNDECIDED", "bold yellow"),
          MethodVerdict.NOT_ASSESSED: ("not assessed", "dim")}
_HOPS = {HopVerdict.PASSES: ("passes", "green"), HopVerdict.STOPS: ("STOPS", "bold red"),
         HopVerdict.OPEN: ("undecided", "yellow"), HopVerdict.BESIDE: ("is not crossed", "dim"),
         HopVerdict.UNSEEN: ("is not reached", "dim")}
_MOST_LINES = 5
"""So many blocking lines of one requirement are shown; the rest is counted."""
_MOST_NOTES = 8


def render(result: Result, *, width: int = 80, colour: bool = False) -> str:
    """Write the report for a terminal of `width` columns."""
    out = StringIO()
    console = Console(file=out, width=width, force_terminal=colour, no_color=not colour, highlight=False,
                      emoji=False, markup=False, color_system="standard" if colour else None,
                      legacy_windows=False)
    _Report(console, result).write()
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


class _Report:
    def __init__(self, console: Console, result: Result) -> None:
        self._console, self._result = console, result

    def write(self) -> None:
        self._methods()
        self._advice()
        for each in self._result.demands:
            if each.verdict is Verdict.MISSING:
                self._missing(each)
        for each in self._result.demands:
            if each.undecided and each.verdict is not Verdict.MET:
                self._undecided(each)
        self._met()
        self._assumptions()
        self._inputs()

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
            met = sum(1 for each in method.requirements if by_id[each].verdict is Verdict.MET)
            last = method.reason or f"{met} of {len(method.requirements)}"
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
        self._say((f"{word}  ", style), (each.requirement.id, "bold"), note)
        self._say(each.requirement.title.en, indent=2)

    def _missing(self, each: DemandResult) -> None:
        self._heading("MISSING", "bold red", each)
        for box in each.boxes:
            self._labelled("Required", flow(box))
        self._path(each)
        self._labelled("Missing", (share(each.coverage), "red"))
        for part in each.missing[:_MOST_LINES]:
            self._stopped(each, part)
        if len(each.missing) > _MOST_LINES:
            self._labelled("", f"and {len(each.missing) - _MOST_LINES} more lines stop smaller parts")
        if each.witness:
            self._labelled("Example", str(each.witness))
        self._fixes(each)
        self._labelled("To do", each.requirement.fix.en)
        self._labelled("Needed for", few(self._titles(each.methods), 9))
        self._console.print()

    def _fixes(self, each: DemandResult) -> None:
        """Verified permits, as they are entered: never wrapped, and each written out once.

        They have to be entered in their own order, which is not that of the requirements.
        """
        missing = [demand.requirement.id for demand in self._result.demands
                   if demand.verdict is Verdict.MISSING]
        for fix in self._result.fixes or ():
            if each.requirement.id not in fix.requirements:
                continue
            first = next(name for name in missing if name in fix.requirements)
            mine = [other for other in self._result.fixes or () if other.firewall == fix.firewall]
            place = f"{fix.firewall}, number {mine.index(fix) + 1} of {len(mine)} to enter there"
            if first != each.requirement.id:
                self._labelled("Fix", f"{place}: see {first}")
                continue
            self._labelled("Fix", f"{place}; verified")
            for line in fix.lines:
                self._console.print(Text(f"    {visible(line)}"), soft_wrap=True)

    def _stopped(self, each: DemandResult, part: Missing) -> None:
        if len(each.missing) > 1 or part.leg != "request" or not _same(part.boxes, each.boxes):
            for box in part.boxes[:2]:
                self._labelled("Part", flow(box))
            if len(part.boxes) > 2:
                self._labelled("", f"and {len(part.boxes) - 2} more parts")
        if part.leg != "request":
            self._labelled("", _later(part))
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
        for part in each.undecided[:_MOST_LINES]:
            for box in part.boxes[:2]:
                self._labelled("Open", flow(box))
            if part.line:
                self._quoted("Line", part.line, part.way)
            self._labelled("Unknown", "; ".join(part.because))
            self._settled_by(part)
        if len(each.undecided) > _MOST_LINES:
            self._labelled("", f"and {len(each.undecided) - _MOST_LINES} more open lines")
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
            for line in _telling(each):
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
            self._notes([note for note in each.notes if note.state is State.UNREAD])

    def _notes(self, notes: Sequence[Note]) -> None:
        shown = sorted(notes, key=lambda note: (not note.decides, note.span.first_line))[:_MOST_NOTES]
        for note in shown:
            mark = "unread, could decide: " if note.decides else "unread: "
            self._say((f"{note.span}  ", "cyan"), f"{mark}{note.span.text} ({note.reason})", indent=2)
        if len(notes) > len(shown):
            self._say(f"and {len(notes) - len(shown)} more; 'aclproof show {notes[0].span.file}' lists them",
                      indent=2)

    def _titles(self, methods: Sequence[str]) -> list[str]:
        titles = {method.id: method.title for method in self._result.methods}
        return [titles[each] for each in methods]


def _later(part: Missing) -> str:
    """What to do about packets behind the first one of a connection."""
    if any(is_icmp(box.protocol) for box in part.boxes):
        return ("the answer does not come back: let the firewall follow ICMP (inspect icmp), or permit the "
                "echo reply")
    which = "answers do not come back" if part.leg == "reply" else "later packets of a connection are stopped"
    return f"{which}: accept what belongs to a connection (state ESTABLISHED)"


def _telling(each: DemandResult) -> list[Line]:
    """For every hop the line that best shows that it lets the demand through."""
    best: dict[str, Line] = {}
    for part in each.evidence:
        best.setdefault(part.permitted_by.firewall, part.permitted_by)
    return [best[hop.firewall] for hop in each.hops if hop.firewall in best]


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

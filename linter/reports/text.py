"""The report for a person at a terminal: what works, what is missing and why, what nobody can tell."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from linter.engine.packets import Box
from linter.reports.language import ENGLISH, Words, message
from linter.reports.wording import few, flow, method_titles, service, share, visible
from linter.result import DemandResult, HopVerdict, Line, MethodVerdict, Missing, Result, Undecided, Verdict
from parsers.model.notes import Note, State
from parsers.model.services import is_icmp

_METHODS = {MethodVerdict.WORKS: (message("works"), "bold green"),
            MethodVerdict.BLOCKED: (message("BLOCKED"), "bold red"),
            MethodVerdict.UNDECIDED: (message("UNDECIDED"), "bold yellow"),
            MethodVerdict.NOT_ASSESSED: (message("not assessed"), "dim")}
_HOPS = {HopVerdict.PASSES: (message("passes"), "green"), HopVerdict.STOPS: (message("STOPS"), "bold red"),
         HopVerdict.OPEN: (message("undecided"), "yellow"),
         HopVerdict.BESIDE: (message("is not crossed"), "dim"),
         HopVerdict.UNSEEN: (message("is not reached"), "dim")}
_LABELS = (message("Required"), message("Path"), message("Missing"), message("Part"), message("Translated"),
           message("Stopped by"), message("Near"), message("Example"), message("To do"), message("Open"),
           message("Line"), message("Unknown"), message("Settle it"), message("Needed for"))
_MOST_LINES = 5
"""So many blocking lines of one requirement are shown; the rest is counted."""
_MOST_NOTES = 8


def render(result: Result, *, width: int = 80, colour: bool = False, words: Words = ENGLISH) -> str:
    """Write the report for a terminal of `width` columns."""
    out = StringIO()
    console = Console(file=out, width=width, force_terminal=colour, no_color=not colour, highlight=False,
                      emoji=False, markup=False, color_system="standard" if colour else None,
                      legacy_windows=False)
    _Report(console, result, words).write()
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


class _Report:
    def __init__(self, console: Console, result: Result, words: Words) -> None:
        self._console, self._result, self._words = console, result, words
        self._label_width = 1 + max(len(words(label)) for label in _LABELS)
        self._method_titles = method_titles(result, words)

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
        self._console.print(Padding(_styled(parts), (0, 0, 0, indent)), soft_wrap=False)

    def _labelled(self, label: str, *parts: str | tuple[str, str]) -> None:
        """A line `  Label   text` whose text wraps under itself; the label is one of _LABELS, or none."""
        grid = Table.grid(padding=(0, 1, 0, 0))
        grid.add_column(width=self._label_width, no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row(Text(label and self._words(label), "dim"), _styled(parts))
        self._console.print(Padding(grid, (0, 0, 0, 2)))

    def _methods(self) -> None:
        table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
        words = self._words
        for heading in (words("Installation method"), words("Verdict"), words("Requirements met")):
            table.add_column(heading)
        by_id = {each.requirement.id: each for each in self._result.demands}
        for method in self._result.methods:
            word, style = _METHODS[method.verdict]
            met = sum(1 for each in method.requirements if by_id[each].verdict is Verdict.MET)
            last = words.sentence(method.reason) if method.reason else \
                words("{met} of {all}", met=met, all=len(method.requirements))
            table.add_row(Text(self._method_titles[method.id]), Text(words(word), style), Text(visible(last)))
        self._console.print(table)

    def _advice(self) -> None:
        blocked = self._result.with_verdict(MethodVerdict.BLOCKED)
        works = self._titles([each.id for each in self._result.with_verdict(MethodVerdict.WORKS)])
        self._console.print()
        if not blocked:
            return
        if works:
            before, _, after = self._words.count(
                "Through the firewalls as they are, {methods} works. The source page advises to use such a "
                "method instead of a blocked one.",
                "Through the firewalls as they are, {methods} work. The source page advises to use such a "
                "method instead of a blocked one.", len(works), methods="\0").partition("\0")
            self._say(before, (few(works, 9, self._words), "green"), after)
        else:
            self._say(self._words("No other method is proven to work through the firewalls as they are."))
        self._console.print()

    def _heading(self, word: str, style: str, each: DemandResult) -> None:
        warning = each.requirement.severity == "warning"
        note = self._words("(warning: documented, practical need unverified)") if warning else ""
        self._say((f"{word}  ", style), (each.requirement.id, "bold"), note and f"  {note}")
        self._say(self._words.of(each.requirement.title), indent=2)

    def _missing(self, each: DemandResult) -> None:
        words = self._words
        self._heading(words("MISSING"), "bold red", each)
        for box in each.boxes:
            self._labelled("Required", flow(box, words))
        self._path(each)
        self._labelled("Missing", (share(each.coverage, words), "red"))
        for part in each.missing[:_MOST_LINES]:
            self._stopped(each, part)
        if len(each.missing) > _MOST_LINES:
            self._labelled("", words.count("and {n} more line stops a smaller part",
                                           "and {n} more lines stop smaller parts",
                                           len(each.missing) - _MOST_LINES))
        if each.witness:
            self._labelled("Example", str(each.witness))
        self._labelled("To do", words.of(each.requirement.fix))
        self._labelled("Needed for", few(self._titles(each.methods), 9, self._words))
        self._console.print()

    def _stopped(self, each: DemandResult, part: Missing) -> None:
        words = self._words
        if len(each.missing) > 1 or part.leg != "request" or not _same(part.boxes, each.boxes):
            for box in part.boxes[:2]:
                self._labelled("Part", flow(box, words))
            if len(part.boxes) > 2:
                self._labelled("", words.count("and {n} more part", "and {n} more parts",
                                               len(part.boxes) - 2))
        if part.leg != "request":
            self._labelled("", _later(part, words))
        for line in part.translated_by:
            self._labelled("Translated", (f"{line.span}", "cyan"), f"  ({line.firewall})")
            self._labelled("", line.text)
        self._quoted("Stopped by", part.blocked_by, part.way)
        if part.advice:
            self._labelled("", words.sentence(part.advice))
        for near in part.near:
            self._labelled("Near", (f"{near.rule.span}", "cyan"), f"  {words.sentence(near.text)}")
            self._labelled("", near.rule.text)

    def _path(self, each: DemandResult) -> None:
        """The firewalls on the way, where there are several or none."""
        if len(each.hops) == 1 and each.hops[0].verdict is not HopVerdict.BESIDE:
            return
        parts: list[str | tuple[str, str]] = []
        for hop in each.hops:
            word, style = _HOPS[hop.verdict]
            parts += [" -> " if parts else "", f"{hop.firewall} ", (self._words(word), style)]
        self._labelled("Path", *(parts or [self._words("no firewall of the site file")]))

    def _quoted(self, label: str, line: Line, way: str) -> None:
        several = len({each.name for each in self._result.inputs}) > 1
        said = self._words.sentence(way)
        place = f"{line.firewall}: {said}" if several else said
        self._labelled(label, (f"{line.span}", "cyan"), f"  ({place})" if way else "")
        if line.kind == "rule":
            self._labelled("", line.text)
        else:
            self._labelled("", self._words.sentence(line.text))
            self._labelled("", (line.span.text, "dim"))

    def _undecided(self, each: DemandResult) -> None:
        words = self._words
        self._heading(words("UNDECIDED"), "bold yellow", each)
        self._path(each)
        for part in each.undecided[:_MOST_LINES]:
            for box in part.boxes[:2]:
                self._labelled("Open", flow(box, words))
            if part.line:
                self._quoted("Line", part.line, part.way)
            self._labelled("Unknown", "; ".join(map(words.sentence, part.because)))
            self._settled_by(part)
        if len(each.undecided) > _MOST_LINES:
            self._labelled("", words.count("and {n} more open line", "and {n} more open lines",
                                           len(each.undecided) - _MOST_LINES))
        self._labelled("Needed for", few(self._titles(each.methods), 9, self._words))
        self._console.print()

    def _settled_by(self, part: Undecided) -> None:
        for key in part.facts:
            self._labelled("Settle it", self._words('facts: {{"{key}": ...}} in the site file', key=key))

    def _met(self) -> None:
        words = self._words
        met = [each for each in self._result.demands if each.verdict is Verdict.MET]
        if met:
            self._say((words("Met"), "bold green"), f" ({len(met)})")
        for each in met:
            self._say(f"{each.requirement.id}  ", (_services(each, words), "dim"), indent=2)
            for line in _telling(each):
                told = line.text if line.kind == "rule" else words.sentence(line.text)
                self._say((f"{line.span}  {told}", "dim"), indent=4)
            for text in each.caveats:
                self._say((words("but: {caveat}", caveat=words.sentence(text)), "yellow"), indent=4)
            for text in _beside(each, words):
                self._say((text, "dim"), indent=4)
        absent = [each.requirement.id for each in self._result.demands
                  if each.verdict is Verdict.NOT_APPLICABLE]
        if absent:
            self._say((words("Not needed here"), "bold"), f": {few(absent, 30, words)}")
        self._console.print()

    def _assumptions(self) -> None:
        known = self._result.assumptions
        defaults = [f"{each.key} {each.value}" for each in known if each.origin == "default"]
        facts = [f"{each.key} = {each.value}" for each in known if each.origin == "fact"]
        for title, stated in ((self._words("Assumed"), defaults), (self._words("Stated as fact"), facts)):
            if stated:
                self._say((title, "bold"), f": {few(stated, 99, self._words)}")

    def _inputs(self) -> None:
        for each in self._result.inputs:
            counts = each.line_counts
            lines = self._words.count("{n} line", "{n} lines", counts.total)
            self._say((each.name, "bold"), f": {each.path} ({each.version or each.vendor}), {lines}, ",
                      self._words("{unread} unread, {approximated} approximated", unread=counts.unread,
                                  approximated=counts.approximated))
            self._notes([note for note in each.notes if note.state is State.UNREAD])

    def _notes(self, notes: Sequence[Note]) -> None:
        words = self._words
        shown = sorted(notes, key=lambda note: (not note.decides, note.span.first_line))[:_MOST_NOTES]
        for note in shown:
            mark = words("unread, could decide") if note.decides else words("unread")
            self._say((f"{note.span}  ", "cyan"),
                      f"{mark}: {note.span.text} ({words.sentence(note.reason)})", indent=2)
        if len(notes) > len(shown):
            self._say(words("and {n} more; 'aclproof show {file}' lists them", n=len(notes) - len(shown),
                            file=notes[0].span.file), indent=2)

    def _titles(self, methods: Sequence[str]) -> list[str]:
        return [self._method_titles[each] for each in methods]


def _styled(parts: Sequence[str | tuple[str, str]]) -> Text:
    text = Text()
    for part in parts:
        said, style = part if isinstance(part, tuple) else (part, "")
        text.append(visible(said), style)
    return text


def _later(part: Missing, words: Words) -> str:
    """What to do about packets behind the first one of a connection."""
    if any(is_icmp(box.protocol) for box in part.boxes):
        return words("the answer does not come back: let the firewall follow ICMP (inspect icmp), or permit "
                     "the echo reply")
    if part.leg == "reply":
        return words("answers do not come back: accept what belongs to a connection (state ESTABLISHED)")
    return words("later packets of a connection are stopped: accept what belongs to a connection "
                 "(state ESTABLISHED)")


def _telling(each: DemandResult) -> list[Line]:
    """For every hop the line that best shows that it lets the demand through."""
    best: dict[str, Line] = {}
    for part in each.evidence:
        best.setdefault(part.permitted_by.firewall, part.permitted_by)
    return [best[hop.firewall] for hop in each.hops if hop.firewall in best]


def _beside(each: DemandResult, words: Words) -> list[str]:
    if not each.hops:
        return [words("no firewall of the site file stands between these roles")]
    return [words("{firewall}: both ends lie behind one interface, so it is not crossed",
                  firewall=hop.firewall)
            for hop in each.hops if hop.verdict is HopVerdict.BESIDE]


def _services(each: DemandResult, words: Words) -> str:
    ends = f"{each.requirement.source} -> {each.requirement.destination}"
    return "; ".join(dict.fromkeys(f"{ends} {service(box, words)}" for box in each.boxes))


def _same(left: Sequence[Box], right: Sequence[Box]) -> bool:
    return set(left) == set(right)

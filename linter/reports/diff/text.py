"""What a change does, for people: methods, then requirements, worse ones first, then lists in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from aclproof.linter.diff.comparison import DemandChange, MethodChange
from aclproof.linter.harmless import visible
from aclproof.linter.reports.diff import DiffReport
from aclproof.linter.reports.diff.full_text import FullText
from aclproof.linter.reports.diff.labelled import (
    MOST,
    NOW_DENIED,
    NOW_PERMITTED,
    WIDTH,
    LabelledLines,
    paragraph,
)
from aclproof.linter.reports.language.language import Words, message
from aclproof.linter.reports.writing import wording
from aclproof.linter.result import HopVerdict, Line, MethodVerdict, Verdict

_METHODS = {MethodVerdict.WORKS: message("works"), MethodVerdict.BLOCKED: message("BLOCKED"),
            MethodVerdict.UNDECIDED: message("UNDECIDED"),
            MethodVerdict.NOT_ASSESSED: message("not assessed")}
_VERDICTS = {None: message("not in the site"), Verdict.MET: message("met"),
             Verdict.MISSING: message("missing"), Verdict.UNDECIDED: message("undecided"),
             Verdict.NOT_APPLICABLE: message("not-applicable")}
_WORSE, _UNCLEAR = message("WORSE"), message("UNCLEAR")
_BETTER, _NEARER, _CHANGED = message("better"), message("nearer"), message("changed")
_COUNTED = ((_UNCLEAR, message("{n} unclear")), (_BETTER, message("{n} got better")),
            (_NEARER, message("{n} nearer")), (_CHANGED, message("{n} changed otherwise")))
_MOST_DECIDING = 2
_HOPS = {HopVerdict.PASSES: message("{firewall} lets it pass now"),
         HopVerdict.STOPS: message("{firewall} stops it now"),
         HopVerdict.OPEN: message("{firewall} leaves it undecided now"),
         HopVerdict.BESIDE: message("it does not cross {firewall} now"),
         HopVerdict.UNSEEN: message("nothing of it reaches {firewall} now")}


def render(report: DiffReport, words: Words) -> str:
    """Write the whole report."""
    return "".join(f"{line.rstrip()}\n" for line in _DiffText(report, words).lines())


class _DiffText:
    """Writes a comparison in one language; columns are as wide as its words want."""

    def __init__(self, report: DiffReport, words: Words) -> None:
        self._report, self._change, self._words = report, report.change, words
        self._lines = LabelledLines(words)
        self._titles = {method.id: words.of(method.title)
                        for side in (report.change.old, report.change.new) for method in side.pack.methods}

    def lines(self) -> Iterator[str]:
        """Yield the lines."""
        comparison = self._change.comparison
        yield from self._head()
        yield ""
        yield from self._methods(comparison.methods)
        changes = sorted((demand for demand in comparison.demands if demand.differs), key=_urgency)
        for change in changes:
            yield ""
            yield from self._demand(change)
        full = FullText(self._words)
        for compared in self._report.lists or ():
            yield ""
            yield from full.lines(compared)
        yield ""
        for opened in self._report.opened:
            yield from paragraph(full.opened(opened))
        yield from paragraph(self._summary(changes))

    def _head(self) -> Iterator[str]:
        yield from self._names()
        for text in dict.fromkeys(wording.pack_file(side.pack, self._words)
                                  for side in (self._change.old, self._change.new)):
            yield from paragraph(visible(text))

    def _names(self) -> Iterator[str]:
        old, new, scripts = self._report.old, self._report.new, self._change.scripts
        if not scripts:
            yield from paragraph(f"{old} -> {new}")
            return
        yield from paragraph(self._words("{old}, before and after {new} on {firewall}", old=old, new=new,
                                         firewall=", ".join(script.firewall for script in scripts)))
        for remark in (remark for script in scripts for remark in script.remarks):
            yield from self._lines.labelled("Note", f"{remark.span}: {self._words.sentence(remark.text)}")

    def _methods(self, methods: Sequence[MethodChange]) -> Iterator[str]:
        words = self._words
        verdicts = [(words(_METHODS[method.before]), words(_METHODS[method.after])) for method in methods]
        marks = [words("worse") if method.worse else words("unclear") if method.unclear else
                 words(_BETTER) if method.better else "" for method in methods]
        titles = [visible(self._titles[method.id]) for method in methods]
        column = max([15, *(len(verdict) + 1 for pair in verdicts for verdict in pair)])
        room = WIDTH - 2 * column - max(map(len, marks), default=0)
        wide = min(max([28, *(len(title) + 1 for title in titles)]), room)
        heading = visible(wording.method_heading(self._change.new.pack, words))
        yield f"{heading:<{wide}}{words('Before'):<{column}}{words('After')}"
        for title, (before, after), mark in zip(titles, verdicts, marks, strict=True):
            first, *more = wrap(title, wide - 1, subsequent_indent="  ", break_on_hyphens=False)
            yield f"{first:<{wide}}{before:<{column}}{after:<{column}}{mark}"
            yield from more

    def _demand(self, change: DemandChange) -> Iterator[str]:
        words = self._words
        before, after = words(_VERDICTS[change.before]), words(_VERDICTS[change.after])
        verdicts = f"{before} -> {after}" if before != after else words("{verdict}, as before", verdict=after)
        wide = max(8, *(len(words(word)) for word in (_WORSE, _UNCLEAR, _BETTER, _NEARER, _CHANGED)))
        warning = f" ({words('warning')})" if change.requirement.severity == "warning" else ""
        yield from paragraph(f"{words(_kind(change)):<{wide}} {change.requirement.id}{warning}  {verdicts}")
        yield from paragraph(words.of(change.requirement.title), 2)
        for label, boxes in ((NOW_PERMITTED, change.permitted), (NOW_DENIED, change.denied),
                             ("Now open", change.undecided), ("Now required", change.required)):
            flows = (wording.flow(box, words=words, whole=change.whole) for box in boxes)
            yield from self._lines.flows(label, flows, len(boxes), MOST)
        if change.unclear and change.after:
            yield from self._lines.labelled("", words("Some of it is undecided before and after, by other "
                                                      "lines or for other reasons."))
        yield from self._hops(change)
        yield from self._explanation(change)

    def _hops(self, change: DemandChange) -> Iterator[str]:
        """What single firewalls do now, where there are others on the way or nothing else shows it."""
        words, label = self._words, "Here"
        for hop in change.hops if len(change.hops) > 1 or set(change.stopped_at) else ():
            said = words(_HOPS[hop.after], firewall=hop.firewall)
            others = [name for name in change.stopped_at if name != hop.firewall]
            if hop.after is HopVerdict.PASSES and others:
                said = words("{said}; still stopped at {firewalls}", said=said, firewalls=", ".join(others))
            yield from self._lines.labelled(label, said)
            label = ""

    def _explanation(self, change: DemandChange) -> Iterator[str]:
        """The lines that changed, and those that decide now: what stops packets first.

        A policy that lets packets pass is none where a rule of that firewall permits them.
        """
        label = "Changed"
        for changed in change.changed[:MOST]:
            yield from self._line(label, f"{changed.sign} {changed.line.span}", changed.line)
            label = ""
        if len(change.changed) > MOST:
            yield from self._lines.labelled("", self._words.count(
                "and {n} more changed line", "and {n} more changed lines", len(change.changed) - MOST))
        known = {changed.line.span for changed in change.changed}
        ruled = {line.firewall for line in change.deciding if line.kind == "rule"}
        deciding = [line for line in change.deciding
                    if (line.kind == "rule" and line.span not in known) or line in change.stopping
                    or (line.kind != "rule" and line.firewall not in ruled)]
        deciding.sort(key=lambda line: line not in change.stopping)
        label = "Decided by"
        for line in deciding[:_MOST_DECIDING]:
            yield from self._line(label, str(line.span), line)
            label = ""
        if more := len(deciding[_MOST_DECIDING:]):
            yield from self._lines.labelled("", self._words.count(
                "and {n} more line", "and {n} more lines", more))

    def _line(self, label: str, place: str, line: Line) -> Iterator[str]:
        yield f"{self._lines.head(label)}{visible(place)}"
        yield from self._lines.labelled("", wording.line_text(line, self._words))

    def _summary(self, changes: Sequence[DemandChange]) -> str:
        words = self._words
        lost = sum(1 for method in self._change.comparison.methods if method.unclear)
        if not changes and not lost:
            methods = visible(wording.the_methods(self._change.new.pack, words))
            if any(lines.any for lines in self._change.lines.values()):
                return words("Nothing changes for {methods}, though lines changed.", methods=methods)
            return words("Nothing changes for {methods}; no line changed that could decide.",
                         methods=methods)
        worse = sum(1 for change in changes if change.worse)
        got_worse = words.count("{n} requirement got worse", "{n} requirements got worse", worse) \
            if worse else words("Nothing got worse")
        counts = [(sum(1 for change in changes if _kind(change) == kind), text) for kind, text in _COUNTED]
        others = [words(text, n=n) for n, text in counts if n]
        if lost:
            others.insert(0, words.count(
                "{n} method is not assessed any more", "{n} methods are not assessed any more", lost))
        others.append(words("{n} as before", n=len(self._change.comparison.demands) - len(changes)))
        return words("{worse}; {others}.", worse=got_worse, others=", ".join(others))


def _kind(change: DemandChange) -> str:
    if change.worse:
        return _WORSE
    if change.unclear:
        return _UNCLEAR
    return _BETTER if change.better else _NEARER if change.nearer else _CHANGED


def _urgency(change: DemandChange) -> int:
    return 0 if change.worse else 1 if change.unclear else 2

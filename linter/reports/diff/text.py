"""What a change does, for people: methods, then requirements, worse ones first, then whole lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from textwrap import wrap

from aclproof.linter.diff.chain_difference import Packets
from aclproof.linter.diff.compare_sites import SiteChange
from aclproof.linter.diff.comparison import DemandChange, MethodChange
from aclproof.linter.diff.full import FullComparison
from aclproof.linter.reports.language.language import Words, message
from aclproof.linter.reports.writing import wording
from aclproof.linter.reports.writing.wording import visible
from aclproof.linter.result import Line, MethodVerdict, Verdict
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import ANY_PORT, PROTOCOL_NAMES, is_icmp

_WIDTH = 80
_MOST = 5
"""So many boxes or lines of one kind are written out; the rest is counted."""
_METHODS = {MethodVerdict.WORKS: message("works"), MethodVerdict.BLOCKED: message("BLOCKED"),
            MethodVerdict.UNDECIDED: message("UNDECIDED"),
            MethodVerdict.NOT_ASSESSED: message("not assessed")}
_VERDICTS = {None: message("not in the site"), Verdict.MET: message("met"),
             Verdict.MISSING: message("missing"), Verdict.UNDECIDED: message("undecided"),
             Verdict.NOT_APPLICABLE: message("not-applicable")}
_WORSE, _UNCLEAR = message("WORSE"), message("UNCLEAR")
_BETTER, _CHANGED = message("better"), message("changed")
_NOW_PERMITTED, _NOW_DENIED = message("Now permitted"), message("Now denied")
_LABELS = (_NOW_PERMITTED, _NOW_DENIED, message("Now open"), message("Now required"), message("Changed"),
           message("Decided by"), message("Open or not"), message("Not compared"), message("Note"))


class DiffText:
    """Writes a comparison in one language; columns are as wide as its words want."""

    def __init__(self, found: SiteChange, words: Words) -> None:
        self._found, self._words = found, words
        self._titles = {each.id: words.of(each.title) for side in (found.old, found.new)
                        for each in side.pack.methods}
        self._indent = 4 + max(len(words(label)) for label in _LABELS)

    def lines(self, wholes: Sequence[FullComparison] | None, old: str, new: str) -> Iterator[str]:
        """Yield the lines; `old` and `new` are the two sides as the user named them."""
        found = self._found
        if found.script:
            yield from _plain(self._words("{old}, before and after {new} on {firewall}", old=old, new=new,
                                          firewall=found.script.firewall))
        else:
            yield from _plain(f"{old} -> {new}")
        for remark in found.script.remarks if found.script else ():
            yield from self._labelled("Note", f"{remark.span}: {self._words.sentence(remark.text)}")
        yield ""
        yield from self._methods(found.comparison.methods)
        changes = sorted((each for each in found.comparison.demands if each.differs), key=_urgency)
        for each in changes:
            yield ""
            yield from self._demand(each)
        for whole in wholes or ():
            yield ""
            yield from self._whole(whole)
        yield ""
        yield from _plain(self._summary(changes))

    def _labelled(self, label: str, text: str) -> list[str]:
        said = self._words(label) if label else ""
        return wrap(visible(text), _WIDTH, initial_indent=f"  {said:<{self._indent - 2}}",
                    subsequent_indent=" " * self._indent, break_on_hyphens=False)

    def _methods(self, methods: Sequence[MethodChange]) -> Iterator[str]:
        words = self._words
        verdicts = [(words(_METHODS[each.before]), words(_METHODS[each.after])) for each in methods]
        marks = [words("worse") if each.worse else words(_BETTER) if each.better else "" for each in methods]
        titles = [visible(self._titles[each.id]) for each in methods]
        column = max([15, *(len(one) + 1 for pair in verdicts for one in pair)])
        room = _WIDTH - 2 * column - max(map(len, marks), default=0)
        wide = min(max([28, *(len(title) + 1 for title in titles)]), room)
        heading = wording.method_heading(self._found.new.pack, words)
        yield f"{heading:<{wide}}{words('Before'):<{column}}{words('After')}"
        for title, (before, after), mark in zip(titles, verdicts, marks, strict=True):
            first, *more = wrap(title, wide - 1, subsequent_indent="  ", break_on_hyphens=False)
            yield f"{first:<{wide}}{before:<{column}}{after:<{column}}{mark}"
            yield from more

    def _demand(self, each: DemandChange) -> Iterator[str]:
        words = self._words
        word = words(_WORSE if each.worse else _UNCLEAR if each.unclear else _BETTER if each.permitted
                     else _CHANGED)
        before, after = (words(_VERDICTS[side]) for side in (each.before, each.after))
        verdicts = f"{before} -> {after}" if before != after else words("{verdict}, as before", verdict=after)
        wide = max(8, *(len(words(one)) for one in (_WORSE, _UNCLEAR, _BETTER, _CHANGED)))
        yield from _plain(f"{word:<{wide}} {each.requirement.id}  {verdicts}")
        yield from _plain(words.of(each.requirement.title), 2)
        for label, boxes in ((_NOW_PERMITTED, each.permitted), (_NOW_DENIED, each.denied),
                             ("Now open", each.undecided), ("Now required", each.required)):
            flows = (wording.flow(box, words=words) for box in boxes)
            yield from self._flows(label, flows, len(boxes), _MOST)
        if each.unclear:
            yield from self._labelled("", words("Some of it is undecided before and after, by other lines or "
                                                "for other reasons."))
        yield from self._behind(each)

    def _behind(self, each: DemandChange) -> Iterator[str]:
        """The lines that changed, and those that decide now."""
        label = "Changed"
        for changed in each.changed[:_MOST]:
            yield from self._line(label, f"{changed.sign} {changed.line.span}", changed.line)
            label = ""
        if len(each.changed) > _MOST:
            yield from self._labelled("", self._words.count(
                "and {n} more changed line", "and {n} more changed lines", len(each.changed) - _MOST))
        known = {changed.line.span for changed in each.changed}
        label = "Decided by"
        for line in [line for line in each.deciding if line.span not in known or line.kind != "rule"][:2]:
            yield from self._line(label, f"  {line.span}", line)
            label = ""

    def _flows(self, label: str, flows: Iterable[str], number: int, most: int) -> Iterator[str]:
        for flow in islice(flows, most):  # only these are put into words
            yield from self._labelled(label, flow)
            label = ""
        if number > most:
            yield from self._labelled("", self._words.count(
                "and {n} more part; --format json has them all",
                "and {n} more parts; --format json has them all", number - most))

    def _line(self, label: str, place: str, line: Line) -> Iterator[str]:
        said = self._words(label) if label else ""
        yield f"  {said:<{self._indent - 2}}{visible(place)}"
        yield from self._labelled("", wording.line_text(line, self._words))

    def _whole(self, whole: FullComparison) -> Iterator[str]:
        found, words = whole.difference, self._words
        about = {"firewall": whole.firewall, "chain": whole.names.name}
        if found is None:
            yield from _plain(
                words("{firewall}, {chain}: there is a list before only; without one something else decides "
                      "(security levels, a policy), so nothing is compared", **about) if whole.names.old else
                words("{firewall}, {chain}: there is a list now only; without one something else decides "
                      "(security levels, a policy), so nothing is compared", **about))
            return
        yield from _plain(words.count(
            "{firewall}, {chain}: {n} changed rule, for packets that open connections",
            "{firewall}, {chain}: {n} changed rules, for packets that open connections", found.rules,
            **about))
        for label, parts in ((_NOW_PERMITTED, found.newly_permitted), (_NOW_DENIED, found.newly_denied),
                             ("Open or not", found.undecided_on_one_side)):
            flows = (self._flow(part, box) for part in parts for box in part.boxes)
            yield from self._flows(label, flows, sum(len(part.boxes) for part in parts), 2 * _MOST)
        if not (found.newly_permitted or found.newly_denied or found.undecided_on_one_side):
            yield from self._labelled("", words("no packet fares differently") if found.complete else
                                      words("nothing was found in what was compared"))
        if not found.complete:
            left = wording.few([str(each) for each in found.left_out], 3, words)
            yield from self._labelled("Not compared", words.count(
                "{n} changed rule, because the budget of --full did not suffice (--budget): {rules}",
                "{n} changed rules, because the budget of --full did not suffice (--budget): {rules}",
                len(found.left_out), rules=left))

    def _flow(self, part: Packets, box: Box) -> str:
        """A box on one line; what several protocols share is said once."""
        ends = wording.flow(box, words=self._words).partition("  ")[0]
        return f"{ends}  {self._service(part, box)}"

    def _service(self, part: Packets, box: Box) -> str:
        words = self._words
        if part.protocols.size == 1 and not is_icmp(box.protocol):
            return wording.service(box, words)
        names = [PROTOCOL_NAMES[number].upper() if number in PROTOCOL_NAMES else str(number)
                 for low, high in part.protocols.ranges for number in range(low, high + 1)]
        said = words("every protocol") if len(names) == 256 else \
            words("every other protocol") if len(names) > 200 else wording.few(names, words=words)
        tails = (message("type {numbers}"), message("code {numbers}")) if part.protocols.size == 1 else \
            (message("from port {numbers}"), message("to port {numbers}"))
        for tail, numbers in zip(tails, (box.source_ports, box.destination_ports), strict=True):
            if numbers != ANY_PORT:
                said += f" {words(tail, numbers=wording.ports(numbers, words=words))}"
        return said

    def _summary(self, changes: Sequence[DemandChange]) -> str:
        words = self._words
        if not changes:
            edited = any(each.any for each in self._found.lines.values())
            return words("Nothing changes for the packets that the installation methods need, though lines "
                         "changed.") if edited else \
                words("Nothing changes for the packets that the installation methods need; no line changed "
                      "that could decide.")
        worse = sum(1 for each in changes if each.worse)
        return words("{worse}; {n} changed otherwise, {same} as before.", n=len(changes) - worse,
                     same=len(self._found.comparison.demands) - len(changes), worse=words.count(
                         "{n} requirement got worse", "{n} requirements got worse", worse) if worse else
                     words("Nothing got worse"))


def _plain(text: str, indent: int = 0) -> list[str]:
    pad = " " * indent
    return wrap(visible(text), _WIDTH, initial_indent=pad, subsequent_indent=pad, break_on_hyphens=False)


def _urgency(each: DemandChange) -> int:
    return 0 if each.worse else 1 if each.unclear else 2

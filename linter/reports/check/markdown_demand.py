"""What is missing or undecided of one requirement, in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aclproof.linter.reports.check.sentences import cut
from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.writing.long_paths import MOST_HOPS, by_verdict
from aclproof.linter.reports.writing.markdown_text import code, plain
from aclproof.linter.reports.writing.wording import few, flow, lacking, line_text, reply_hint
from aclproof.linter.result import DemandResult, HopVerdict, Missing, Undecided
from aclproof.linter.verdict.findings import Finding
from aclproof.parsers.model.packets import Box

_MOST_PARTS = 5
_MOST_BOXES = 2
_MOST_QUOTED = 400
"""Characters of one line of a configuration."""


class Details:
    """Writes one block for each requirement; `titles` are those of the methods, by id, in Markdown."""

    def __init__(self, words: Words, titles: Mapping[str, str]) -> None:
        self._words, self._titles = words, titles

    def write(self, demand: DemandResult, found: Sequence[Finding]) -> str:
        """Return a heading and a list: what is required, what stops it where, and what to do."""
        words, requirement = self._words, demand.requirement
        lines = [f"### {plain(requirement.id)}: {plain(words.of(requirement.title))}", ""]
        lines += [f"- {words('Required')}: {code(flow(box, words=words, whole=demand.boxes))}"
                  for box in demand.boxes[:_MOST_BOXES]]
        if len(demand.hops) > 1:
            lines.append(f"- {words('Path')}: {self._path(demand)}")
        if demand.missing:
            lines.append(f"- {words('Missing')}: {lacking(demand, words)}")
        for finding in found[:_MOST_PARTS]:
            part = finding.part
            lines += self._missing(part, demand.boxes) if isinstance(part, Missing) \
                else self._undecided(part, demand.boxes)
        if len(found) > _MOST_PARTS:
            more = words.count("{n} more line", "{n} more lines", len(found) - _MOST_PARTS)
            lines.append(f"- {more}")
        if demand.missing:
            lines.append(f"- {words('To do')}: {plain(words.of(requirement.fix))}")
        methods = ", ".join(self._titles[method] for method in demand.methods)
        lines.append(f"- {words('Needed for')}: {methods}")
        for firewall, fix in {each.firewall: each.fix for each in found if each.fix}.items():
            lines.append(f"- {words('Verified fix for {firewall}', firewall=code(firewall))}:")
            lines += [f"  - {_quoted(line)}" for line in fix]
        return "\n".join(lines)

    def _path(self, demand: DemandResult) -> str:
        words = self._words
        names = {HopVerdict.PASSES: words("passes"), HopVerdict.STOPS: words("STOPS"),
                 HopVerdict.OPEN: words("undecided"), HopVerdict.BESIDE: words("is not crossed"),
                 HopVerdict.UNSEEN: words("is not reached")}
        if len(demand.hops) > MOST_HOPS:
            return "; ".join(f"{names[verdict]} ({len(firewalls)}): {code(few(firewalls, words=words))}"
                             for verdict, firewalls in by_verdict(demand.hops))
        return " → ".join(f"{code(hop.firewall)} {names[hop.verdict]}" for hop in demand.hops)

    def _missing(self, part: Missing, whole: Sequence[Box]) -> Iterator[str]:
        words, by = self._words, part.blocked_by
        way = f", {code(words.sentence(part.way))}" if part.way else ""
        yield (f"- {words('Stopped by')} {code(str(by.span))} ({code(by.firewall)}{way}): "
               f"{_quoted(line_text(by, words))}")
        yield from self._packets(part, whole)
        if part.leg != "request":
            yield f"  - {plain(reply_hint(part, words))}"
        if part.advice:
            yield f"  - {plain(words.sentence(part.advice))}"
        for near in part.near:
            yield (f"  - {words('Near')}: {code(str(near.rule.span))} {plain(words.sentence(near.text))}: "
                   f"{_quoted(near.rule.text)}")
        for line in part.translated_by:
            yield (f"  - {words('Translated by')} {code(str(line.span))} ({code(line.firewall)}): "
                   f"{_quoted(line.text)}")

    def _undecided(self, part: Undecided, whole: Sequence[Box]) -> Iterator[str]:
        words = self._words
        where = f" ({code(part.firewall)})" if part.firewall else ""
        because = "; ".join(plain(words.sentence(text)) for text in part.because)
        yield f"- {words('Not known')}{where}: {because}"
        yield from self._packets(part, whole)
        if part.line:
            yield f"  - {words('Line')} {code(str(part.line.span))}: {_quoted(line_text(part.line, words))}"
        for key in part.facts:
            settled = code(f'facts: {{"{key}": ...}}')
            yield f"  - {words('Settle it in the site file')}: {settled}"
        for shown_by in part.find_out:
            yield f"  - {words('Shown by')}: {code(words.command(shown_by))}"

    def _packets(self, part: Missing | Undecided, whole: Sequence[Box]) -> Iterator[str]:
        for box in part.boxes[:_MOST_BOXES]:
            yield f"  - {code(flow(box, words=self._words, whole=whole))}"
        if len(part.boxes) > _MOST_BOXES:
            more = len(part.boxes) - _MOST_BOXES
            yield f"  - {self._words.count('{n} more part', '{n} more parts', more)}"


def _quoted(text: str) -> str:
    return code(cut(text, _MOST_QUOTED))

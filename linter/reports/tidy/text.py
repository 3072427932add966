"""Lines that do nothing as text: comments, and the commands that take them away, to be pasted as a whole."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from aclproof.linter.audit.chain_audit import DeadLine
from aclproof.linter.audit.checks import CHECK_OF
from aclproof.linter.audit.tidying import Tidying
from aclproof.linter.harmless import page, visible
from aclproof.linter.reports import Look
from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.writing.observed import TITLES, WITHOUT_ORDER
from aclproof.linter.reports.writing.unread_lines import unread
from aclproof.linter.reports.writing.wording import few
from aclproof.parsers.source import files_of
from aclproof.parsers.vendor import door

_MOST = 3
"""So many of the rules that take the packets of a line are shown."""
_MOST_LISTS = 10


def render(found: Tidying, look: Look) -> str:
    """Write all that was found, list by list, and the commands in the order of their entering."""
    return page(_Text(found, look).lines())


class _Text:
    def __init__(self, found: Tidying, look: Look) -> None:
        self._found, self._words, self._width = found, Words(look.language), look.width
        traits = door(found.firewall.vendor).traits
        self._verbose, self._mark = look.verbose, traits.comment_sign
        self._ordered = not traits.allow_cannot_beat_block

    def lines(self) -> Iterator[str]:
        found, words = self._found, self._words
        files = files_of(found.firewall.source)
        name = found.firewall.source.name + (f" ({files[0].context})" if files[0].context else "")
        total = sum(len(chain.rules) for chain in found.firewall.lists.values())
        yield from self._comment(words.count(
            "{name}: {n} line of {total} rules does nothing", "{name}: {n} lines of {total} rules do nothing",
            len(found.dead), name=name, total=total))
        for chain in dict.fromkeys(each.chain for each in found.dead):
            yield from ("", *self._comment(words("in {list}:", list=chain)))
            for each in found.dead:
                if each.chain == chain:
                    yield from self._line(each)
        yield from self._commands()
        yield from self._open()

    def _line(self, each: DeadLine) -> Iterator[str]:
        yield self._quoted(each.line, "")
        titles = TITLES if self._ordered else WITHOUT_ORDER
        yield from self._comment(f"  {self._words(titles[CHECK_OF[each.why]])}")
        lines = list(dict.fromkeys(rule.line for rule in each.by))
        most = len(lines) if self._verbose else _MOST
        yield from (self._quoted(line, "    ") for line in lines[:most])
        if more := len(lines) - most if len(lines) > most else 0:
            yield from self._comment(f"    {self._words('and {n} more', n=more)}")

    def _commands(self) -> Iterator[str]:
        found, words = self._found, self._words
        if found.removal.by_command:
            yield from ("", *self._comment(words("to take them away, in this order:")))
            yield from map(visible, found.removal.leads_to)
            for command, lines in found.removal.by_command.items():
                for each in (each for each in lines if each.why == "shadowed"):
                    line = self._number(each.line)
                    yield from self._comment(
                        words("line {line} may be meant to stand higher: is it?", line=line) if self._ordered
                        else words("line {line} allows what others block: are these meant so?", line=line))
                yield visible(command)
            yield from self._verified()
            yield from self._kept()
        for note in found.removal.notes:
            yield from self._comment(words("note: {text}", text=words.sentence(note)))
        if found.refused:
            yield from ("", *self._comment(words("no commands: {why}", why=words.sentence(found.refused))))
        for why, numbers in self._by_hand().items():
            yield from ("", *self._comment(words.count(
                "to be taken away by hand: line {lines}: {why}",
                "to be taken away by hand: lines {lines}: {why}", len(numbers), lines=self._numbers(numbers),
                why=words.sentence(why))))

    def _by_hand(self) -> Mapping[str, Sequence[int]]:
        """The lines that have no command, by the reason."""
        found: dict[str, list[int]] = {}
        for each, why in self._found.by_hand.items():
            found.setdefault(why, []).append(each.line)
        return found

    def _verified(self) -> Iterator[str]:
        """Write what the commands were proven by."""
        removal, words = self._found.removal, self._words
        if len(removal.not_compared) < len({each.chain for each in removal.lines}):
            yield from self._comment(words(
                "verified: carried out on a copy and compared for every packet; none fares otherwise"))
        for text in removal.not_compared:
            yield from self._comment(words("not compared so: {why}", why=words.sentence(text)))

    def _kept(self) -> Iterator[str]:
        """Write where the commands hold only until a program writes its rules anew."""
        found, words = self._found, self._words
        chains = dict.fromkeys(each.chain for each in found.removal.lines)
        for who in dict.fromkeys(who for chain in chains
                                 for who in door(found.firewall.vendor).kept_by(found.firewall, chain)):
            yield from self._comment(words("{who} loads its own rules anew: those of them that are taken "
                                           "away come back then", who=who))

    def _open(self) -> Iterator[str]:
        found, words = self._found, self._words
        if found.unsettled:
            yield from ("", *self._comment(words.count(
                "not told of {n} line, as it would take too long: {lines}",
                "not told of {n} lines, as it would take too long: {lines}", len(found.unsettled),
                lines=self._numbers(found.unsettled))))
        lists: dict[str, list[str]] = {}
        for name, why in found.left_out.items():
            lists.setdefault(why, []).append(name)
        for why, names in lists.items():
            shown = few(names, len(names) if self._verbose else _MOST_LISTS, words)
            yield from ("", *self._comment(words("not looked at: {list}: {why}", list=shown,
                                                 why=words.sentence(why))))
        if text := unread(found.firewall, words):
            yield from ("", *self._comment(text))

    def _numbers(self, lines: Sequence[int]) -> str:
        most = len(lines) if self._verbose else 10
        shown = ", ".join(self._number(line) for line in lines[:most])
        return shown if len(lines) <= most else f"{shown}, ..."

    def _number(self, line: int) -> str:
        """The number of a line; with its file where there are several."""
        span = self._found.firewall.quote(line)
        return str(span) if len(self._found.firewall.files) > 1 else str(span.first_line)

    def _quoted(self, line: int, indent: str) -> str:
        """A line as it stands: as long as it is."""
        text = self._found.firewall.quote(line).text.strip()
        return visible(f"{self._mark} {indent}{self._number(line)}: {text}")

    def _comment(self, text: str) -> Iterator[str]:
        indent = " " * (len(text) - len(text.lstrip()))
        yield from textwrap.wrap(visible(text.strip()), self._width, initial_indent=f"{self._mark} {indent}",
                                 subsequent_indent=f"{self._mark} {indent}  ", break_long_words=False,
                                 break_on_hyphens=False)

"""What became of every line of a file, and what of it may be quoted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from aclproof.parsers.cisco_asa.text import commands, forms, quoting
from aclproof.parsers.cisco_asa.text.lines import plain, without_stamps
from aclproof.parsers.model.notes import Note, State
from aclproof.parsers.source import Source
from aclproof.reason import Reason


class Account:
    """Counts and notes: each line is counted once, in the state that it ends in."""

    def __init__(self, source: Source) -> None:
        self.source = source
        source.quotable = quoting.quotable
        self.texts = plain(source)
        self.cut = forms.cut(source.name, self.raw(), self.texts)
        """What shows that the file goes on where it ends."""
        self.left_out: forms.Cut | None = None
        """What shows that it holds a part of the lines only."""
        self.lost_lists: forms.Cut | None = None
        """What shows that lines may be lost which bind lists."""
        self.whole = forms.is_whole(self.texts)
        self.notes: list[Note] = []
        self.counts: Counter[State] = Counter()
        self._unread: set[int] = set()
        self.loose: list[int] = []
        """Unread lines that could be a damaged rule of any list, or decide where packets go."""

    def text(self, line: int) -> str:
        """Return what a line says; nothing where it is of another context."""
        return self.texts[line - 1] or ""

    def raw(self) -> Sequence[str | None]:
        """Return the lines with what is around them; of another context there are none."""
        lines = self.source.text_lines()
        if not self.source.context:
            return lines
        own = [number for number, text in enumerate(self.texts) if text is not None]
        return lines[:own[-1] + 1] if own else []

    def unread(self, line: int, reason: str, *, decides: bool, counted: bool = False) -> None:
        """Report a line that was not understood; `counted`: it was taken for understood before."""
        if line not in self._unread:  # several things may be wrong with it
            self._unread.add(line)
            self.counts[State.UNDERSTOOD] -= counted
            self.counts[State.UNREAD] += 1
        self.notes.append(Note(State.UNREAD, self.source.span(line), reason, decides))

    def ask_what_it_lacks(self, *, numbered: bool, interfaces: bool) -> None:
        """Ask what a capture's commands left out, or a person; `numbered`: its lists show gaps themselves."""
        if any(sign in self.source.text for sign in "#>|"):
            raw = without_stamps(self.source.text, self.raw())
            self.left_out = forms.left_out(self.source.name, raw, self.texts, numbered=numbered,
                                           interfaces=interfaces)
        if self.left_out is None:
            self.left_out = forms.omitted(self.source.name, self.source.text, self.texts)

    def ask_for_its_end(self, *, interfaces: bool, unused: bool) -> None:
        """Ask whether a file is cut; `interfaces`: it has some, `unused`: and lists left for one of them."""
        name, last = self.source.name, len(self.texts)
        if self.cut or self.whole:
            return
        if last in self._unread and not self.source.text.endswith("\n"):
            self.cut = forms.torn(name, last)
        elif interfaces:
            raw = self.raw()
            self.cut = (forms.among_objects(name, raw, self.texts)
                        or forms.among_interfaces(name, raw, self.texts))
            self.lost_lists = forms.among_lists(name, raw, self.texts) if unused else None

    def remark(self, line: int, reason: str) -> None:
        """Say of a line what could decide, besides what becomes of it."""
        self.notes.append(Note(State.APPROXIMATED, self.source.span(line), reason, decides=True))

    def approximated(self, line: int, reason: str, *, counted: bool = True, decides: bool = False) -> None:
        """Report a line that is kept with a condition, or read with a remark."""
        self.counts[State.UNDERSTOOD] -= counted
        self.counts[State.APPROXIMATED] += 1
        self.notes.append(Note(State.APPROXIMATED, self.source.span(line), reason, decides))

    def leave_all_open(self, line: int, reason: str, *, counted: bool = False) -> None:
        """Report a line that may change any list, and the way of any packet."""
        self.loose.append(line)
        self.unread(line, reason, decides=True, counted=counted)

    def leave_unknown(self, line: int, words: list[str], *, decides: bool = False) -> None:
        """Report a line that is no command that is known: a feature, a damaged line, or noise."""
        reason = Reason("not a command that is known here")
        if decides or self.counts[State.UNREAD] > commands.PATIENCE or commands.may_decide(words):
            self.leave_all_open(line, reason)
        else:
            self.unread(line, reason, decides=False)

"""The words of nft text, line by line, as nft's own scanner cuts them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain

from aclproof.parsers.nftables.text.datatypes import UNTYPED
from aclproof.reason import Reason

NEWLINE = "\n"
END = ""
"""After the last line."""

MOST_DEPTH = 100
"""Brackets inside of brackets; nobody writes so many."""

_HEX = r"[0-9a-fA-F]{1,4}(?!\w)"
_IPV4 = r"\d{1,3}(?:\.\d{1,3}){3}(?![\w.])"
_WORD = re.compile(rf"""
    "[^"]*"                                                             # a quoted string
  | \#.*                                                                # a comment
  | [km]?bytes(?=/)
  | [g-zG-Z_][\w/\-.]*(?:\\?\*[\w/\-.]*)?                              # a name that can be no number
  | (?:{_HEX}:){{7}}{_HEX}                                              # IPv6
  | (?:(?:{_HEX}:){{1,7}}:|::)(?:(?:{_HEX}:){{0,5}}{_IPV4}|{_HEX}(?::{_HEX})*)?
  | (?:{_HEX}:){{6}}{_IPV4}
  | (?:[0-9a-fA-F]{{1,2}}:){{5}}[0-9a-fA-F]{{1,2}}                      # Ethernet
  | {_IPV4}
  | 0[xX][0-9a-fA-F]+
  | [0-9a-fA-F]{{1,4}}:[0-9a-fA-F]{{1,4}}(?=[\s,}}\-]|$)                    # a class of traffic control
  | (?:\d+(?:ms|[dhms]))+(?![\w.])                                      # a time
  | 8021(?:q|ad)\b
  | \d+(?![\w.])
  | \d+(?=[km]?bytes)
  | [A-Za-z_.][\w/\-.]*(?:\\?\*[\w/\-.]*)?                              # a name, or the start of one
  | \\?\*
  | [=!<>]= | << | >>
  | \d[\w\-.]*
  | \S
""", re.VERBOSE)
_BRACKETED = re.compile(r"\[([0-9a-fA-F:.]*:[0-9a-fA-F:.]*)\]")


class GrammarError(Exception):
    """What stands here is not understood: the sentence says why."""


def words(line: str) -> list[str]:
    """Cut one line into words; a comment is a word that begins with `#`."""
    if "[" in line:
        line = _BRACKETED.sub(r" \1 ", line.replace(UNTYPED, ""))
    return _WORD.findall(line)


class Tokens:
    """The words of a text, one after the other; `variable` gives the words of a `$name`."""

    __slots__ = ("_ahead", "_lines", "_seen", "_variable", "at", "depth", "line", "row", "text")

    def __init__(self, lines: Iterator[tuple[int, str]], variable: Callable[[str], list[str] | None]) -> None:
        self._lines = lines
        self._variable = variable
        self._ahead: list[tuple[int, str, list[str]]] = []
        self._seen: list[tuple[int, str, list[str]]] | None = None
        self.row: list[str] = [END]
        """The words of the present line, its end last."""
        self.at = 0
        """The place of the present word."""
        self.line = 0
        self.text = ""
        """The present line as it is written."""
        self.depth = 0
        self.load()

    @property
    def word(self) -> str:
        """The present word."""
        return self.row[self.at]

    @property
    def following(self) -> str:
        """The word after the present one, in the same line."""
        return self.peek(1)

    def peek(self, ahead: int) -> str:
        """The word so many places after the present one, in the same line."""
        at = self.at + ahead
        return self.row[at] if at < len(self.row) else NEWLINE

    def load(self) -> None:
        """Go to the beginning of the next line; a line that ends with a backslash goes on in the next."""
        if self._seen is not None:
            self._seen.append((self.line, self.text, self.row))
        if self._ahead:
            self.line, self.text, self.row = self._ahead.pop()
            self.at = 0
            return
        found = next(self._lines, None)
        if found is None:
            self.row, self.at, self.text = [END], 0, ""
            return
        self.line, self.text = found[0], found[1].removesuffix("\r")
        row = words(self.text)
        while row and row[-1] == "\\":
            row.pop()
            more = next(self._lines, None)
            if more is None:
                break
            row += words(more[1].removesuffix("\r"))
        row.append(NEWLINE)
        self.row, self.at = row, 0
        if "$" in row:
            self.expand()

    def begin(self, lines: Iterator[tuple[int, str]]) -> None:
        """Read these lines before all that follows the present one."""
        self._lines = chain(lines, self._lines)

    def expand(self) -> None:
        """Put the words of the variables in, from the present word to the end of the line."""
        row = self.row
        found: list[str] = row[:self.at]
        at = self.at
        while at < len(row):
            known = self._variable(row[at + 1]) if row[at] == "$" else None
            found += [row[at]] if known is None else known
            at += 1 if known is None else 2
        self.row = found

    def mark(self) -> tuple[int, int, str, list[str]]:
        """Remember this place, to come back to it by `rewind`; only the last one is remembered."""
        self._seen = []
        return self.at, self.line, self.text, self.row

    def forget(self) -> None:
        """Nobody comes back to the place that was marked."""
        self._seen = None

    def rewind(self, mark: tuple[int, int, str, list[str]]) -> None:
        """Go back to the place that was marked last."""
        seen, self._seen = self._seen or [], None
        if seen:
            self._ahead.append((self.line, self.text, self.row))
            self._ahead += reversed(seen[1:])
        self.at, self.line, self.text, self.row = mark

    def next(self) -> str:
        """Return the present word and go on."""
        word = self.row[self.at]
        if word == NEWLINE:
            self.load()
        elif word != END:
            self.at += 1
        return word

    def accept(self, word: str) -> bool:
        """Go on if this is the present word."""
        if self.row[self.at] == word:
            self.at += 1
            return True
        return False

    def expect(self, word: str) -> None:
        """Go on if this is the present word, else GrammarError."""
        if not self.accept(word):
            raise GrammarError(Reason("'{word}' is missing", word=word))

    def skip_lines(self) -> None:
        """Go over ends of lines and comments, as inside of braces."""
        while True:
            word = self.row[self.at]
            if word == NEWLINE:
                self.load()
            elif word[:1] == "#":
                self.at += 1
            else:
                return

    def ended(self) -> bool:
        """Whether a statement ends here."""
        word = self.row[self.at]
        return word in (NEWLINE, ";", "}", END) or word[:1] == "#"

    def deeper(self) -> None:
        """Note one bracket more; GrammarError for too many of them."""
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise GrammarError(Reason("more than {most} brackets inside of one another", most=MOST_DEPTH))

    def rest(self) -> str:
        """Go to the end of this statement, over all braces in it, and return its words."""
        found: list[str] = []
        depth = 0
        while (word := self.row[self.at]) != END:
            if word == NEWLINE:
                if not depth:
                    break
                self.load()
                continue
            if not depth and word in (";", "}"):
                break
            depth += (word == "{") - (word == "}")
            found.append(word)
            self.at += 1
        return " ".join(found)


_VALUE = re.compile(r'"[^"]*"|[\w.*\\:][\x21-\x7e]*', re.ASCII)
"""What nft's scanner takes for a value or a name: no sign of a word processor, no quote without its end."""


def is_value(word: str) -> bool:
    """Return whether a word can be a value or a name."""
    return bool(_VALUE.fullmatch(word))


def unquoted(word: str) -> str:
    """Return a word without its quotes."""
    return word.strip('"') if word[:1] == '"' else word

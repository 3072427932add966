"""Paragraphs, labelled lines and tables on a terminal.

Of rich only what measures and cuts text that is not ASCII: its console needs as long to be imported and to
write a report as the rest of a small check. The tests compare with that console.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, zip_longest

from aclproof.linter.harmless import first_words, visible

Part = str | tuple[str, str]
"""Text, or text with its style: words of _CODES."""
_Piece = tuple[str, str]
"""Text that is harmless, and its style, which may be empty."""

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "magenta": "35", "cyan": "36"}
"""Parameters of the escape sequence that selects them (ECMA-48, SGR)."""
_WORD = re.compile(r"\s*\S+\s*")
_GAP = 3
"""Blank cells between two columns of a table."""


def takes_escape_sequences() -> bool:
    """Whether the console of this process follows them; asked on Windows only."""
    from rich.console import detect_legacy_windows

    return not detect_legacy_windows()


class Page:
    """Takes text of `width` columns, which may be foreign, and gives it back wrapped and harmless."""

    def __init__(self, *, width: int, colour: bool, label_width: int) -> None:
        self._width, self._colour, self._label_width = width, colour, label_width
        self._lines: list[str] = []

    def text(self) -> str:
        """Return everything that was written."""
        return first_words("".join(f"{line.rstrip()}\n" for line in self._lines))

    def gap(self) -> None:
        """Leave a line blank."""
        self._lines.append("")

    def write(self, *parts: Part, indent: int = 0) -> None:
        """A paragraph."""
        self._wrapped(" " * indent, parts, indent)

    def verbatim(self, line: str, indent: int) -> None:
        """A line that is copied: it is as long as it is."""
        self._lines.append(f"{' ' * indent}{visible(line)}")

    def labelled(self, label: str, *parts: Part) -> None:
        """A line `  Label   text` whose text wraps under itself."""
        self._hanging((label, "dim"), parts, self._label_width, 2)

    def item(self, mark: Part, *parts: Part, indent: int) -> None:
        """A line whose text wraps under itself, after a mark."""
        self._hanging(mark, parts, 0, indent)

    def table(self, headings: Iterable[str], rows: Iterable[Sequence[Part]]) -> None:
        """A table without lines; if it is wider than the page, its widest columns wrap."""
        cells = [[_piece(cell) for cell in row] for row in ([(each, "dim") for each in headings], *rows)]
        gaps = [_GAP] * (len(cells[0]) - 1) + [0]
        widths = [max(_cells(text) for text, _ in column) + gap
                  for column, gap in zip(zip(*cells, strict=True), gaps, strict=True)]
        words = [max((_cells(word) for text, _ in column for word in text.split()), default=0) + gap
                 for column, gap in zip(zip(*cells, strict=True), gaps, strict=True)]
        _narrow(widths, words, self._width)
        for row in cells:
            columns = [wrapped([cell], max(1, width - gap))
                       for cell, width, gap in zip(row, widths, gaps, strict=True)]
            for pieces in zip_longest(*columns, fillvalue=[]):
                self._lines.append("".join(map(self._filled, pieces, widths)))

    def _hanging(self, label: Part, parts: Sequence[Part], width: int, indent: int) -> None:
        """Text after its label, which takes at least `width` cells with a blank, and wraps under itself."""
        shown = _piece(label)
        width = max(width, _cells(shown[0]) + 1) + 1
        self._wrapped(f"{' ' * indent}{self._filled([shown], width)}", parts, indent + width)

    def _wrapped(self, begin: str, parts: Iterable[Part], indent: int) -> None:
        """Write text after the `begin` of its first line, with the lines after it indented as much."""
        for line in wrapped([_piece(part) for part in parts], max(1, self._width - indent)):
            self._lines.append(f"{begin}{self._filled(line, 0)}")
            begin = " " * indent

    def _filled(self, pieces: Sequence[_Piece], width: int) -> str:
        """Colour the pieces of a line, and fill it with blanks up to a width."""
        used = sum(_cells(text) for text, _ in pieces)
        return "".join(map(self._coloured, pieces)) + " " * (width - used)

    def _coloured(self, piece: _Piece) -> str:
        text, style = piece
        if not (text and style and self._colour):
            return text
        return f"\x1b[{';'.join(_CODES[word] for word in style.split())}m{text}\x1b[0m"


def wrapped(pieces: Sequence[_Piece], width: int) -> Iterator[list[_Piece]]:
    """Yield the lines of some text, each as its pieces; at least one."""
    text = "".join(text for text, _ in pieces)
    for start, end in pairwise((0, *_starts(text, width), len(text))):
        line = text[start:end]
        beyond = max(0, _cells(line) - width)
        blanks = len(line) - len(line.rstrip())
        yield list(_cut(pieces, start, end - min(beyond, blanks)))


def _starts(text: str, width: int) -> Iterator[int]:
    """Yield where the lines after the first start: at a word, or inside of one that is longer than a line."""
    used = 0
    for found in _WORD.finditer(text):
        word, start = found[0], found.start()
        needed = _cells(word.rstrip())
        if needed <= width - used:
            used += _cells(word)
            continue
        for part in _folded(word, width) if needed > width else (word,):
            if start:
                yield start
            start += len(part)
            used = _cells(part)


def _cells(text: str) -> int:
    """How many cells of a line some text takes: wide characters take two."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _folded(word: str, width: int) -> list[str]:
    """Cut a word into parts that take so many cells at most."""
    from rich.cells import chop_cells

    return chop_cells(word, width)


def _cut(pieces: Iterable[_Piece], start: int, end: int) -> Iterator[_Piece]:
    """Yield what is between two places of the text of all pieces."""
    for text, style in pieces:
        if part := text[max(0, start):max(0, end)]:
            yield part, style
        start, end = start - len(text), end - len(text)


def _narrow(widths: list[int], least: Sequence[int], room: int) -> None:
    """Take cells off the widest columns until all fit: down to their longest words, else to one each."""
    for floors in (least, [1] * len(widths)):
        while sum(widths) > room:
            wider = [(width, at) for at, width in enumerate(widths) if width > floors[at]]
            if not wider:
                break
            widths[max(wider)[1]] -= 1


def _piece(part: Part) -> _Piece:
    text, style = part if isinstance(part, tuple) else (part, "")
    return visible(text), style

"""Paragraphs, labelled lines and tables on a terminal: the one place of reports that knows rich."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import StringIO

from rich.cells import cell_len
from rich.console import Console, detect_legacy_windows
from rich.table import Table
from rich.text import Text

from aclproof.linter.harmless import first_words, visible

Part = str | tuple[str, str]
"""Text, or text with its style."""


def takes_escape_sequences() -> bool:
    """Whether the console of this process follows them; asked on Windows only."""
    return not detect_legacy_windows()


class Page:
    """Takes text of `width` columns, which may be foreign, and gives it back wrapped and harmless."""

    def __init__(self, *, width: int, colour: bool, label_width: int) -> None:
        self._out, self._label_width = StringIO(), label_width
        self._console = Console(file=self._out, width=width, force_terminal=colour, no_color=not colour,
                                highlight=False, emoji=False, markup=False,
                                color_system="standard" if colour else None, legacy_windows=False)

    def text(self) -> str:
        """Return everything that was written."""
        return first_words("\n".join(line.rstrip() for line in self._out.getvalue().split("\n")))

    def gap(self) -> None:
        """Leave a line blank."""
        self._console.print()

    def write(self, *parts: Part, indent: int = 0) -> None:
        """A paragraph."""
        self._wrapped(Text(" " * indent), parts, indent)

    def verbatim(self, line: str, indent: int) -> None:
        """A line that is copied: it is as long as it is."""
        self._console.print(Text(f"{' ' * indent}{visible(line)}"), soft_wrap=True)

    def labelled(self, label: str, *parts: Part) -> None:
        """A line `  Label   text` whose text wraps under itself."""
        self._hanging((label, "dim"), parts, self._label_width, 2)

    def item(self, mark: Part, *parts: Part, indent: int) -> None:
        """A line whose text wraps under itself, after a mark."""
        width = cell_len(mark if isinstance(mark, str) else mark[0])
        self._hanging(mark, parts, width + 1, indent)

    def _hanging(self, label: Part, parts: Sequence[Part], width: int, indent: int) -> None:
        first = _styled([label])
        first.truncate(width, overflow="ellipsis", pad=True)
        self._wrapped(Text.assemble(" " * indent, first, " "), parts, indent + width + 1)

    def _wrapped(self, begin: Text, parts: Sequence[Part], indent: int) -> None:
        """Write text after the `begin` of its first line, with the lines after it indented as much."""
        lines = _styled(parts).wrap(self._console, max(1, self._console.width - indent), overflow="fold")
        self._console.print(begin + Text("\n" + " " * indent).join(lines), soft_wrap=True)

    def table(self, headings: Iterable[str], rows: Iterable[Sequence[Part]]) -> None:
        """A table without lines."""
        table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
        for heading in headings:
            table.add_column(heading)
        for row in rows:
            table.add_row(*(_styled([cell]) for cell in row))
        self._console.print(table)


def _styled(parts: Sequence[Part]) -> Text:
    text = Text()
    for part in parts:
        written, style = part if isinstance(part, tuple) else (part, "")
        text.append(visible(written), style)
    return text

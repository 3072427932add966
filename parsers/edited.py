"""A configuration with a change script carried out: every line keeps the file that it is in."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.notes import Span
from aclproof.parsers.source import Source


class Line(NamedTuple):
    """A line of a changed configuration, and where it comes from."""

    text: str
    origin: Source
    number: int


class Remark(NamedTuple):
    """What a person should know about a line of a script that was carried out."""

    span: Span
    text: str


class Edited(Source, eq=False):
    """A configuration with a script entered: each line is quoted from the file that it is in."""

    script: str = ""
    old: Source | None = None
    origins: Sequence[Line] = ()

    @classmethod
    def of(cls, old: Source, script: Source, lines: Sequence[Line]) -> Edited:
        """Put lines together."""
        text = "".join(f"{each.text}\n" for each in lines)
        digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
        return cls(f"{old.name} with {script.name}", digest, text, old.encoding, script=script.name,
                   old=old, origins=lines)

    def span(self, line: int) -> Span:
        """Quote a line, in its own file."""
        if not 1 <= line <= len(self.origins):
            return Span(self.name, line, line, "")
        _, origin, number = self.origins[line - 1]
        return origin.span(number)

    def hide(self, line: int) -> None:
        """Quote nothing of a line of its own file."""
        if 1 <= line <= len(self.origins):
            _, origin, number = self.origins[line - 1]
            origin.hide(number)

    def place(self, line: int, text: str = "") -> Span:
        """Name a line of its own file, without quoting it."""
        if not 1 <= line <= len(self.origins):
            return Span(self.name, line, line, text)
        _, origin, number = self.origins[line - 1]
        return origin.place(number, text)

    def given(self, line: int) -> int:
        """Return the number of a line before the script; 0 for one that it entered."""
        if self.entered(line) or not 1 <= line <= len(self.origins):
            return 0
        return self.origins[line - 1].number

    def entered(self, line: int) -> bool:
        """Return whether a line comes from the script."""
        return 1 <= line <= len(self.origins) and self.origins[line - 1].origin is not self.old

    @property
    def original(self) -> Source:
        """The input before the script."""
        return self.old or self


def one_script(scripts: Sequence[Source]) -> Source:
    """Put scripts for one firewall one after the other; each line keeps the file that it is in."""
    if len(scripts) == 1:
        return scripts[0]
    lines = [Line(text, each, number) for each in scripts for number, text in enumerate(each.lines(), 1)]
    whole = Edited.of(scripts[0], scripts[-1], lines)
    whole.name = " + ".join(dict.fromkeys(each.name for each in scripts))
    return whole


class Changed(Struct, frozen=True):
    """A firewall as it is once a script was carried out on it."""

    firewall: Firewall
    script: Source
    remarks: tuple[Remark, ...] = ()

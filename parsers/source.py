"""An input file, read once: the bytes that are hashed are the bytes that are parsed."""

from __future__ import annotations

import codecs
import hashlib
import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, pairwise

from msgspec import Struct, field

from aclproof import inputs
from aclproof.inputs import MAX_BYTES, STDIN
from aclproof.parsers.model.notes import HIDDEN, Span
from aclproof.parsers.text_lines import TextLines, longest, starts, stream
from aclproof.reason import Reason, joined

MAX_LINE = 64 * 1024
"""A longer line is no configuration; characters."""

_MOST_DIGITS = 4_000
"""Of a number; Python reads none that is much longer, and no configuration has one."""

STDIN_NAME = "<stdin>"

_HEAD = 4096

_TEXT_PER_CONTROL = 500
"""A listing may hold a control character (iptables prints bytecode so); a binary file is full of them."""

_ON_SCREEN = re.compile(r"\x1b\[(?:[0-9;]{0,20}m|\?2004[hl]\r?|H\x1b\[2?J(?:\x1b\[3J)?)|"
                        r"\x1b\][^\x07\x1b\n]{0,300}(?:\x07|\x1b\\)")
"""What `script` records beside the text: colours, pasting, `clear`, titles of windows. Where a cursor moves,
a pager was at work, and its lines are not those of the output."""


class UnsupportedInputError(Exception):
    """An input that cannot be read at all: one sentence that names the file, the trouble and the way out."""


class LookAlikeError(UnsupportedInputError):
    """An input that is known, and is not read: the way out is that of its kind."""


class Source(Struct, eq=False):
    """A decoded input; lines are counted from 1 and end at a line feed, as editors count them.

    Each is equal to itself only.
    """

    name: str
    sha256: str
    text: str
    encoding: str
    context: str = ""
    """Which of several firewalls in it is meant; empty for the only one."""
    quotable: Callable[[str], str] = str
    """What of a line may be quoted, as the vendor that reads it says."""
    hidden: set[int] = field(default_factory=set)
    """Lines of which nothing is quoted."""
    included: list[Source] = field(default_factory=list)
    """Files that its lines include: their lines follow its own, one file after the other."""
    _starts: array[int] = field(default_factory=lambda: array("Q"))
    """Where each line begins, and the end of the text; made with the lines."""
    _places: list[tuple[int, int]] = field(default_factory=list)
    """Of each line the number in the file and the characters before it there, where lines were broken."""

    def lines(self) -> list[str]:
        """All lines without their ends; a last empty piece is no line. UnsupportedInputError when one is
        endless."""
        lines = self.text.split("\n")
        if not lines[-1]:
            lines.pop()
        self._measure(lines)
        return lines

    def text_lines(self) -> TextLines:
        """All lines without their ends, Windows' as well, each cut out when it is looked at.

        UnsupportedInputError when one is endless.
        """
        self._measure(self.stream())
        text = self.text.replace("\r\n", "\n")
        return TextLines(text, self._starts if text == self.text else starts(stream(text)))

    def stream(self) -> Iterator[str]:
        """Yield the lines one by one: a list of millions of them takes several times the text."""
        return stream(self.text)

    @property
    def size(self) -> int:
        """How many lines it has, with those of included files; UnsupportedInputError when one is endless."""
        return self._own + sum(each.size for each in self.included)

    @property
    def _own(self) -> int:
        if not self._starts:
            self._measure(self.stream())
        return len(self._starts) - 1

    def _in(self, line: int) -> tuple[Source, int]:
        """The included file that a line is in, and its number there."""
        line -= self._own
        for each in self.included:
            if line <= each.size:
                return each, line
            line -= each.size
        return self, line

    def _measure(self, lines: Iterable[str]) -> None:
        """Find where each line begins, the first time that somebody wants to know."""
        if self._starts:
            return
        found = starts(lines)
        count, line = longest(found)
        if count > MAX_LINE:
            raise UnsupportedInputError(Reason("{name}:{line}: a line of {count} characters; is this a "
                                               "configuration?", name=self.name, line=line, count=count))
        if count > _MOST_DIGITS and (number := re.search(f"[0-9]{{{_MOST_DIGITS}}}", self.text)):
            raise UnsupportedInputError(Reason("{where}: a number of more than {most} digits; is this a "
                                               "configuration?", where=self.where(number), most=_MOST_DIGITS))
        self._starts = found

    def span(self, line: int) -> Span:
        """Quote a line, as far as it can hold no secret (rules, objects, interfaces, NAT, routes)."""
        if not 1 <= line <= self.size:
            return Span(self.name, line, line, "")
        if line > self._own:
            other, number = self._in(line)
            return other.span(number)
        whole = self.text[self._starts[line - 1]:self._starts[line]]
        said = whole.strip()
        text = HIDDEN if line in self.hidden else self.quotable(said)
        number, before = self._place(line)
        column = before + len(whole) - len(whole.lstrip()) + 1
        return Span(self.name, number, number, text, column, literal=text == said)

    def hide(self, line: int) -> None:
        """Quote nothing of a line from now on: it may hold anything."""
        other, number = self._in(line) if self.included and line > self._own else (self, line)
        other.hidden.add(number)

    def place(self, line: int, text: str = "") -> Span:
        """Name a line without quoting it."""
        if self.included and line > self._own:
            other, number = self._in(line)
            return other.place(number, text)
        number, _ = self._place(line)
        return Span(self.name, number, number, text)

    def decoded(self, text: str) -> None:
        """Take the same lines as they read in another code page, which their words have shown."""
        self.text, self._starts = text, array("Q")

    def break_lines(self, cuts: Sequence[int]) -> None:
        """Begin a line at each of these offsets, so that a part can be quoted; numbers stay the file's."""
        pieces = [self.text[first:end] for first, end in pairwise((0, *cuts, len(self.text)))]
        self.text, self._starts, self._places, number, before = "\n".join(pieces), array("Q"), [], 1, 0
        for piece in pieces:
            first, *others = piece.split("\n")
            self._places += [(number, before), *((number + n, 0) for n in range(1, len(others) + 1))]
            number += len(others)
            before = len(others[-1]) if others else before + len(first)

    def _place(self, line: int) -> tuple[int, int]:
        """The number that a line has in the file, and how many characters are before it there."""
        return self._places[line - 1] if 0 < line <= len(self._places) else (line, 0)

    def where(self, found: re.Match[str]) -> str:
        """Name the file and the line of a match in the text."""
        first = len(found[0]) - len(found[0].lstrip("\n"))
        return f"{self.name}:{self.text.count(chr(10), 0, found.start() + first) + 1}"

    def given(self, line: int) -> int:
        """Return the number of a line before any change script; 0 for one that a script entered."""
        return line

    def entered(self, line: int) -> bool:
        """Return whether a line was entered by a change script."""
        return False

    @property
    def original(self) -> Source:
        """The input before any change script."""
        return self


class Joined:
    """Several inputs of one firewall: line numbers go on from one to the next."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = tuple(sources)
        sizes = [each.size for each in self._sources]
        self._ends = list(accumulate(sizes))
        self._firsts = [end - size for end, size in zip(self._ends, sizes, strict=True)]

    @property
    def name(self) -> str:
        """The files, as the user wrote them."""
        return " + ".join(each.name for each in self._sources)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Each input on its own, in order."""
        return self._sources

    def first(self, source: Source) -> int:
        """How many lines come before the first line of a source."""
        return next(first for each, first in zip(self._sources, self._firsts, strict=True) if each is source)

    def span(self, line: int) -> Span:
        """Quote a line, in its own file."""
        at = min(bisect_left(self._ends, line), len(self._sources) - 1)
        return self._sources[at].span(line - self._firsts[at])

    def given(self, line: int) -> int:
        """Return the number of a line before any change script; 0 for one that a script entered."""
        at = min(bisect_left(self._ends, line), len(self._sources) - 1)
        number = self._sources[at].given(line - self._firsts[at])
        return number and number + sum(each.original.size for each in self._sources[:at])

    def place(self, line: int) -> Span:
        """Name a line of its own file, without quoting it."""
        at = min(bisect_left(self._ends, line), len(self._sources) - 1)
        return self._sources[at].place(line - self._firsts[at])


def files_of(joined: object) -> tuple[Source, ...]:
    """Return the files that a firewall was read from."""
    if isinstance(joined, Joined):
        return joined.sources
    assert isinstance(joined, Source)
    return (joined,)


def read(path: str) -> Source:
    """Read a file, or standard input for `-`; UnsupportedInputError says what is wrong with it."""
    return from_bytes(*data(path))


def data(path: str) -> tuple[bytes, str]:
    """Read the bytes of a file, or of standard input for `-`, and name it for people; or
    UnsupportedInputError."""
    name = STDIN_NAME if path == STDIN else path
    try:
        return inputs.read(path), name
    except inputs.NoFileError as error:
        raise UnsupportedInputError(joined("", (f"{name}: ", str(error), _near(path)))) from None
    except inputs.UnreadableError as error:
        raise UnsupportedInputError(joined(": ", (name, str(error)))) from None


def from_bytes(data: bytes, name: str) -> Source:
    """Decode an input strictly: byte order mark, UTF-8, else Windows' Western code page."""
    if len(data) > MAX_BYTES:
        raise UnsupportedInputError(Reason("{name}: larger than {most} MiB; is this really a configuration?",
                                           name=name, most=MAX_BYTES // 2**20))
    if not data.strip():
        raise UnsupportedInputError(Reason(
            "{name}: the file is empty; export the configuration again, or leave the file out if its program "
            "has no rules and prints nothing", name=name))
    digest = hashlib.sha256(data).hexdigest()
    encoding, text = _decode(data)
    if "\n" not in text:
        text = text.replace("\r", "\n")  # line ends of an old Macintosh, or of a terminal program
    if "\x1b" in text:
        text = _ON_SCREEN.sub("", text)
    controls = [text.count(control) for control in "\0\1\2\3\4\5\6"]
    if sum(controls) * _TEXT_PER_CONTROL > len(text):
        line = text.count("\n", 0, min(text.find(c) for c in "\0\1\2\3\4\5\6" if c in text)) + 1
        raise UnsupportedInputError(Reason("{name}:{line}: a binary file, not a configuration in text form",
                                           name=name, line=line))
    return Source(name, digest, text, encoding)


def _near(path: str) -> str:
    from difflib import get_close_matches
    from pathlib import Path

    if not path.isprintable():
        return Reason("; in double quotes YAML takes \\ for an escape: write / or single quotes")
    wanted = Path(path)
    if "\\" in wanted.as_posix():
        return Reason("; on this system \\ is a letter of a name: write /")
    try:
        names = [each.name for each in wanted.parent.iterdir()]
    except OSError:
        return Reason("; the directory {directory} does not exist either", directory=wanted.parent)
    close = get_close_matches(wanted.name, names, 1)
    return Reason("; did you mean {near}?", near=wanted.parent / close[0]) if close else ""


def _decode(data: bytes) -> tuple[str, str]:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return encoding, data.decode(encoding, errors="replace")
    head = data[:_HEAD]
    if head.count(0) * 5 > len(head) * 2 and b"\0\0" not in head:  # UTF-16 without its mark
        encoding = "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
        return encoding, data.decode(encoding, errors="replace")
    try:
        return "utf-8", data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252", data.decode("cp1252", errors="kept")


def _kept(error: UnicodeError) -> tuple[str, int]:
    """The five bytes that the code page lacks keep their number, so that another one can still be tried."""
    assert isinstance(error, UnicodeDecodeError)
    return "".join(map(chr, error.object[error.start:error.end])), error.end


codecs.register_error("kept", _kept)

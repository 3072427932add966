"""Read YAML as structure and text only, so that no value changes its meaning on the way in.

YAML 1.1 turns `22:22` into 1342, `010` into 8 and `no` into False, lets the last of two equal keys win, and
lets a few bytes grow without bound through aliases. A file that decides about firewalls can afford none of
this: every scalar stays the text that was written, and what could surprise a reader is refused with its line.
"""

import re
from collections.abc import Iterator, Mapping, Set
from typing import TypeAlias

import yaml
from msgspec import Struct

from aclproof import inputs
from aclproof.reason import Reason, joined

MAX_DEPTH = 50
_TOO_DEEP = Reason("the file is nested more than {most} levels deep", most=MAX_DEPTH)
MAX_CHARACTERS = 1024 * 1024

Data: TypeAlias = "str | list[Data] | dict[str, Data] | None"
"""What a file holds; None is an empty value, `~` or `null`."""

Path: TypeAlias = tuple[str | int, ...]
"""Where a value is: mapping keys and list positions, the latter counted from 0."""

Fault: TypeAlias = tuple[Path, str]
"""A place and what is wrong there, before a file and a line are known."""

# libyaml is about 2.6 times faster than the pure parser, but not part of every PyYAML build.
_LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader

# Controls, surrogates, and invisible characters that break or reorder the lines an editor shows.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


class Problem(Struct, frozen=True):
    """One thing that is wrong in an input file; line 0 means the file as a whole."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return joined(": ", filter(None, (place, self.path, self.message)))


class InputError(Exception):
    """An input file cannot be used; `problems` holds every reason that was found, in file order."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems: tuple[Problem, ...] = problems

    def __str__(self) -> str:
        return joined("\n", map(str, self.problems))


class _Place(Struct, frozen=True):
    """The line of a key or item, and the places inside its value."""

    line: int
    inner: Mapping[str | int, "_Place"]


class Document(Struct, frozen=True):
    """The data of one file, with what it takes over from another one, and the line of each part of it."""

    file: str
    data: Data
    _root: _Place
    base: "Document | None" = None
    """The document that it extends."""
    inherited: Set[Path] = frozenset()
    """The parts of the data that stand in the base, and not in the file itself."""

    def __repr__(self) -> str:
        return f"Document({self.file!r}, {self.data!r})"

    def files(self) -> tuple[str, ...]:
        """Every file that it is made of, its own first."""
        return (self.file, *(self.base.files() if self.base else ()))

    def owner(self, path: Path) -> "Document":
        """The document in whose file the key or item at `path` stands."""
        if self.base and any(path[:length] in self.inherited for length in range(1, len(path) + 1)):
            return self.base.owner(path)
        return self

    def line_of(self, path: Path) -> int:
        """Line (from 1) of the key or item at `path`, or of its nearest ancestor that exists."""
        place = self.owner(path)._root
        for step in path:
            if step not in place.inner:
                break
            place = place.inner[step]
        return place.line

    def problem(self, path: Path, message: str) -> Problem:
        """A problem with the key or item at `path`."""
        return Problem(self.owner(path).file, self.line_of(path), dotted(path), message)


def read_text(file: str) -> str:
    """The text of a file that `load` may be given; raises InputError."""
    try:
        content = inputs.read(file, MAX_CHARACTERS)
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(Problem(file, line, "", Reason("this is not UTF-8 text"))) from None
    except inputs.UnreadableError as error:
        raise InputError(Problem(file, 0, "", str(error))) from None


def dotted(path: Path) -> str:
    """The path as people write it: `requirements[3].title.de`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += ("." if text else "") + (step if step.isprintable() else ascii(step))
    return text


def load(text: str, file: str) -> Document:
    """Read one YAML document; `file` is the name to show in problems.

    Raises InputError for broken YAML and for what is refused on purpose: duplicate and non-text keys,
    anchors, aliases, tags, merge keys, further documents, unprintable characters, depth over 50, over 1 MiB.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > MAX_CHARACTERS:
        raise InputError(Problem(file, 0, "", Reason("the file is larger than 1 MiB")))
    if found := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise InputError(Problem(file, line, "", Reason("{found} is not allowed in this file",
                                                        found=_name(found))))
    builder = _Builder(file, yaml.parse(text, Loader=_LOADER))
    try:
        document = builder.document()
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # the pure parser lets the last two escape
        raise InputError(*builder.problems, _syntax_problem(error, file)) from None
    if builder.problems:
        raise InputError(*builder.problems)
    return document


def _name(character: re.Match[str]) -> str:
    return Reason("the character U+{number:04X}", number=ord(character.group()))


def _syntax_problem(error: Exception, file: str) -> Problem:
    if not isinstance(error, yaml.MarkedYAMLError):
        return Problem(file, 0, "", Reason("this is not valid YAML"))
    mark = error.problem_mark or error.context_mark
    reason = ", ".join(part for part in (error.context, error.problem) if part)
    if "escape" in reason or "hexdecimal" in reason:
        reason = Reason("{reason}; in double quotes \\ begins an escape, so write / or single quotes",
                        reason=reason)
    if "maximum nesting depth" in reason:  # libyaml has a limit of its own since PyYAML 6.0.4
        return Problem(file, mark.line + 1 if mark else 0, "", _TOO_DEEP)
    return Problem(file, mark.line + 1 if mark else 0, "", Reason("this is not valid YAML: {reason}",
                                                                  reason=reason))


class _Builder:
    """Builds a document from parser events, which arrive one by one: a refusal stops the parser in time.

    Letting PyYAML construct first is no option: libyaml's composer overflows the C stack on deep nesting.
    """

    def __init__(self, file: str, events: Iterator[yaml.Event]) -> None:
        self.file = file
        self.events = events
        self.problems: list[Problem] = []

    def document(self) -> Document:
        next(self.events)  # start of the stream
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return Document(self.file, None, _Place(1, {}))
        first = next(self.events)
        data, inner = self.node(first, ())
        next(self.events)  # end of the document
        if not isinstance(following := next(self.events), yaml.StreamEndEvent):
            self.refuse(following, (), Reason("a second document starts here: only one is allowed in a file"))
        line = 1 if data is None else _line(first)  # an empty document starts after its last line
        return Document(self.file, data, _Place(line, inner))

    def node(self, event: yaml.Event, path: Path, *,
             is_key: bool = False) -> tuple[Data, Mapping[str | int, _Place]]:
        """The value that starts with `event`, and the places inside it."""
        if isinstance(event, yaml.AliasEvent):
            self.refuse(event, path, Reason("the alias *{anchor} is not allowed: write the value out",
                                            anchor=event.anchor))
            return None, {}
        assert isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent)  # nothing else starts a value
        if event.anchor is not None:
            self.refuse(event, path, Reason("the anchor &{anchor} is not allowed", anchor=event.anchor))
        if event.tag is not None:
            self.refuse(event, path, Reason("the tag {tag!r} is not allowed: values are plain text",
                                            tag=event.tag))
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, path, is_key=is_key), {}
        if len(path) >= MAX_DEPTH:
            self.refuse(event, (), _TOO_DEEP)
            raise InputError(*self.problems)
        return self.sequence(path) if isinstance(event, yaml.SequenceStartEvent) else self.mapping(path)

    def scalar(self, event: yaml.ScalarEvent, path: Path, *, is_key: bool) -> str | None:
        """A key may hold anything by escapes: facts are called as rules of a firewall are."""
        text: str = event.value
        found = _UNPRINTABLE.search(text)  # from an escape such as "\0"
        if found and not is_key:
            self.refuse(event, path, Reason(
                "{found} is not allowed in this file: in double quotes \\ begins an escape, so write / or "
                "single quotes", found=_name(found)))
        plain = event.implicit[0]
        return None if plain and text in ("", "~", "null") else text

    def sequence(self, path: Path) -> tuple[Data, Mapping[str | int, _Place]]:
        items: list[Data] = []
        places: dict[str | int, _Place] = {}
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            item, inner = self.node(event, (*path, len(items)))
            places[len(items)] = _Place(_line(event), inner)
            items.append(item)
        return items, places

    def mapping(self, path: Path) -> tuple[Data, Mapping[str | int, _Place]]:
        items: dict[str, Data] = {}
        places: dict[str | int, _Place] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.key(event, path)
            if key in items:
                self.refuse(event, (*path, key), Reason("this key is set twice: first on line {line}",
                                                        line=places[key].line))
            value, inner = self.node(next(self.events), (*path, key))
            if key not in items:
                items[key], places[key] = value, _Place(_line(event), inner)
        return items, places

    def key(self, event: yaml.Event, path: Path) -> str:
        # one level deeper, or nested keys would escape MAX_DEPTH
        key, _ = self.node(event, (*path, "?"), is_key=True)
        if isinstance(event, yaml.ScalarEvent) and event.value == "<<" and event.implicit[0]:
            self.refuse(event, path, Reason("the merge key << is not allowed: write the keys out"))
        elif not isinstance(key, str):
            self.refuse(event, path, Reason("a key must be text"))
        return key if isinstance(key, str) else ""

    def refuse(self, event: yaml.Event, path: Path, message: str) -> None:
        self.problems.append(Problem(self.file, _line(event), dotted(path), message))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0

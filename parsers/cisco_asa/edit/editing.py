"""A configuration that lines can be entered into: sections with their bodies, lists with their entries.

Which section a line is in is decided by its words, as in the reader, for the configuration and for
the script alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping

from msgspec import Struct, field

from aclproof.parsers.cisco_asa.text import sections
from aclproof.parsers.cisco_asa.text.definitions import HEADS
from aclproof.parsers.cisco_asa.text.definitions import WORDS as GROUP_WORDS
from aclproof.parsers.cisco_asa.words import same_entry
from aclproof.parsers.cisco_asa.words.same_entry import Entry
from aclproof.parsers.edited import Line
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.reason import Reason


class Block(Struct, eq=False):
    """A top-level line with the lines that belong to it, or a list: entries without a header."""

    head: Line | None = None
    words: tuple[str, ...] = ()
    body: list[Line] = field(default_factory=list)

    def lines(self) -> Iterator[Line]:
        """Yield all lines, in order."""
        if self.head is not None:
            yield self.head
        yield from self.body


_TOP = frozenset({*HEADS, *sections.HEADERS, "route", "name", "global", "same-security-traffic", "hostname"})
"""Commands that leave every section, indented or not."""


class Mode:
    """Which section the lines of a text are in."""

    def __init__(self) -> None:
        self.header: tuple[str, ...] = ()
        """The words of the open section's header; none at top level."""

    def within(self, text: str, words: list[str]) -> bool:
        """Return whether a line belongs to the open section; otherwise it may open one."""
        if self.header and self._belongs(words, indented=text[:1] == " "):
            return True
        self.header = () if words[0] in ("access-list", "access-group", "!") else tuple(words)
        return False

    def _belongs(self, words: list[str], *, indented: bool) -> bool:
        kind = self.header[0]
        key = words[1] if words[0] == "no" and len(words) > 1 else words[0]
        if key in _TOP:
            return key == "nat" and kind == "object" and indented and "source" not in words
        if key == "service-policy" and len(words) > 2:
            return False
        if kind in GROUP_WORDS and key in GROUP_WORDS[kind]:
            return True
        if kind in sections.SAFE and key in sections.SAFE[kind]:
            return indented or sections.is_child(words)
        return indented


class Config:
    """The blocks of a configuration, and where to find them."""

    def __init__(self, old: Source, texts: Iterable[str | None]) -> None:
        self.blocks: list[Block] = []
        self.lists: dict[str, Block] = {}
        """By the words before an entry: `access-list NAME`, `ipv6 access-list NAME`."""
        self.names: dict[str, str] = {}
        self._by_header: dict[tuple[str, ...], list[Block]] = {}
        self._keys: dict[str, list[Entry]] = {}
        self._counts: dict[str, Counter[Hashable]] = {}
        self._open = Block()
        mode = Mode()
        for number, text in enumerate(texts, 1):
            if text is not None:
                self._load(Line(text, old, number), text, mode)

    def _load(self, line: Line, text: str, mode: Mode) -> None:
        words = text.split()
        if not words or text[0] in "!:":
            if text.strip() == "!":
                mode.header = ()
            if mode.header:
                self._open.body.append(line)  # a comment in a body ends nothing
            else:
                self.blocks.append(Block(line))
            return
        name = list_of(words)
        if name:
            if words[name.count(" ") + 1:][:1] == ["line"]:
                raise UnsupportedInputError(Reason("{name}:{number}: entries with numbers; a script is "
                                                   "entered into what 'show running-config' prints",
                                                   name=line.origin.name, number=line.number))
            mode.header = ()
            self.entries(name).append(line)
        elif mode.within(text, words):
            self._open.body.append(line)
        else:
            if words[:1] == ["name"] and len(words) > 2:
                self.names[words[2]] = words[1]
            self._open = Block(line, tuple(words))
            self.add(self._open)

    def add(self, block: Block, before: Block | None = None) -> None:
        """Put a block in, at the end or before another one."""
        if before is None:
            self.blocks.append(block)
        else:
            self.blocks.insert(self.blocks.index(before), block)
        self._by_header.setdefault(block.words[:3], []).append(block)

    def remove(self, block: Block) -> None:
        """Take a block out, body and all."""
        self.blocks.remove(block)
        self._by_header[block.words[:3]].remove(block)

    def sections(self, words: tuple[str, ...]) -> list[Block]:
        """Find the blocks of a header: an object may occur twice, once with its address, once with NAT."""
        return [each for each in self._by_header.get(words[:3], []) if each.words == words]

    def named(self, kind: str, name: str) -> list[Block]:
        """Find the blocks that define an object or a group, whatever its type."""
        return [block for words, blocks in self._by_header.items()
                if words[:1] == (kind,) and words[2:3] == (name,) for block in blocks]

    def starting(self, words: tuple[str, ...]) -> list[Block]:
        """Find the blocks whose first line begins with these words."""
        return [block for known, blocks in self._by_header.items() if known == words[:3] or len(words) < 3
                for block in blocks if block.words[:len(words)] == words]

    def entries(self, name: str) -> list[Line]:
        """Return the entries of a list, in order; a new list begins at the end."""
        block = self.lists.get(name)
        if block is None:
            block = self.lists[name] = Block()
            self.blocks.append(block)
        return block.body

    def keys(self, name: str) -> list[Entry]:
        """Return what makes each entry of a list the one that it is; changed together with the entries."""
        known = self._keys.get(name)
        if known is None:
            at = name.count(" ") + 1
            known = self._keys[name] = [entry_of(each.text, at, self.names) for each in self.entries(name)]
        return known

    def counts(self, name: str) -> Counter[Hashable]:
        """How often each key is in a list; changed together with the keys."""
        if name not in self._counts:
            self._counts[name] = Counter(each.key for each in self.keys(name))
        return self._counts[name]

    def place_of(self, name: str, entry: Entry) -> int | None:
        """Find an entry of a list; most that are entered are new."""
        if not self.counts(name)[entry.key]:
            return None
        return next(at for at, each in enumerate(self.keys(name)) if each.key == entry.key)

    @property
    def forward(self) -> bool:
        """Whether the device lets lines name what does not exist (yet)."""
        return bool(self.starting(("forward-reference", "enable")))

    def drop_list(self, name: str) -> None:
        """Take a whole list out."""
        block = self.lists.pop(name, None)
        self._keys.pop(name, None)
        self._counts.pop(name, None)
        if block is not None:
            self.blocks.remove(block)

    def filters(self, name: str) -> bool:
        """Return whether a list has an entry that is no remark."""
        at = name.count(" ") + 1
        return name in self.lists and any(each.text.split(None, at + 1)[at:at + 1] != ["remark"]
                                          for each in self.entries(name))

    def lines(self) -> list[Line]:
        """Write the whole configuration."""
        return [line for block in self.blocks for line in block.lines()]


def entry_of(text: str, at: int, names: Mapping[str, str]) -> Entry:
    """Read a whole line of a list, whose words before the entry are `at`."""
    return same_entry.entry(text.split()[at:], names)


def list_of(words: list[str]) -> str:
    """Return `access-list NAME` or `ipv6 access-list NAME` for an entry of a list, else nothing."""
    if words[0] == "access-list" and len(words) > 2:
        return " ".join(words[:2])
    return " ".join(words[:3]) if words[:2] == ["ipv6", "access-list"] and len(words) > 3 else ""

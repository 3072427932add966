"""What a whole configuration defines, or names without defining it: objects, groups, lists, time ranges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from aclproof.parsers.cisco_asa.meaning import references
from aclproof.parsers.cisco_asa.meaning.references import Kind
from aclproof.parsers.cisco_asa.text.reader import Reader
from aclproof.parsers.cisco_asa.text.sections import tree
from aclproof.parsers.cisco_asa.words.content import content
from aclproof.parsers.cisco_asa.words.objects import built_in
from aclproof.parsers.model.definitions import Definition
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import Source

_ENTRIES = ("access-list ", "ipv6 access-list ")
_NAMING = (" object", " time-range ")
"""One of them is in every entry that names something."""
_HEADS = frozenset({"object", "object-group", "time-range"})
_KNOWN = frozenset("""network-object service-object group-object port-object protocol-object icmp-object host
    subnet range fqdn description""".split())
"""Lines that name things at their places only; of any other line each word may be a name."""


def find(firewall: Firewall) -> Iterator[Definition]:
    """Yield them: of a configuration that is not shown to its end nothing, as the rest may name anything."""
    if not (firewall.whole and isinstance(firewall.source, Source)):
        return
    reader = Reader(firewall.source)
    uses = _Uses()
    for line, text in enumerate(reader.texts, 1):
        if text and text[0] not in "!:":
            uses.read(text, line)
    times = {section.words[1]: section for section in reversed(tree(reader.section_lines))
             if section.words[0] == "time-range" and len(section.words) > 1}
    yield from _objects(reader, uses)
    yield from _lists(reader, uses)
    yield from (Definition("time-range", name, section.line, uses.of(name, "time-range"))
                for name, section in times.items())
    objects = reader.objects.definitions
    defined: Mapping[Kind, Mapping[str, object]] = {
        "object": objects, "object-group": objects, "time-range": times,
        "access-list": dict.fromkeys(name for name, _ in reader.lists)}
    for kind, name, lines in uses.missing():
        alias = kind == "object" and (name in reader.objects.names or built_in(name))
        if name not in defined[kind] and not alias:
            yield Definition(kind, name, uses=lines)


class _Uses(Struct):
    """Which lines name what."""

    exact: dict[tuple[Kind, str], dict[int, None]] = field(default_factory=dict)
    """Lines that do so at a place for names."""
    words: dict[str, list[int]] = field(default_factory=dict)
    """Other words, of lines that may have names at places that are not known here."""
    heads: set[str] = field(default_factory=set)
    """Words of the lines with which definitions begin."""

    def read(self, text: str, line: int) -> None:
        """Take a line in."""
        entry = text.startswith(_ENTRIES)
        if entry and not any(word in text for word in _NAMING):
            return
        words = text.split()
        found = list(references.named(words)) if words else []
        for each in found:
            self.exact.setdefault(each, {})[line] = None
        if words and words[0] in _HEADS:
            self.heads.update(words)
        elif words and words[0] not in _KNOWN and not entry:
            for word in set(words).difference(name for _, name in found):
                self.words.setdefault(word, []).append(line)

    def of(self, name: str, *kinds: Kind) -> tuple[int, ...]:
        """Return all lines that may name what is defined; a mere number may be anything."""
        lines = {line for kind in kinds for line in self.exact.get((kind, name), ())}
        return tuple(sorted(lines.union(() if name.isdecimal() else self.words.get(name, ()))))

    def missing(self) -> Iterator[tuple[Kind, str, tuple[int, ...]]]:
        """Yield what lines name, if no other line has the word: that may be what defines it, damaged."""
        return ((kind, name, tuple(lines)) for (kind, name), lines in self.exact.items()
                if name not in self.words and name not in self.heads)


def _objects(reader: Reader, uses: _Uses) -> Iterator[Definition]:
    translating: dict[str, list[int]] = {}
    for line, _, inside in reader.nat:
        translating.setdefault(inside, []).append(line)
    for each in reader.objects.definitions.values():
        value, own = content(reader.objects, each), translating.get(each.name, [])
        lines = {*uses.of(each.name, "object", "object-group"), *own}
        yield Definition(f"{each.word} {each.kind}", each.name, each.line, tuple(sorted(lines)),
                         value=value or None, empty=value == (), does_more=bool(own))


def _lists(reader: Reader, uses: _Uses) -> Iterator[Definition]:
    for (name, ipv6), known in reader.lists.items():
        line = next((each for each in known.entries if each > 0), 0)
        if line:
            yield Definition("ipv6 access-list" if ipv6 else "access-list", name, line,
                             uses.of(name, "access-list"), filters=True)

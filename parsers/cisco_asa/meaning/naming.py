"""Names and descriptions of an ASA's objects and interfaces, and the remarks of its lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclproof.parsers.cisco_asa.text.reader import Reader
from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model.addresses import NOWHERE
from aclproof.parsers.model.names import Named
from aclproof.parsers.source import Source


def names(sources: Sequence[Source]) -> Iterator[Named]:
    """Yield the objects and groups, the `names` table, the interfaces and the remarks."""
    reader = Reader(sources[0])
    for definition in reader.objects.definitions.values():
        known = reader.objects.network(definition.name).known if definition.kind == "network" else NOWHERE
        yield Named("object", definition.name, definition.line, known, _about(reader, definition.line))
    for number, text in enumerate(reader.texts, 1):
        words = text.split() if text else []
        match words:
            case ["name", address, name, *rest]:
                try:
                    yield Named("object", name, number, literals.host(address, {}), " ".join(rest))
                except LineError:
                    continue
            case ["nameif", name]:
                head = _head(reader, number)
                yield Named("interface", name, head, about=_about(reader, head))
            case ["nameif", _, name, _]:  # PIX 6
                yield Named("interface", name, number)
            case ["access-list", _, "remark", *rest] | ["access-list", _, "line", _, "remark", *rest]:
                yield Named("remark", "", number, about=" ".join(rest))
            case _:
                continue


def _head(reader: Reader, line: int) -> int:
    """The line of the `interface` command above a line of its section."""
    return next((number for number in range(line, 0, -1)
                 if reader.text(number).startswith("interface ")), line)


def _about(reader: Reader, line: int) -> str:
    """The description in the lines below a header."""
    for text in reader.texts[line:]:
        if not text or not text.startswith(" "):
            break
        word, _, rest = text.strip().partition(" ")
        if word == "description":
            return rest
    return ""

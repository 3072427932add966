"""Objects as PowerShell writes them, in JSON, CSV or `Format-List`: records of properties and texts."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from aclproof.parsers.windows.records.columns import Record

_TOKEN = re.compile(r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"|[{}\n]')
_DELIMITERS = ",;\t"
_LABEL = re.compile(r"(\w+)\s*:(?: (.*))?")
_TYPE = "#TYPE"
_WRAPPED = {"value", "Count"}
_LOST = re.compile(r"System\.\w+\[\]|System\.Collections\..*")
_BRACED = re.compile(r"\{.*\}")
_GUID = re.compile(r"\{[0-9a-fA-F-]{36}\}")
_CUT = ("...}", "…}", "â€¦}")
"""PowerShell 7 writes one character, which may be read in another code page."""
_LONGEST = 300
"""Of a quoted line, in characters."""
_NO_TEXT = "a list was written as '{}': join it before the export, as docs/export-windows-firewall.md does"


class DamagedTextError(Exception):
    """A text that is damaged, or in which PowerShell left something out; `line` says where."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def checked(record: Record) -> Record:
    """Return a record; DamagedTextError when a list in it was replaced by the name of its type."""
    for each in record.fields.values():
        if each.startswith("System.") and _LOST.fullmatch(each):
            raise DamagedTextError(record.line, _NO_TEXT.format(each))
    return record


# JSON


class Object(dict[str, Any]):
    """A JSON object that knows its lines."""

    lines = range(1, 2)


def load(text: str) -> Any:
    """Read JSON; each object knows its lines. DamagedTextError says where it is damaged."""
    lines = _lines(text)

    def located(pairs: list[tuple[str, Any]]) -> Object:
        made = Object(pairs)
        made.lines = next(lines)
        return made

    try:
        return json.loads(text, object_pairs_hook=located)
    except json.JSONDecodeError as error:
        found = _objects_by_line(text)
        if found is None:
            raise DamagedTextError(error.lineno, "the JSON is damaged or cut off here") from None
        return found


def _objects_by_line(text: str) -> list[Object] | None:
    """Read a text that holds an object on each line; None for any other."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            one = json.loads(line, object_pairs_hook=Object)
        except json.JSONDecodeError:
            return None
        if not isinstance(one, Object):
            return None
        one.lines = range(number, number + 1)
        found.append(one)
    return found


def _lines(text: str) -> Iterator[range]:
    """Yield the lines of each object, in the order in which they end."""
    line, open_objects = 1, []
    for token in _TOKEN.finditer(text):
        if token[0] == "\n":
            line += 1
        elif token[0] == "{":
            open_objects.append(line)
        elif token[0] == "}" and open_objects:
            yield range(open_objects.pop(), line + 1)


def beginnings(text: str) -> list[int]:
    """Return where the objects of a JSON text begin, the first one left out."""
    return [token.start() for token in _TOKEN.finditer(text) if token[0] == "{"][1:]


def quotable(line: str) -> str:
    """Return what of a line says something, and not too much: a brace alone says nothing."""
    if not any(each.isalnum() for each in line):
        return ""
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."


def records(value: Any) -> Iterator[Record]:
    """Yield the records of a list, or the only one, which PowerShell writes without brackets."""
    if isinstance(value, Object) and set(value) == _WRAPPED:
        value = value["value"]
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, Object):
            yield checked(Record(each.lines[0], dict(_flat(each)), set(each.lines)))


def _flat(value: Object) -> Iterator[tuple[str, str]]:
    """Yield the texts of an object, after those of the objects in it: its own word is the last."""
    inner = [each for each in value.values() if isinstance(each, Object) and set(each) != _WRAPPED]
    for each in inner:
        yield from _flat(each)
    for name, each in value.items():
        if not any(each is other for other in inner):
            yield name.lower(), plain(each)


def plain(value: Any) -> str:
    """Write a value as one text: several with commas, as the console does."""
    match value:
        case None:
            return ""
        case list():
            return ",".join(map(plain, value))
        case dict():
            return plain(value.get("value"))
        case _:
            return str(value).strip()


# CSV and lists


def delimiter(text: str) -> str:
    """Return what separates the columns of a CSV text; nothing when its first line is no heading."""
    head = next((line for line in text.lstrip().split("\n", 2)[:2] if not line.startswith(_TYPE)), "")
    found = max(_DELIMITERS, key=head.count)
    return found if head.count(found) > 1 else ""


def rows(lines: Sequence[str], separator: str) -> Iterator[Record]:
    """Yield the rows of a CSV text."""
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=separator, strict=True)
    heading: list[str] = []
    line = 1
    try:
        for row in reader:
            if not heading and row and not row[0].startswith(_TYPE):
                heading = [each.strip().lower() for each in row]
            elif heading and row:
                if len(row) != len(heading):
                    raise DamagedTextError(line, f"a row of {len(row)} cells under {len(heading)} headings")
                fields = zip(heading, (each.strip() for each in row), strict=True)
                yield checked(Record(line, dict(fields), set(range(line, reader.line_num + 1))))
            line = reader.line_num + 1
    except csv.Error as error:
        raise DamagedTextError(line, f"damaged CSV ({error})") from None


def blocks(lines: Sequence[str]) -> Iterator[Record]:
    """Yield the blocks of `Format-List`: `Property : value`, with long values going on indented."""
    found, last = Record(0, {}, set()), ""
    for number, line in enumerate(lines, 1):
        pair = _LABEL.fullmatch(line.rstrip())
        if found.fields and (not line.strip() or (pair and pair[1].lower() in found.fields)):
            yield checked(found)
            found, last = Record(0, {}, set()), ""
        if pair:
            last = pair[1].lower()
            found.line = found.line or number
            found.fields[last] = _bare(pair[2] or "", number)
        elif last and line[:1].isspace() and line.strip():
            found.fields[last] = _bare(found.fields[last] + line.strip(), number)
        if line.strip() and found.fields:
            found.lines.add(number)
    if found.fields:
        yield checked(found)


def _bare(text: str, line: int) -> str:
    """Take the braces off a list; DamagedTextError where `Format-List` cut it short."""
    plain = text.strip()
    if not _BRACED.fullmatch(plain) or _GUID.fullmatch(plain):
        return plain
    if plain.endswith(_CUT):
        raise DamagedTextError(line, "a list was cut short with '...'; set $FormatEnumerationLimit = -1 "
                                     "first")
    return plain[1:-1].strip()

"""Objects as PowerShell writes them, in JSON, CSV or `Format-List`: records of properties and texts."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from json import JSONDecodeError
from typing import Any

from aclproof.parsers.windows.powershell import json_text
from aclproof.parsers.windows.powershell.damage import DamagedTextError
from aclproof.parsers.windows.powershell.json_object import is_wrapped
from aclproof.parsers.windows.powershell.json_text import Items, Object
from aclproof.parsers.windows.records.columns import Record
from aclproof.reason import Reason

_TOKEN = re.compile(r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"|[{}\n]')
_DELIMITERS = ",;\t"
_LABEL = re.compile(r"(\w+)\s*:(?: (.*))?")
_TYPE = "#TYPE"
_LOST = re.compile(r"System\.\w+\[\]|System\.Collections\..*")
_BRACED = re.compile(r"\{.*\}")
_GUID = re.compile(r"\{[0-9a-fA-F-]{36}\}")
_CUT = ("...}", "…}", "â€¦}")
"""PowerShell 7 writes one character, which may be read in another code page."""
_LONGEST = 300
"""Of a quoted line, in characters."""
_NO_TEXT = "a list was written as '{}': join it before the export, as docs/export-windows-firewall.md does"


def checked(record: Record) -> Record:
    """Return a record; DamagedTextError when a list in it was replaced by the name of its type."""
    if "System." in "\n".join(record.fields.values()):
        for each in record.fields.values():
            if _LOST.fullmatch(each):
                raise DamagedTextError(record.line, _NO_TEXT.format(each))
    return record


# JSON


def load(text: str) -> Any:
    """Read JSON; DamagedTextError says where it is damaged."""
    try:
        return json_text.load(text)
    except JSONDecodeError as error:
        found = json_text.by_line(text)
        if found is None:
            raise DamagedTextError(error.lineno, "the JSON is damaged or cut off here") from None
        return found


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
    value = unwrapped(value)
    if isinstance(value, Items):
        for lines, item in value.objects():
            yield checked(Record(lines.start, _flat(item), [lines]))
    elif isinstance(value, Object):
        yield checked(Record(value.lines.start, _flat(value), [value.lines]))


def unwrapped(value: Any) -> Any:
    """Return a list without the object that PowerShell wrapped it in; any other value as it is."""
    return value["value"] if is_wrapped(value) else value


def _flat(value: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts of an object, over those of the objects in it: its own word is the last."""
    try:
        return dict(zip(_lower(tuple(value)), map(str.strip, value.values()), strict=True))
    except TypeError:  # not all of them are texts
        found: dict[str, str] = {}
    for each in filter(_is_inner, value.values()):
        found |= _flat(each)
    return found | {name.lower(): plain(each) for name, each in value.items() if not _is_inner(each)}


@lru_cache
def _lower(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of columns in lower case: those of most records are the same."""
    return tuple(each.lower() for each in names)


def _is_inner(value: Any) -> bool:
    """Whether a value is an object, and no wrapped list."""
    return isinstance(value, dict) and not is_wrapped(value)


def plain(value: Any) -> str:
    """Write a value as one text: several with commas, as the console does."""
    match value:
        case None:
            return ""
        case list() | Items():
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


def rows(lines: Iterable[str], separator: str) -> Iterator[Record]:
    """Yield the rows of a CSV text."""
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=separator, strict=True)
    heading: list[str] = []
    line = 1
    try:
        for row in reader:
            if not heading and row and not row[0].startswith(_TYPE):
                heading = [each.strip().lower() for each in row]
                _once(filter(None, heading), line)
            elif heading and row:
                if len(row) != len(heading):
                    raise DamagedTextError(line, f"a row of {len(row)} cells under {len(heading)} headings")
                fields = zip(heading, (each.strip() for each in row), strict=True)
                yield checked(Record(line, dict(fields), [range(line, reader.line_num + 1)]))
            line = reader.line_num + 1
    except csv.Error as error:
        raise DamagedTextError(line, f"damaged CSV ({error})") from None


def _once(names: Iterable[str], line: int) -> None:
    """DamagedTextError where a column comes twice."""
    for name, times in Counter(names).items():
        if times > 1:
            raise DamagedTextError(line, Reason(
                "the column '{name}' comes twice, and nothing shows which of both counts; export the rules "
                "again", name=name))


def blocks(lines: Iterable[str]) -> Iterator[Record]:
    """Yield the blocks of `Format-List`: `Property : value`, with long values going on indented."""
    found, last = Record(0, {}), ""
    for number, line in enumerate(chain(lines, [""]), 1):
        pair = _LABEL.fullmatch(line.rstrip())
        name = pair[1].lower() if pair else ""
        if found.fields and (not line.strip() or name in found.fields):
            found.lines = [range(found.line, number)]
            yield checked(found)
            found, last = Record(0, {}), ""
        if pair:
            last = name
            found.line = found.line or number
            found.fields[last] = _bare(pair[2] or "", number)
        elif last and line[:1].isspace() and line.strip():
            found.fields[last] = _bare(found.fields[last] + line.strip(), number)


def _bare(text: str, line: int) -> str:
    """Take the braces off a list; DamagedTextError where `Format-List` cut it short."""
    plain = text.strip()
    if plain[:1] != "{" or not _BRACED.fullmatch(plain) or _GUID.fullmatch(plain):
        return plain
    if plain.endswith(_CUT):
        raise DamagedTextError(line, "a list was cut short with '...'; set $FormatEnumerationLimit = -1 "
                                     "first")
    return plain[1:-1].strip()

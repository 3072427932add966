"""JSON of which one record at a time is in memory: a list of thousands of objects stays text.

Values are read by Python's own decoder; what is here walks from the top down to the lists that hold the
records, and keeps where each of these begins. What JSON allows and PowerShell never writes is damage: a name
twice in an object (of which readers take the last), or something else among records.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder
from typing import Any

from aclproof.parsers.windows.powershell import json_object
from aclproof.parsers.windows.powershell.damage import DamagedTextError
from aclproof.reason import Reason

_DEPTH = 3
"""The lists of records are in an object, perhaps in one of its tables, there perhaps wrapped."""
_BLANKS = " \t\r"
_WHITE = re.compile(r"[ \t\n\r]*")
_COMMA = re.compile(r"[ \t\n\r]*,[ \t\n\r]*")
_decode = JSONDecoder(object_pairs_hook=json_object.made).raw_decode
_decode_again = JSONDecoder().raw_decode
"""Of what was found sound."""


class Object(dict[str, Any]):
    """A JSON object that knows its lines."""

    lines = range(1, 2)


class Items:
    """The items of a list, each read again from the text whenever it is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts, self._firsts, self._lasts = array("Q"), array("Q"), array("Q")

    def add(self, start: int, first: int, last: int) -> None:
        """Add an item that begins at an offset, on the first of its lines."""
        self._starts.append(start)
        self._firsts.append(first)
        self._lasts.append(last)

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[Any]:
        return (_decode_again(self._text, start)[0] for start in self._starts)

    def objects(self) -> Iterator[tuple[range, dict[str, Any]]]:
        """Yield them with their lines; DamagedTextError where one is no object: a record was lost there."""
        for item, first, last in zip(self, self._firsts, self._lasts, strict=True):
            if not isinstance(item, dict):
                raise DamagedTextError(first, Reason(
                    "a rule, a filter or a profile should stand here as an object, and something else does; "
                    "export the rules again as docs/export-windows-firewall.md does"))
            yield range(first, last + 1), item


def load(text: str) -> Any:
    """Read a text; its lists are Items, as far down as records are. JSONDecodeError says where it is
    damaged, as `json.loads` does; DamagedTextError where it is not as PowerShell writes it."""
    reader = _Reader(text)
    value = reader.value(_DEPTH)
    reader.skip()
    if reader.at != len(text):
        raise JSONDecodeError("Extra data", text, reader.at)
    return value


def by_line(text: str) -> Items | None:
    """Read a text that holds an object on each line, None for any other; DamagedTextError as from `load`."""
    found = Items(text)
    end = -1
    for number, line in enumerate(text.split("\n"), 1):
        start, end = end + 1, end + 1 + len(line)
        if line.strip():
            start += len(line) - len(line.lstrip(_BLANKS))
            try:
                item, after = _read(text, start)
            except JSONDecodeError:
                return None
            if not isinstance(item, dict) or text[after:end].strip(_BLANKS):
                return None
            found.add(start, number, number)
    return found


def _read(text: str, at: int) -> tuple[Any, int]:
    """Read the value that begins at a place; DamagedTextError for one that nothing may rely on."""
    try:
        return _decode(text, at)
    except JSONDecodeError:
        raise
    except ValueError:  # of Python, or an UnsoundError: neither knows where
        reader = _Reader(text, at)
        if text[at] in "[{":
            return reader.value(sys.maxsize), reader.at
        raise DamagedTextError(reader.line, Reason(
            "a number of thousands of digits; export the rules again")) from None


class _Reader:
    """A place in a text."""

    def __init__(self, text: str, at: int = 0) -> None:
        self._text, self.at, self.line = text, at, text.count("\n", 0, at) + 1

    def value(self, depth: int) -> Any:
        """Read the value that begins here, after white space."""
        self.skip()
        sign = self._sign()
        if sign == "[" and depth:
            return self._list()
        if sign == "{" and depth:
            return self._object(depth - 1)
        value, end = _read(self._text, self.at)
        self._go(end)
        return value

    def skip(self, least: int = 0) -> None:
        """Go over so many signs, and over white space."""
        found = _WHITE.match(self._text, self.at + least)
        self._go(found.end() if found else self.at)

    def _list(self) -> Items:
        found = Items(self._text)
        self.skip(1)
        while self._sign() != "]" or found:
            start, first = self.at, self.line
            self._go(_read(self._text, start)[1])
            found.add(start, first, self.line)
            comma = _COMMA.match(self._text, self.at)
            if not comma:
                break
            self._go(comma.end())
        self._end("]")
        return found

    def _object(self, depth: int) -> Object:
        found, first, names = Object(), self.line, set[str]()
        self.skip(1)
        while self._sign() != "}" or found:
            line, name = self.line, self._name()
            if name.lower() in names:
                raise DamagedTextError(line, Reason(
                    "'{name}' stands twice in one object, and nothing shows which of both counts; export the "
                    "rules again", name=name))
            names.add(name.lower())
            found[name] = self.value(depth)
            self.skip()
            if self._sign() != ",":
                break
            self.skip(1)
        self._end("}")
        if damage := json_object.miscounted(found):
            raise DamagedTextError(first, damage)
        found.lines = range(first, self.line + 1)
        return found

    def _name(self) -> str:
        """Read the name of a member, up to its value."""
        if self._sign() != '"':
            raise JSONDecodeError("Expecting a name", self._text, self.at)
        name, end = _read(self._text, self.at)
        self._go(end)
        self.skip()
        self._end(":")
        return str(name)

    def _end(self, expected: str) -> None:
        self.skip()
        if self._sign() != expected:
            raise JSONDecodeError(f"Expecting {expected}", self._text, self.at)
        self._go(self.at + 1)

    def _sign(self) -> str:
        return self._text[self.at:self.at + 1]

    def _go(self, at: int) -> None:
        self.line += self._text.count("\n", self.at, at)
        self.at = at

"""Values of an export in JSON, by name and type: every one that is lacking or another one is a fault.

PowerShell writes a list of one as its only item, an empty one as null or {}, and sometimes wraps a list as
{"value": [...], "Count": 2}: all of these are read as what they were.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from aclproof.parsers import source
from aclproof.parsers.source import UnsupportedInputError
from aclproof.reason import Reason
from aclproof.rules.strict_yaml import InputError, Problem

_AGAIN = Reason("export it again")
_NOTHING: tuple[Any, ...] = (None, {}, [], "")
_NUMBER = re.compile(r"[0-9]{1,10}")
_KINDS = {dict: Reason("an object"), list: Reason("a list"), str: Reason("text"), int: Reason("a number"),
          bool: Reason("true or false"), float: Reason("a number")}
_NO_VALUE = Reason("nothing")


class Faults:
    """Everything that is wrong with a file, in its order."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, path: str, message: str) -> None:
        """Add a fault at a place such as `Sites[0].Version`."""
        self.problems.append(Problem(self.file, 0, path, message))

    def stop(self) -> None:
        """Raise InputError where anything is wrong."""
        if self.problems:
            raise InputError(*self.problems)


class Record:
    """An object of the file, and where it is."""

    def __init__(self, faults: Faults, path: str, data: Mapping[str, Any]) -> None:
        self.path, self._faults, self._data = path, faults, data

    def wrong(self, name: str, message: str) -> None:
        """Add a fault of a value."""
        self._faults.add(self.at(name), message)

    def at(self, name: str) -> str:
        """Name a value of it."""
        return f"{self.path}.{name}" if self.path else name

    def text(self, name: str) -> str:
        """Return a text that has to be there; empty after a fault."""
        found = self.optional(name)
        if not found and name in self._data and self._data[name] in _NOTHING:
            self.wrong(name, Reason("is empty; {again}", again=_AGAIN))
        elif name not in self._data:
            self.wrong(name, Reason("is missing; {again}, with the whole of the script", again=_AGAIN))
        return found

    def optional(self, name: str) -> str:
        """Return a text, empty where there is none."""
        value = self._data.get(name)
        if value in _NOTHING or isinstance(value, str):
            return value.strip() if isinstance(value, str) else ""
        self._expected(name, Reason("text"), value)
        return ""

    def number(self, name: str) -> int:
        """Return a whole number that has to be there; -1 after a fault."""
        value = self._data.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            return int(value)
        if name not in self._data:
            self.text(name)
        else:
            self._expected(name, Reason("a whole number"), value)
        return -1

    def records(self, name: str, *, needed: bool = False) -> list[Record]:
        """Return the objects of a list; with `needed`, one has to be there."""
        items = self._items(name)
        if needed and not items and name in self._data:
            self.wrong(name, Reason("is empty: may the account that exported read it? {again} with one that "
                                    "may", again=_AGAIN))
        found = []
        for path, item in items:
            if isinstance(item, dict):
                found.append(Record(self._faults, path, item))
            else:
                self._faults.add(path, _expected(Reason("an object"), item))
        return found

    def texts(self, name: str) -> list[tuple[str, str]]:
        """Return the texts of a list, each with its place."""
        return [(path, item) for path, item in self._items(name) if self._is(path, item, str)]

    def numbers(self, name: str) -> list[tuple[str, int]]:
        """Return the numbers of a list, each with its place."""
        return [(path, item) for path, item in self._items(name) if self._is(path, item, int)]

    def properties(self) -> dict[str, str]:
        """Return all values that are no lists or objects, as texts; those without a value are left out."""
        return {name: json.dumps(value) if isinstance(value, bool) else str(value).strip()
                for name, value in self._data.items()
                if isinstance(value, str | int | float) and value != ""}

    def _items(self, name: str) -> list[tuple[str, Any]]:
        if name not in self._data:
            self.wrong(name, Reason("is missing; {again}, with the whole of the script", again=_AGAIN))
        value = self._data.get(name)
        if isinstance(value, dict) and value.keys() == {"value", "Count"}:
            value = value["value"]
        if value in _NOTHING:
            return []
        at = self.at(name)
        return [(f"{at}[{number}]", item) for number, item in enumerate(value)] if isinstance(value, list) \
            else [(at, value)]

    def _is(self, path: str, item: object, kind: type) -> bool:
        fits = isinstance(item, kind) and not isinstance(item, bool)
        if not fits:
            self._faults.add(path, _expected(_KINDS[kind], item))
        return fits

    def _expected(self, name: str, kind: str, value: object) -> None:
        self.wrong(name, _expected(kind, value))


def _expected(kind: str, value: object) -> str:
    return Reason("expected {kind}, and it is {other}; {again}", kind=kind,
                  other=_KINDS.get(type(value), _NO_VALUE), again=_AGAIN)


class _TwiceError(ValueError):
    """A name that is twice in one object, of which readers take the last."""


def opened(path: str) -> tuple[Faults, Record]:
    """Open a file in any encoding that PowerShell writes; InputError or UnsupportedInputError if it is no
    object in JSON."""
    text = source.read(path)
    faults = Faults(text.name)
    try:
        data = json.loads(text.text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise InputError(Problem(text.name, error.lineno, "", Reason(
            "this is not whole JSON ({reason}): was the file cut? {again}", reason=error.msg,
            again=_AGAIN))) from None
    except _TwiceError as error:
        raise InputError(Problem(text.name, 0, "", Reason(
            "an object has the name {name!r} twice: was the file edited? {again}", name=str(error),
            again=_AGAIN))) from None
    except (RecursionError, ValueError):  # the latter for a number of thousands of digits
        raise UnsupportedInputError(Reason("{file}: no export: what it holds is nested too deep or too long",
                                           file=text.name)) from None
    if not isinstance(data, dict):
        raise UnsupportedInputError(Reason("{file}: no export: expected one object with Sites, Roles and "
                                           "BoundaryGroups", file=text.name))
    return faults, Record(faults, "", data)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _TwiceError(next(name for name in _doubled(name for name, _ in pairs)))
    return found


def _doubled(names: Iterator[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield name
        seen.add(name)

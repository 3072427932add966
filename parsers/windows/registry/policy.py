"""`Registry.pol`, the file in which a Group Policy object keeps registry values (MS-GPREG 2.2.1).

`PReg`, version 1, then `[key;value;type;size;data]` in UTF-16: data may hold anything, so its size counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from aclproof.parsers.source import UnsupportedInputError
from aclproof.parsers.windows.registry import reg_text
from aclproof.parsers.windows.registry.reg_text import Data
from aclproof.reason import Reason

KIND = "Registry.pol"
MAGIC = b"PReg"

_HEADER = MAGIC + (1).to_bytes(4, "little")
_ROOT = "HKEY_LOCAL_MACHINE"
_OPEN, _NEXT, _CLOSE, _END = (each.encode("utf-16-le") for each in "[;]\0")
_MAX_NAME = 2 * 16384
"""Bytes; the registry's own limit of a name."""
_DELETIONS = "**del", "**soft."
"""`**del.NAME`, `**delvals.`, `**deletekeys`, `**deletevalues`; `**soft.NAME` sets a value only where it is
missing. They act on what other policies have set, which is not in the file."""


class _Record(NamedTuple):
    key: str
    name: str
    data: Data


def text(data: bytes, name: str) -> str:
    """Write the policy as the text of a registry export; UnsupportedInputError when the file is damaged."""
    if not data.startswith(_HEADER):
        raise UnsupportedInputError(Reason("{name}: a Registry.pol of an unknown version", name=name))
    keys: dict[str, dict[str, Data]] = {}
    try:
        for record in _records(data):
            keys.setdefault(f"{_ROOT}\\{record.key}", {})[record.name] = record.data
    except (ValueError, UnicodeDecodeError) as error:
        raise UnsupportedInputError(Reason("{name}: a damaged Registry.pol ({reason}); copy it again from "
                                           "the policy's folder Machine in SYSVOL", name=name,
                                           reason=str(error))) from None
    return reg_text.write(keys)


def _records(data: bytes) -> Iterator[_Record]:
    at = len(_HEADER)
    while at < len(data):
        at = _expect(data, at, _OPEN)
        key, at = _name(data, at)
        name, at = _name(data, _expect(data, at, _NEXT))
        kind, at = _number(data, _expect(data, at, _NEXT))
        size, at = _number(data, _expect(data, at, _NEXT))
        at = _expect(data, at, _NEXT)
        if at + size > len(data):
            raise ValueError(Reason("it ends in the data of '{name}'", name=name))
        body, at = data[at:at + size], _expect(data, at + size, _CLOSE)
        if not name.lower().startswith(_DELETIONS):
            yield _Record(key, name, reg_text.typed(kind, body))


def _expect(data: bytes, at: int, mark: bytes) -> int:
    if data[at:at + len(mark)] != mark:
        raise ValueError(Reason("byte {at} is not '{mark}'", at=at, mark=mark.decode('utf-16-le')))
    return at + len(mark)


def _name(data: bytes, at: int) -> tuple[str, int]:
    """Read a name up to its NUL."""
    end = at
    while data[end:end + 2] != _END:
        end += 2
        if end >= len(data) or end - at > _MAX_NAME:
            raise ValueError(Reason("the name at byte {at} does not end", at=at))
    return data[at:end].decode("utf-16-le"), end + 2


def _number(data: bytes, at: int) -> tuple[int, int]:
    if at + 4 > len(data):
        raise ValueError(Reason("it ends in a record"))
    return int.from_bytes(data[at:at + 4], "little"), at + 4

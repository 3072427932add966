"""The text of a registry export (`.reg`): keys and values, with the lines on which they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct, field

from aclproof.parsers.text_lines import omissions
from aclproof.reason import Reason

Data = str | int | tuple[str, ...] | bytes
"""REG_SZ and REG_EXPAND_SZ; REG_DWORD and REG_QWORD; REG_MULTI_SZ; everything else."""

HEADER = "Windows Registry Editor Version 5.00"
OLD_HEADER = "REGEDIT4"
"""Of Windows NT 4: its hex strings are not UTF-16."""

_NAMED = re.compile(r'(?:@|"((?:[^"\\]|\\.)*)")\s*=\s*(.*)', re.DOTALL)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(?:;.*)?', re.DOTALL)
_DWORD = re.compile(r"dword:([0-9a-f]{8})", re.IGNORECASE)
"""Always eight digits: with fewer it is cut off."""
_HEX = re.compile(r"hex(?:\(([0-9a-f]+)\))?:((?:[0-9a-f]{2}(?:,|$))*)", re.IGNORECASE)
_KEY = re.compile(r"\s*\[(-?)([^\]].*)\]\s*")
_ESCAPED = re.compile(r'\\([\\"])')
_SZ, _EXPAND_SZ, _DWORD_LE, _MULTI_SZ, _QWORD = 1, 2, 4, 7, 11
_STRING_LINES = 64
"""A string may hold line ends; one that goes on for longer lacks its closing quote."""
_STRING_TRIES = 8
"""So many of its lines may hold quotes."""


class Value(NamedTuple):
    """One value, or one that cannot be read: then `reason` says why."""

    line: int
    last: int
    """Its last line."""
    name: str
    data: Data | None = None
    """None where the value is to be deleted, or cannot be read."""
    reason: str = ""


class Key(Struct):
    """A key: values by name in lower case, as the registry compares them."""

    line: int
    path: str
    values: dict[str, Value] = field(default_factory=dict)
    partial: bool = False
    """Whether it may have others: it was only named, or somebody asked for single values."""


class Tree(Struct):
    """All keys of an export by path in lower case."""

    keys: dict[str, Key] = field(default_factory=dict)
    strays: list[tuple[Key | None, Value]] = field(default_factory=list)
    """What is outside of any key, or is no value at all, with the key above it."""
    doubled: list[tuple[Key, Value]] = field(default_factory=list)
    """Values whose name their key had already, with other data: no export writes such a thing."""
    deletes: bool = False
    """Whether it takes keys or values away: a script to be imported, not an export."""


def read(lines: Sequence[str]) -> Tree:
    """Read an export, lines without a carriage return; what comes later counts, as in an import."""
    tree = Tree()
    old = any(line.strip() == OLD_HEADER for line in lines[:2])
    key: Key | None = None
    at = 0
    while at < len(lines):
        line = lines[at]
        found = _KEY.fullmatch(line)
        end = at + 1
        if found:
            key = _open(tree, found[2], at + 1, delete=bool(found[1]))
        elif line.strip() not in ("", HEADER, OLD_HEADER) and not _is_comment(line):
            value, end = _value(lines, at, old=old)
            add(tree, key, value)
        at = end
    return tree


def _is_comment(line: str) -> bool:
    """Whether it is one, and does not say that lines are left out there."""
    return line.lstrip().startswith(";") and not any(omissions(line))


def _open(tree: Tree, path: str, line: int, *, delete: bool) -> Key | None:
    plain = path.lower()
    if not delete:
        return tree.keys.setdefault(plain, Key(line, path))
    tree.deletes = True
    for each in [each for each in tree.keys if each == plain or each.startswith(plain + "\\")]:
        del tree.keys[each]
    return None


def add(tree: Tree, key: Key | None, value: Value) -> None:
    """Put a value where it belongs; what comes later counts."""
    if key is None or (value.reason and not value.name):
        tree.strays.append((key, value))
    elif value.data is None and not value.reason:
        tree.deletes = True
        key.values.pop(value.name.lower(), None)
    else:
        before = key.values.get(value.name.lower(), value)
        if before.data != value.data:
            tree.doubled.append((key, value))
        key.values[value.name.lower()] = value


def _value(lines: Sequence[str], at: int, *, old: bool) -> tuple[Value, int]:
    """Read the value that begins at an index, and say where the next line is."""
    text, end = _joined(lines, at)
    found = _NAMED.fullmatch(text)
    if not found:
        return Value(at + 1, at + 1, "", reason=Reason("neither a key nor a value")), at + 1
    name, data = _plain(found[1] or ""), found[2]
    try:
        return Value(at + 1, end, name, None if data == "-" else _data(data, old=old)), end
    except ValueError as error:
        return Value(at + 1, at + 1, name, reason=str(error)), at + 1


def _joined(lines: Sequence[str], at: int) -> tuple[str, int]:
    """Join what belongs to one value: hex goes on after a backslash, a string up to its closing quote."""
    text, end = lines[at].strip(), at + 1
    if text.endswith("\\") and "=hex" in text.replace(" ", ""):
        parts = []
        while text.endswith("\\") and end < len(lines):
            parts.append(text[:-1])
            text, end = lines[end].strip(), end + 1
        return "".join([*parts, text]), end
    found = _NAMED.fullmatch(text)
    if not found or not found[2].startswith('"') or _STRING.fullmatch(found[2]):
        return text, end
    tries = 0
    for end in range(at + 1, min(at + _STRING_LINES, len(lines))):
        if '"' in lines[end] and tries < _STRING_TRIES:
            tries += 1
            whole = "\n".join(lines[at:end + 1]).strip()
            found = _NAMED.fullmatch(whole)
            if found and _STRING.fullmatch(found[2]):
                return whole, end + 1
    return text, at + 1


def _data(text: str, *, old: bool) -> Data:
    string = _STRING.fullmatch(text)
    if string:
        return _plain(string[1])
    number = _DWORD.fullmatch(text)
    if number:
        return int(number[1], 16)
    data = _HEX.fullmatch(text.replace(" ", ""))
    if not data:
        raise ValueError(Reason("its data cannot be read"))
    return typed(int(data[1] or "3", 16), bytes.fromhex(data[2].replace(",", "")), old=old)


def typed(kind: int, data: bytes, *, old: bool = False) -> Data:
    """What the bytes of a value mean by the number of its type; ValueError when they cannot."""
    if kind in (_SZ, _EXPAND_SZ, _MULTI_SZ):
        text = data.decode("cp1252" if old else "utf-16-le", errors="replace").rstrip("\0")
        if kind == _MULTI_SZ:
            return tuple(text.split("\0")) if text else ()
        return text
    if kind in (_DWORD_LE, _QWORD):
        if len(data) != (4 if kind == _DWORD_LE else 8):
            raise ValueError(Reason("a number of {count} bytes", count=len(data)))
        return int.from_bytes(data, "little")
    return data


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def write(keys: Mapping[str, Mapping[str, Data]]) -> str:
    """Write keys and values as the text of an export, so that lines of it can be quoted."""
    lines = [HEADER, ""]
    for path, values in keys.items():
        lines.append(f"[{path}]")
        lines += [f'"{_quoted(name)}"={_written(data)}' for name, data in values.items()]
        lines.append("")
    return "\r\n".join(lines)


def _written(data: Data) -> str:
    match data:
        case str():
            return f'"{_quoted(data)}"'
        case int():
            return f"dword:{data:08x}" if data < 2**32 else f"hex(b):{_hex(data.to_bytes(8, 'little'))}"
        case tuple():
            return "hex(7):" + _hex("".join(each + "\0" for each in (*data, "")).encode("utf-16-le"))
        case bytes():
            return f"hex:{_hex(data)}"


def _hex(data: bytes) -> str:
    return data.hex(",")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')

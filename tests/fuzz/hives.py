"""Writes small hives of the registry (files of `regf`, version 1.3), since no small one is at hand."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_BIN = 4096
_BIN_HEAD = 32
Values = Mapping[str, "str | int | bytes"]


class Key(NamedTuple):
    """A key of the registry."""

    values: Values
    below: Mapping[str, Key] = {}


class Hive:
    """Cells one after the other; the first is that of the root."""

    def __init__(self) -> None:
        self._cells = bytearray(_BIN_HEAD)

    def key(self, name: str, key: Key) -> int:
        """Write a key with what is in it; return where its cell is."""
        at = self._cell(b"nk" + bytes(74 + len(name)))
        below = [self.key(*each) for each in key.below.items()]
        listed = self._cell(b"lf" + struct.pack("<H", len(below)) + b"".join(
            struct.pack("<I4s", each, child[:4].encode()) for each,
            child in zip(below, key.below, strict=True)))
        own = [self._value(*each) for each in key.values.items()]
        table = self._cell(struct.pack(f"<{len(own)}I", *own))
        head = struct.pack("<2sHQIIIIIIIIII20sHH", b"nk", 0x20, 0, 0, 0, len(below), 0, listed, 0xFFFFFFFF,
                           len(own), table, 0xFFFFFFFF, 0xFFFFFFFF, b"", len(name), 0)
        self._cells[at + 4:at + 4 + len(head) + len(name)] = head + name.encode()
        return at

    def _value(self, name: str, value: str | int | bytes) -> int:
        kind, data = (4, struct.pack("<I", value)) if isinstance(value, int) else \
            (1, f"{value}\0".encode("utf-16-le")) if isinstance(value, str) else (3, value)
        inline = len(data) <= 4
        where = int.from_bytes(data.ljust(4, b"\0"), "little") if inline else self._cell(data)
        size = len(data) | (0x80000000 if inline else 0)
        return self._cell(struct.pack("<2sHIIIHH", b"vk", len(name), size, where, kind, 1, 0) + name.encode())

    def _cell(self, data: bytes) -> int:
        at = len(self._cells)
        size = -(-(len(data) + 4) // 8) * 8
        self._cells += struct.pack("<i", -size) + data.ljust(size - 4, b"\0")
        return at

    def data(self) -> bytes:
        """Return the whole file."""
        size = -(-len(self._cells) // _BIN) * _BIN
        bins = bytes(self._cells).ljust(size, b"\0")
        head = struct.pack("<4sIIQIIIIIII", b"regf", 2, 2, 0, 1, 3, 0, 1, _BIN_HEAD, size, 1)
        return head.ljust(_BIN, b"\0") + struct.pack("<4sII", b"hbin", 0, size).ljust(_BIN_HEAD, b"\0") + \
            bins[_BIN_HEAD:]


def exported(*rules: str) -> bytes:
    """What `netsh advfirewall export` writes: profiles and rules below the root."""
    profiles = {name: Key({"EnableFirewall": 1, "DefaultInboundAction": 1})
                for name in ("DomainProfile", "PublicProfile", "StandardProfile")}
    return _written(Key({"PolicyVersion": 0x21F}, {**profiles, **_rules(rules)}))


def system(*rules: str) -> bytes:
    """The hive SYSTEM of a computer, or what of it is about the firewall."""
    below = _rules(rules)
    for name in ("FirewallPolicy", "Parameters", "SharedAccess", "Services", "ControlSet001"):
        below = {name: Key({}, below)}
    return _written(Key({}, {"Select": Key({"Current": 1}), **below}))


def _rules(rules: Sequence[str]) -> dict[str, Key]:
    return {"FirewallRules": Key({f"R{number}": each for number, each in enumerate(rules)})}


def _written(root: Key) -> bytes:
    hive = Hive()
    hive.key("root", root)
    return hive.data()

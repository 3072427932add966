"""What `reg query KEY /s` prints: a key's path at the margin, below it values as `name    type    data`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aclproof.parsers.model.reason import Reason
from aclproof.parsers.windows.registry.reg_text import Data, Key, Tree, Value, add

_KEY = re.compile(r"HKEY_[A-Z_]+\\.*|HK(?:LM|CU|CR|U|CC)\\.*", re.IGNORECASE)
_VALUE = re.compile(r" {4}(.*?) {4}(REG_\w+)(?: {4}(.*))?")
_HEAD = re.compile(r"\s*(?:HKEY_LOCAL_MACHINE|HKLM)\\[^\n]*(?:FirewallPolicy|WindowsFirewall)[^\n]*\n\s*?"
                   r"(?: {4}|\n|HK)", re.IGNORECASE)


def recognises(text: str) -> bool:
    """Return whether this is such output about the firewall."""
    return bool(_HEAD.match(text))


def read(lines: Sequence[str]) -> Tree:
    """Read it, lines without a carriage return; nothing is escaped, and every value is on one line."""
    tree = Tree()
    key: Key | None = None
    for number, line in enumerate(lines, 1):
        found = _VALUE.fullmatch(line)
        if _KEY.fullmatch(line.strip()) and not line[:1].isspace():
            key = tree.keys.setdefault(line.strip().lower(), Key(number, line.strip()))
        elif found:
            add(tree, key, _value(number, found[1], found[2].upper(), found[3] or ""))
        elif line.strip():
            add(tree, key, Value(number, number, "", reason=Reason("neither a key nor a value")))
    return tree


def _value(line: int, name: str, kind: str, text: str) -> Value:
    try:
        return Value(line, line, name, _data(kind, text))
    except ValueError:
        return Value(line, line, name, reason=Reason("its data cannot be read"))


def _data(kind: str, text: str) -> Data:
    match kind:
        case "REG_SZ" | "REG_EXPAND_SZ":
            return text
        case "REG_DWORD" | "REG_QWORD":
            return int(text, 16)
        case "REG_MULTI_SZ":
            return tuple(text.split("\\0")) if text else ()
        case _:
            return bytes.fromhex(text) if len(text) % 2 == 0 else b""

"""What `reg query KEY /s` prints: a key's path at the margin, below it values as `name    type    data`.

A terminal's capture may hold the commands as well, and what is printed for a key that does not exist. Without
`/s` the keys below are only named, and `/v` prints single values: such keys are not all there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from aclproof.parsers.windows.registry.query_command import UNKNOWN, Query, command
from aclproof.parsers.windows.registry.reg_text import Data, Key, Tree, Value, add
from aclproof.parsers.windows.registry.stores import POLICY_ROOT
from aclproof.reason import Reason

_KEY = re.compile(r"HKEY_[A-Z_]+\\.*|HK(?:LM|CU|CR|U|CC)\\.*", re.IGNORECASE)
_VALUE = re.compile(r" {4}(.*?) {4}(REG_\w+)(?: \(\d+\))?(?: {4}(.*))?")
"""With `/z` the number of the type comes after it."""
_HEAD = re.compile(r"^(?:HKEY_LOCAL_MACHINE|HKLM)\\[^\n]{0,500}(?:FirewallPolicy|WindowsFirewall)"
                   r"[^\n]{0,500}\n\s*?"
                   r"(?: {4}|\n|HK)", re.IGNORECASE | re.MULTILINE)
_ASKED = re.compile(r"^(?:PS )?[A-Z]:\\[^>\n]*>\s*reg(?:\.exe)?\s+query\s+\"?HK\w+\\[^\n]{0,500}"
                    r"(?:FirewallPolicy|WindowsFirewall)", re.IGNORECASE | re.MULTILINE)
_NO_SUCH_KEY = re.compile(
    r"(?:ERROR|FEHLER|ERREUR|ERRO|エラー)\s*: .*(?:unable to find the specified registry key|"
    r"konnte den angegebenen Registrierungsschl.ssel .*nicht finden|introuvable|no encontr|n.o encontr|"
    r"見つかりません).*", re.IGNORECASE)
_NUMBERS = ("REG_DWORD", "REG_QWORD", "REG_DWORD_LITTLE_ENDIAN", "REG_DWORD_BIG_ENDIAN")
_NOT_SET = re.compile(r"\(.*\)")
"""The name of a key's own value, and what it shows where that is not set, in every language."""


def recognises(text: str) -> bool:
    """Return whether this is such output about the firewall."""
    return bool(_HEAD.search(text) or _ASKED.search(text))


def read(lines: Sequence[str]) -> Tree:
    """Read it, lines without a carriage return; nothing is escaped."""
    tree = Tree()
    key: Key | None = None
    last: Value | None = None
    query = UNKNOWN
    prints = _Prints()
    for number, line in enumerate(lines, 1):
        found, asked = _VALUE.fullmatch(line), command(line)
        if _is_key(line):
            key, last = tree.keys.setdefault(line.strip().lower(), Key(number, line.strip())), None
            prints.begin(key, whole=_is_shown(line, lines[number:number + 1], query))
        elif found:
            last = _value(number, found[1], found[2].upper(), found[3] or "")
            if not (_NOT_SET.fullmatch(found[1]) and _NOT_SET.fullmatch(found[3] or "()")):
                add(tree, key, last)
                prints.value(last)
        elif asked:
            key, last, query = None, None, asked
        elif query.path and not query.chosen and _NO_SUCH_KEY.fullmatch(line.strip()):
            _missing(tree, query.path, number)
        elif last and key and isinstance(last.data, str) and line.strip():
            last = last._replace(last=number, data=f"{last.data}\n{line}")
            key.values[last.name.lower()] = last
        elif line.strip():
            add(tree, key, Value(number, number, "", reason=Reason("neither a key nor a value")))
    prints.end()
    return tree


class _Prints:
    """Which keys were printed with all their values: several runs may show a value each."""

    def __init__(self) -> None:
        self._whole: dict[str, tuple[Key, list[set[str]]]] = {}
        """By key the names of each print that may be all of it."""
        self._names: set[str] = set()

    def begin(self, key: Key, *, whole: bool) -> None:
        """Begin a print of a key."""
        self._names = set()
        _, names = self._whole.setdefault(key.path.lower(), (key, []))
        if whole:
            names.append(self._names)

    def value(self, value: Value) -> None:
        """Add a value to the print."""
        self._names.add(value.name.lower())

    def end(self) -> None:
        """Mark the keys of which no print held all values that are known."""
        for key, prints in self._whole.values():
            key.partial = all(len(names) < len(key.values) for names in prints)


def _is_key(line: str) -> bool:
    return not line[:1].isspace() and bool(_KEY.fullmatch(line.strip()))


def _is_shown(line: str, following: Sequence[str], query: Query) -> bool:
    """Return whether a key is printed, and not only named; `/s` prints below a key those in it at once."""
    if query.chosen or query.recursive:
        return query.recursive and not query.chosen
    below = line.strip().lower() + "\\"
    return any(_VALUE.fullmatch(each) or each.lower().startswith(below) for each in following)


def _missing(tree: Tree, path: str, line: int) -> None:
    """A key of Group Policy that does not exist: it sets nothing."""
    full = re.sub(r"^HKLM\\", lambda _: "HKEY_LOCAL_MACHINE\\", path, flags=re.IGNORECASE)
    if full.lower() == POLICY_ROOT.lower():
        tree.keys.setdefault(full.lower(), Key(line, full))


def _value(line: int, name: str, kind: str, text: str) -> Value:
    try:
        return Value(line, line, name, _data(kind, text))
    except ValueError:
        return Value(line, line, name, reason=Reason("its data cannot be read"))


def _data(kind: str, text: str) -> Data:
    match kind:
        case "REG_SZ" | "REG_EXPAND_SZ" | "REG_LINK":
            return text
        case "REG_MULTI_SZ":
            return tuple(text.split("\\0")) if text else ()
        case _ if kind in _NUMBERS:
            return int(text, 16)
        case _:
            return bytes.fromhex(text) if len(text) % 2 == 0 else b""

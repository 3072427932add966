"""Registry hives: what `netsh advfirewall export` writes (`.wfw`), and the SYSTEM and SOFTWARE of a computer.

The only importer of regipy, an extra dependency. It stops without a word at a value that it cannot read, so
values are counted here; and it reads no log files, so a hive that was in use when it was copied is refused.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any, Protocol

from aclproof import inputs
from aclproof.parsers.source import UnsupportedInputError
from aclproof.parsers.windows.registry import reg_text
from aclproof.parsers.windows.registry.reg_text import Data
from aclproof.parsers.windows.registry.stores import LOCAL_ROOT, POLICY_ROOT
from aclproof.reason import Reason

KIND = "registry hive"
MAGIC = b"regf"

_SEQUENCES = slice(4, 8), slice(8, 12)
"""Of the header: equal unless the hive was being written."""
_ROOT_CELL = slice(0x24, 0x28)
_BINS, _FIRST_CELL = 0x1000, 0x20
"""Where the bins of cells begin, and the root's cell within them; regipy looks nowhere else."""
_CELL_SIZE, _CELL_TYPE = slice(_BINS + _FIRST_CELL, _BINS + _FIRST_CELL + 4), slice(0x1024, 0x1026)
_SMALLEST_VALUE = 20
"""Bytes."""
_SHARED = ("Services", "SharedAccess", "Parameters", "FirewallPolicy")
_POLICIES = ("Policies", "Microsoft", "WindowsFirewall")
_SKIPPED = ("appiso", "restrictedinterfaces")
"""Layers of their own: packages of applications."""
_DEPTH = 5
"""No key of a policy lies deeper: `DomainProfile\\Services\\FileAndPrint`."""

Keys = dict[str, dict[str, Data]]


class _Key(Protocol):
    """What is used of regipy's keys, which have no types."""

    name: str
    subkey_count: int
    values_count: int

    def get_subkey(self, key_name: str, raise_on_missing: bool = ...) -> _Key | None: ...

    def iter_subkeys(self) -> Iterable[_Key]: ...

    def iter_values(self, *, trim_values: bool) -> Iterable[Any]: ...


def text(data: bytes, name: str) -> str:
    """Write the firewall's policy as the text of a registry export; UnsupportedInputError says why there is
    none."""
    try:
        regipy = import_module("regipy.registry")
    except ImportError:
        raise UnsupportedInputError(Reason("{name}: a registry hive, which is read with the extra 'hive': "
                                           "pip install 'aclproof[hive]'; or give a .reg export",
                                           name=name)) from None
    _whole(data, name)
    logging.getLogger("regipy").addHandler(logging.NullHandler())
    keys: Keys = {}
    number = _opened(data, name)
    try:
        for root, key in _policies(regipy.RegistryHive(number).root):
            _collect(key, root, keys, len(data))
    except MemoryError:
        raise
    except Exception as error:  # regipy lets through whatever a damaged hive leads it to
        raise UnsupportedInputError(Reason("{name}: a damaged registry hive ({kind}: {reason}); export it "
                                           "again", name=name, kind=type(error).__name__,
                                           reason=str(error))) from None
    if not keys:
        raise UnsupportedInputError(Reason("{name}: a registry hive without the firewall's policy; give "
                                           "SYSTEM, or what 'netsh advfirewall export' writes", name=name))
    return reg_text.write(keys)


def _opened(data: bytes, name: str) -> int:
    """Open what was read once more, for regipy: a number, and a file without a name, which nothing leaves."""
    try:
        with tempfile.TemporaryFile() as file:
            file.write(data)
            file.seek(0)
            return os.dup(file.fileno())
    except OSError as error:
        raise UnsupportedInputError(Reason("{name}: a registry hive is put into a temporary file to be read "
                                           "({reason})", name=name,
                                           reason=inputs.system_reason(error))) from None


def _whole(data: bytes, name: str) -> None:
    """Refuse what regipy would misread."""
    first, second = (data[each] for each in _SEQUENCES)
    if first != second:
        raise UnsupportedInputError(Reason("{name}: the hive was in use when it was copied, and the file "
                                           "may be out of date; save it with 'reg save', or export it with "
                                           "'reg export'", name=name))
    size = int.from_bytes(data[_CELL_SIZE], "little", signed=True)
    root = int.from_bytes(data[_ROOT_CELL], "little")
    if root != _FIRST_CELL or size >= 0 or data[_CELL_TYPE] != b"nk":
        raise UnsupportedInputError(Reason("{name}: a damaged registry hive (its root key is not where it "
                                           "belongs)", name=name))


def _policies(root: _Key) -> Iterator[tuple[str, _Key]]:
    """Find the policies in a hive of any kind, and the paths that they have in a registry."""
    if _child(root, "FirewallRules") or _child(root, "DomainProfile"):
        yield LOCAL_ROOT, root
        return
    system = _child(root, _control_set(root))
    for start, path, registry in ((system, _SHARED, LOCAL_ROOT), (root, _POLICIES, POLICY_ROOT)):
        found = start
        for part in path:
            found = _child(found, part) if found else None
        if found:
            yield registry, found


def _control_set(root: _Key) -> str:
    select = _child(root, "Select")
    for value in select.iter_values(trim_values=False) if select else ():
        if value.name == "Current":
            return f"ControlSet{value.value:03}"
    return "ControlSet001"


def _child(key: _Key, name: str) -> _Key | None:
    return key.get_subkey(name, raise_on_missing=False) if key.subkey_count else None


def _collect(key: _Key, path: str, keys: Keys, size: int, depth: int = 0) -> None:
    """Collect the values of a key and of those below it; ValueError when some are missing."""
    if key.values_count > size // _SMALLEST_VALUE or depth > _DEPTH:
        raise ValueError(Reason("{path} is larger than the file", path=path))
    values = {each.name: _plain(each.value) for each in key.iter_values(trim_values=False)}
    if len(values) != key.values_count:
        raise ValueError(Reason("of {promised} values of {path} only {count} can be read",
                                promised=key.values_count, path=path, count=len(values)))
    keys[path] = values
    for below in key.iter_subkeys():
        if below.name.lower() not in _SKIPPED:
            _collect(below, f"{path}\\{below.name}", keys, size, depth + 1)


def _plain(value: object) -> Data:
    match value:
        case str() | bytes() | int():
            return value
        case list():
            return tuple(str(each) for each in value)
        case _:
            return b""

"""Which versions of Windows an export may be from, and from which ports these open connections.

Names as the packs' settings have them. Ports: Microsoft KB 929851 (and KB 832017); `netsh int ipv4 set
dynamicport` and `MaxUserPort` change them, and no export of a firewall shows that.
"""

from __future__ import annotations

from collections.abc import Callable

from aclproof.parsers.model.firewall import HostSystem
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.windows.records.rule import Version

_NAMES = {
    (5, 0): ("windows-2000",),
    (5, 1): ("windows-xp",),
    (5, 2): ("windows-server-2003", "windows-server-2003-r2", "windows-xp"),  # XP x64
    (6, 0): ("windows-vista", "windows-server-2008"),
    (6, 1): ("windows-7", "windows-server-2008-r2"),
    (6, 2): ("windows-8", "windows-server-2012"),
    (6, 3): ("windows-8.1", "windows-server-2012-r2"),
    (10, 0): ("windows-10", "windows-server-2016", "windows-server-2019", "windows-server-2022", "windows-11",
              "windows-server-2025"),
}
VISTA = (6, 0)
"""The first with rules and groups of rules; before it there were exceptions for ports and programs."""
_BEFORE_VISTA, _SINCE_VISTA = IntervalSet.of((1025, 5000)), IntervalSet.of((49152, 65535))


def version(name: str) -> tuple[int, int] | None:
    """Return the version number of a system; None for a name that is none."""
    return next((number for number, names in _NAMES.items() if name in names), None)


def has_exceptions_only(system: HostSystem | None) -> bool:
    """Return whether a system is known to be one without groups of rules."""
    number = version(system.names[0]) if system else None
    return number is not None and number < VISTA


def system(number: tuple[int, int] | None) -> HostSystem | None:
    """Return the system with a version number; None where the number is not known."""
    if number is None or number not in _NAMES:
        return None
    ports = _BEFORE_VISTA if number < VISTA else _SINCE_VISTA
    return HostSystem(f"Windows {number[0]}.{number[1]}", _NAMES[number], ports)


def answers(of: Callable[[Version], bool | None]) -> tuple[tuple[str, bool], ...]:
    """Answer a question about the version for every system whose versions all have the same answer."""
    found: dict[str, set[bool | None]] = {}
    for number, names in _NAMES.items():
        for name in names:
            found.setdefault(name, set()).add(of(number))
    known = {name: each.pop() for name, each in found.items() if len(each) == 1}
    return tuple((name, answer) for name, answer in known.items() if answer is not None)

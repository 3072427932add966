"""Which tool a computer has for its firewall, by its operating system.

`netsh firewall` is that of Windows XP and Server 2003; Windows Vista and Server 2008 brought `netsh
advfirewall`, Windows 8 and Server 2012 the cmdlets (NetSecurity).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from aclproof.parsers.windows.records.exports import Exports
from aclproof.parsers.windows.records.rule import Version

_EXCEPTIONS_ONLY = frozenset({
    "windows-2000", "windows-xp", "windows-server-2003", "windows-server-2003-r2"})
_BEFORE_CMDLETS = frozenset({
    "windows-vista", "windows-7", "windows-server-2008", "windows-server-2008-r2"})
_VISTA, _WINDOWS_8 = (6, 0), (6, 2)


class Tool(Enum):
    """What changes rules."""

    FIREWALL = "netsh firewall"
    ADVFIREWALL = "netsh advfirewall"
    POWERSHELL = "PowerShell"


def tool(exports: Exports, systems: Sequence[str]) -> Tool:
    """Return the tool of a computer: its export tells, else one of the `systems` that the site names.

    Where neither says, what was exported with netsh is changed with it: every Windows since Vista has that.
    """
    system = max((each.system for each in exports.inputs if each.system), default=None)
    if system:
        return _of_version(system)
    if _EXCEPTIONS_ONLY.intersection(systems):
        return Tool.FIREWALL
    by_netsh = any(each.kind.startswith("netsh advfirewall") for each in exports.inputs)
    if _BEFORE_CMDLETS.intersection(systems) or (by_netsh and not any(map(_is_known, systems))):
        return Tool.ADVFIREWALL
    return Tool.POWERSHELL


def _of_version(system: Version) -> Tool:
    return Tool.FIREWALL if system < _VISTA else Tool.ADVFIREWALL if system < _WINDOWS_8 else Tool.POWERSHELL


def _is_known(system: str) -> bool:
    return system.startswith("windows-")

"""Which tool a computer has for its firewall, by its operating system.

`netsh firewall` is that of Windows XP and Server 2003; Windows Vista and Server 2008 brought `netsh
advfirewall`, Windows 8 and Server 2012 the cmdlets (NetSecurity).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from aclproof.parsers.windows.meaning.systems import VISTA, version
from aclproof.parsers.windows.records.exports import Exports
from aclproof.parsers.windows.records.rule import Version

_WINDOWS_8 = (6, 2)


class Tool(Enum):
    """What changes rules."""

    FIREWALL = "netsh firewall"
    ADVFIREWALL = "netsh advfirewall"
    POWERSHELL = "PowerShell"


def tool(exports: Exports, systems: Sequence[str]) -> Tool:
    """Return the tool of a computer: its export tells, else one of the `systems` that the site names.

    Where neither says, what was exported with netsh is changed with it: every Windows since Vista has that.
    """
    told = [each.system for each in exports.inputs if each.system]
    named = [number for each in systems if (number := version(each))]
    if told or named:
        return _of_version(max(told) if told else min(named))
    by_netsh = any(each.kind.startswith("netsh advfirewall") for each in exports.inputs)
    return Tool.ADVFIREWALL if by_netsh else Tool.POWERSHELL


def _of_version(number: Version) -> Tool:
    return Tool.FIREWALL if number < VISTA else Tool.ADVFIREWALL if number < _WINDOWS_8 else Tool.POWERSHELL

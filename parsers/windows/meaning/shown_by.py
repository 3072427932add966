"""The commands that show what the files of a computer do not, by the tool that these come from.

Windows XP knows no `netsh advfirewall`; `reg` is everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from aclproof.parsers.windows.meaning.hidden import REGISTRY, VERBOSE
from aclproof.parsers.windows.netsh import legacy
from aclproof.parsers.windows.powershell import export as powershell
from aclproof.parsers.windows.records.rule import WindowsInput
from aclproof.parsers.windows.registry import export as registry
from aclproof.parsers.windows.registry import policy_report


class Commands(NamedTuple):
    """What to run on the computer."""

    settings: str
    """For the settings of its profiles."""
    rules: str
    """For its own rules."""


_NETSH = Commands("netsh advfirewall show allprofiles", VERBOSE)
_REGISTRY = Commands(REGISTRY, REGISTRY)
_XP = "netsh firewall show config verbose=enable"
_BY_KIND = {
    legacy.KIND: Commands(_XP, _XP), registry.KIND: _REGISTRY, policy_report.KIND: _REGISTRY,
    powershell.KIND: Commands("Get-NetFirewallProfile -PolicyStore ActiveStore | Format-List", REGISTRY)}


def commands(inputs: Iterable[WindowsInput]) -> Commands:
    """Return the commands of the tool that made the inputs; those of netsh where there are several."""
    found = {_BY_KIND.get(each.kind, _NETSH) for each in inputs}
    return found.pop() if len(found) == 1 else _NETSH

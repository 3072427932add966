"""What people hand over that holds too little: known by its look, answered with what to give instead."""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn

from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.windows.registry.stores import LOCAL_ROOT

_EXPORT = (f"give what 'reg export {LOCAL_ROOT.replace('HKEY_LOCAL_MACHINE', 'HKLM')} local.reg' writes, "
           "or the PowerShell export of docs/export-windows-firewall.md")

class Refused(NamedTuple):
    """One kind of text that is not read."""

    kind: str
    look: re.Pattern[str]
    """Found at the beginning of such a text."""
    says: str
    """What it is, and what to give instead."""

    def recognises(self, text: str) -> bool:
        """Return whether a text is of this kind."""
        return bool(self.look.match(text))

    def refuse(self, source: Source) -> NoReturn:
        """Say what to give instead."""
        raise UnsupportedInputError(f"{source.name}: {self.says}")


_XML = r"\s*(?:<[?!][^>]*>\s*)*"

REFUSED = (
    Refused("Group Policy report", re.compile(_XML + r"<(?:GPO|GroupPolicyBackupScheme)\b"),
            "a report of Group Policy; give the object itself, Machine\\Registry.pol in its folder"),
    Refused("Group Policy result", re.compile(_XML + r"<(?:Rsop\b|html\b(?=[\s\S]*\b(?:gpmc|Group Policy)))",
                                              re.IGNORECASE),
            "a result of Group Policy, which does not hold this computer's own rules; " + _EXPORT),
    Refused("Group Policy result", re.compile(r"(?=[\s\S]{0,2000}^RSOP data for )", re.MULTILINE),
            "a summary of Group Policy, which names objects and no rules; " + _EXPORT),
    Refused("Intune policy", re.compile(
        r"\s*[\[{](?=[\s\S]*(?:#microsoft\.graph\.\w*(?:[Ff]irewall|[Cc]onfigurationPolicy)|"
        r"vendor_msft_firewall_))"),
        "a policy of Intune, which is one of several and shows nothing of the computer; " + _EXPORT),
    Refused("PowerShell table", re.compile(
        r"\s*(?=[^\n]*\bDisplayName\b)(?=[^\n]*\b(?:Direction|Enabled)\b)[^\n]*\n[ \t]*-{2,}[ \t]+-{2,}"),
        "a table of PowerShell, which cuts names off and shows no ports; " + _EXPORT),
    Refused("PowerShell filters", re.compile(
        r"(?=[\s\S]{0,2000}^Protocol\s*: )(?=[\s\S]{0,2000}^DynamicTarget\s*: )"
        r"(?![\s\S]*^(?:Direction|InstanceID)\s*: )", re.MULTILINE),
        "filters of ports without the rules that they belong to; " + _EXPORT),
)

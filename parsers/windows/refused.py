"""What people hand over that holds too little: known by its look, answered with what to give instead."""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn

from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.windows.records.instead import INSTEAD
from aclproof.reason import Reason


class Refused(NamedTuple):
    """One kind of text that is not read."""

    kind: str
    look: re.Pattern[str]
    """Found at the beginning of such a text."""
    what: Reason
    instead: Reason = INSTEAD
    """What to give."""

    def recognises(self, text: str) -> bool:
        """Return whether a text is of this kind."""
        return bool(self.look.match(text))

    def refuse(self, source: Source) -> NoReturn:
        """Say what to give instead."""
        raise UnsupportedInputError(Reason("{name}: {what}; {instead}", name=source.name, what=self.what,
                                           instead=self.instead))


_XML = r"\s*(?:<[?!][^>]*>\s*)*"
_RESULT = Reason("'gpresult /scope computer /x policy.xml' writes what it sets; for this computer's own "
                 "rules {instead}", instead=INSTEAD)
_FILTERS = r"(?:DynamicTarget|DynamicTransport|OverrideBlockRules|MSFT_Net\w*Filter)"
"""Properties that only filters have."""
_COLUMNS = r"(?:DisplayName|Direction|DefaultInboundAction|LocalPort|RemoteAddress|DynamicTarget)"

LIKE_RULES = (
    Refused("PowerShell objects", re.compile(
        r"(?=(?:#TYPE[^\n]*\n)?[^\n]*\bDirection\b)(?!(?:[^\n]*\n)?[^\n]*\bLocalPort\b)"
        r"[\s\S]*?\bSystem\.(?:\w+\[\]|Collections\.)", re.IGNORECASE),
        Reason("rules of Get-NetFirewallRule as objects, without their filters: they hold neither ports "
               "nor addresses")),
    Refused("IPsec rules", re.compile(
        r"(?=[\s\S]{0,2000}\b(?:Inbound|Outbound)Security\b)(?![\s\S]*\bDirection\b)"),
        Reason("connection security rules of PowerShell, and no rules of the firewall")),
)
"""What a reader of rules would take for damaged ones."""

REFUSED = (
    Refused("Group Policy backup", re.compile(_XML + r"<GroupPolicyBackupScheme\b"),
            Reason("the description of a backup of Group Policy"),
            Reason("give the gpreport.xml of the same folder")),
    Refused("Group Policy result", re.compile(
        _XML + r"<html\b(?=[\s\S]*(?:gpmc|Group Policy|Gruppenrichtlinie|strat.gie de groupe))",
        re.IGNORECASE), Reason("a result of Group Policy as a web page"), _RESULT),
    Refused("Group Policy result", re.compile(r"(?=[\s\S]{0,2000}^[^\n:]*\bRSOP\b)", re.MULTILINE),
            Reason("a summary of Group Policy, which names objects and no rules"), _RESULT),
    Refused("Intune policy", re.compile(
        r"\s*[\[{](?=[\s\S]*(?:#microsoft\.graph\.\w*(?:[Ff]irewall|[Cc]onfigurationPolicy)|"
        r"vendor_msft_firewall_|\"trafficDirection\"\s*:))"),
        Reason("a policy of Intune, which is one of several and shows nothing of the computer")),
    Refused("Intune policy", re.compile(r"\s*<(?=[\s\S]*/Vendor/MSFT/Firewall/)"),
            Reason("a policy of a device management service, which shows nothing of the computer")),
    Refused("PowerShell table", re.compile(
        rf"\s*(?=[^\n]*\b{_COLUMNS}\b)\w+[ \t][^\n]*\n[ \t]*-{{2,}}[ \t]+-{{2,}}"),
        Reason("a table of PowerShell, which cuts names off and leaves columns out")),
    Refused("PowerShell filters", re.compile(
        rf"(?=[\s\S]{{0,2000}}\b{_FILTERS}\b)(?![\s\S]*\"?\bDirection\"?\s*:)"),
        Reason("filters of PowerShell without the rules that they belong to")),
    Refused("IPsec policy", re.compile(
        r"(?=[\s\S]{0,2000}^Policy Name\s*: )(?=[\s\S]{0,4000}^(?:Assigned|Last Modified)\s*: )",
        re.MULTILINE),
            Reason("a policy of IPsec, and no rules of the firewall")),
    Refused("registry values", re.compile(r"(?=[\s\S]*\bv2\.\d{1,3}\|Action=)"),
            Reason("rules of the registry in a form that is not read, such as Get-ItemProperty's")),
    Refused("WFP filters", re.compile(_XML + r"<wfp(?:state|diag)\b"),
            Reason("filters of the Windows Filtering Platform, which do not name their rules")),
    Refused("audit", re.compile(r"(?:\s|#[^\n]*\n)*<check_type\s*:"),
            Reason("checks of an audit, which say what should be")),
)

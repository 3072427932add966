"""`netsh advfirewall show global`: of its settings one decides, who owns the firewall's rules."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aclproof.parsers.windows.netsh.text import GLOBAL, Section
from aclproof.parsers.windows.records.rule import Barrier
from aclproof.reason import Reason

_WINDOWS = re.compile(r"Windows|Defender", re.IGNORECASE)
_SHOWN_BY = "netsh advfirewall show global"


def is_section(section: Section) -> bool:
    """Return whether a section holds the global settings, in whatever language."""
    return any(map(GLOBAL.match, section.body)) or any(
        line.startswith(("StrongCRLCheck", "BootTimeRuleCategory")) for line in section.body)


def barriers(section: Section) -> Iterator[Barrier]:
    """Yield another product that has taken the firewall over: then its rules decide, and not these."""
    for line, found in enumerate(map(GLOBAL.match, section.body), section.line + 2):
        if found and not _WINDOWS.search(found[1]):
            yield Barrier(line, f"'{found[1]}' decides instead of the Windows Firewall", Reason(
                "which packets '{owner}' lets through: it is named as the owner of the firewall's rules "
                "(FirewallRuleCategory)", owner=found[1]), find_out=_SHOWN_BY, permits=True)

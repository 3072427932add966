"""Rules of Windows whose program and service an export hides: what they are as Windows ships them.

Only those of WMI need it: they let in any port of their service, and so seem to let in everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.model.services import TCP
from aclproof.parsers.windows.meaning import groups
from aclproof.parsers.windows.meaning.hidden import REGISTRY, VERBOSE
from aclproof.parsers.windows.records.rule import WindowsRule
from aclproof.reason import Reason

_SVCHOST = "%SystemRoot%\\system32\\svchost.exe"
_OTHER_PROGRAM = re.compile(r"a-?sync", re.IGNORECASE)
"""In the name of the group's rule for `unsecapp.exe`."""


def readings(rule: WindowsRule, name: Reason) -> Iterator[tuple[WindowsRule, tuple[Opaque, ...]]]:
    """Yield the rule, and each thing that it may be where the export hides what it is for."""
    if not _is_of_wmi(rule):
        yield rule, ()
        return
    as_shipped = Opaque(
        f"{name} is as Windows ships it",
        Reason("whether {rule} is for the service Winmgmt only, as Windows ships it: this export does not "
               "show it", rule=name), usual=True, find_out=VERBOSE if rule.tool == "netsh" else REGISTRY)
    shipped = replace(rule, program=rule.program or _SVCHOST, service="Winmgmt",
                      hidden=rule.hidden - {"program", "service", "security", "interface types", "users"})
    yield shipped, (as_shipped,)
    yield rule, (replace(as_shipped, negated=True),)


def _is_of_wmi(rule: WindowsRule) -> bool:
    return ("service" in rule.hidden and "ports" not in rule.hidden and rule.direction == "In"
            and rule.protocol == TCP and not rule.local_ports and not rule.remote_ports
            and groups.find(rule.group) is groups.WMI and not _OTHER_PROGRAM.search(rule.name))

"""`Get-NetFirewallProfile -PolicyStore ActiveStore`: whether the settings in force are Windows' own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from aclproof.parsers.model.shown_by_device import FactAnswer
from aclproof.parsers.prompts import Typed
from aclproof.parsers.source import Source
from aclproof.parsers.windows.meaning.implicit import SETTINGS
from aclproof.parsers.windows.meaning.settings import Effective, effective
from aclproof.parsers.windows.powershell import profile
from aclproof.parsers.windows.powershell import text as powershell_text
from aclproof.parsers.windows.powershell.damage import DamagedTextError
from aclproof.parsers.windows.records.columns import Record
from aclproof.parsers.windows.records.rule import PROFILES

_COMMAND = re.compile(r"Get-NetFirewallProfile\b[^|;]*\s-PolicyStore\s+['\"]?ActiveStore\b.*", re.IGNORECASE)
_SAID = ("enabled", "defaultinboundaction", "defaultoutboundaction", "allowinboundrules",
         "allowlocalfirewallrules", "allowuserapps", "allowuserports", "disabledinterfacealiases")
"""What has to stand there for each profile: another property may have been left out."""


def answers(transcript: Source, part: Typed) -> Iterator[FactAnswer]:
    """Yield the answer where each profile says it: all as Windows has them, or none."""
    if not _COMMAND.fullmatch(part.command):
        return
    try:
        found = [_settings(record) for record in _records(part)]
    except (DamagedTextError, RecursionError, ValueError):
        return
    if sorted(each.profile for each in found) != sorted(PROFILES):
        return
    defaults = [each == Effective(each.profile, known=True, line=each.line) for each in found]
    if all(defaults) or not any(defaults):
        line = part.first + min(each.line for each in found) - 1
        yield FactAnswer(span=transcript.span(line), device=part.device, at=part.at, key=SETTINGS,
                         value=not all(defaults))


def _records(part: Typed) -> Iterator[Record]:
    if "".join(part.printed).lstrip()[:1] in ("{", "["):
        return powershell_text.records(powershell_text.load("\n".join(part.printed)))
    return powershell_text.blocks(part.printed)


def _settings(record: Record) -> Effective:
    """Return what is in force; ValueError where it does not say all."""
    if any(name not in record.fields for name in _SAID):
        raise ValueError
    stated = profile.settings(record, "effective")
    return replace(effective(stated.profile, [(stated, record.line)]), line=record.line)

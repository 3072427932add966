"""`Get-NetConnectionProfile`: the profile of the networks that a computer is in, where they agree."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aclproof.parsers.model.shown_by_device import FactAnswer
from aclproof.parsers.prompts import Typed
from aclproof.parsers.source import Source
from aclproof.parsers.windows.powershell import text as powershell_text
from aclproof.parsers.windows.powershell.damage import DamagedTextError

_COMMAND = re.compile(r"Get-NetConnectionProfile(?:\s*\|\s*(?:Format-List|fl)(?:\s+(?:-Property\s+)?\*)?)?",
                      re.IGNORECASE)
_SAID = {"name", "interfacealias", "networkcategory", "ipv4connectivity", "ipv6connectivity"}
"""What stands there for each network: a line may be lost."""
_PROFILES = {"domainauthenticated": "domain", "private": "private", "public": "public"}


def answers(transcript: Source, part: Typed) -> Iterator[FactAnswer]:
    """Yield the profile where each network has the same: which one packets come by does not matter then."""
    if not _COMMAND.fullmatch(part.command) or not part.ended:
        return
    try:
        found = list(powershell_text.blocks(part.printed))
    except (DamagedTextError, ValueError):
        return
    if not found or any(not each.fields.keys() >= _SAID for each in found):
        return
    named = {_PROFILES.get(str(each.fields["networkcategory"]).lower()) for each in found}
    profile = named.pop()
    if profile and not named:
        yield FactAnswer(span=transcript.span(part.first + found[0].line - 1), device=part.device, at=part.at,
                         key=f"network profile {profile}", value=True)

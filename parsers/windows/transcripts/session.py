"""Prompts of PowerShell and cmd, and what a transcript shows of the computer and the time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace

from aclproof.parsers.model.names import HOST_NAME
from aclproof.parsers.model.shown_by_device import ANOTHER_HOST
from aclproof.parsers.prompts import ELSEWHERE, Typed, typed
from aclproof.parsers.source import Source

_PROMPT = (rf"[ \t]*(?:\[(?P<device>{HOST_NAME})\]:[ \t]*)?(?:PS(?:[ \t][^>]*)?|[A-Za-z]:\\[^>]*)>+[ \t]*")
_GOES_ON = r">>[ \t]*"
_STARTED = re.compile(r"\S[^:]{0,40}: (\d{14})")
"""In the head of `Start-Transcript`, in any language."""
_MACHINE = re.compile(rf"\S[^:]{{0,40}}: ({HOST_NAME}) \(Microsoft Windows NT [\d.]+\)")
_ASKS_TIME = re.compile(r"Get-Date\b.*", re.IGNORECASE)
_ISO = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?")
"""`Get-Date -Format o`; the zone is left out: it is the computer's own clock."""
_REMOTE = re.compile(r"(?<![\w-])(?:Invoke-Command|icm|-CimSession|-PSSession|-AsJob)\b", re.IGNORECASE)
"""What it prints names the computer itself, or nothing does."""
_ASKS_NAME = re.compile(r"hostname(?:\.exe)?|\$env:computername", re.IGNORECASE)


def parts(transcript: Source) -> Iterator[Typed]:
    """Yield commands and outputs, with the computer and the time as far as they show."""
    device, at = "", None
    for part in typed(transcript, _PROMPT, _GOES_ON):
        for line in part.printed:
            if machine := _MACHINE.fullmatch(line):
                device = machine[1]
            elif started := _STARTED.fullmatch(line):
                at = _time(started[1]) or at
        said = [line for line in part.printed if line]
        if _ASKS_NAME.fullmatch(part.command) and len(said) == 1 and re.fullmatch(HOST_NAME, said[0]):
            device = said[0]
        if _ASKS_TIME.fullmatch(part.command) and len(said) == 1 and (iso := _ISO.fullmatch(said[0])):
            at = _time(re.sub(r"\D", "", iso[1])) or at
        if ELSEWHERE.search(part.command):
            device = ANOTHER_HOST
        else:
            own = part.device or device
            yield replace(part, device=ANOTHER_HOST if _REMOTE.search(part.command) else own, at=at)


def _time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S")
    except ValueError:
        return None

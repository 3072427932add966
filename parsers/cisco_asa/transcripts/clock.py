"""`show clock`: the time of a device, in its own zone."""

from __future__ import annotations

import re
from datetime import datetime

from aclproof.parsers.cisco_asa.transcripts.session import Command
from aclproof.parsers.model.dates import moment

_CLOCK = re.compile(r"[*.]?(\d\d:\d\d:\d\d)(?:\.\d+)? \S+(?: \S+)? (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) "
                    r"(?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2}) (?P<year>\d{4})$")


def read(command: Command) -> datetime | None:
    """Return the time that `show clock` printed; None for another command, or an answer that is cut."""
    if not command.is_show("clock"):
        return None
    for line in command.answer:
        found = _CLOCK.match(line.text.strip())
        if found and line.whole:
            return moment(found["year"], found["month"], found["day"], found[1])
    return None

"""Lines of terminals and notes around an output, which say nothing of a host's rules."""

from __future__ import annotations

import re

_SAID = re.compile(r"\s*(?:\[sudo\] password for [^:]{1,64}:|(?:\S{1,128}'s )?[Pp]assword:|logout|exit|"
                   r"Connection to \S{1,255} closed\.|Last login: .{1,200}|"
                   r"Script (?:started|done) on .{1,200}|```[a-z]{0,20}|~~~[a-z]{0,20})\s*")


def says(line: str) -> bool:
    """Return whether a terminal or a login prints this line, or Markdown has it around an output."""
    return bool(_SAID.fullmatch(line))

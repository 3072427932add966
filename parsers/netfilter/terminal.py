"""Lines of terminals and notes around an output, which say nothing of a host's rules."""

from __future__ import annotations

import re

from aclproof.parsers.model.names import HOST_NAME
from aclproof.parsers.source import Source

PROMPT = rf"[ \t]*\[?[\w.-]+@(?P<device>{HOST_NAME})(?:[: ~][^\n#$%>]{{0,80}})?\]?[#$%](?=[ \t]|$)[ \t]*"
"""Of a shell that names the host."""
_SAID = re.compile(r"\s*(?:\[sudo\] password for [^:]{1,64}:|(?:\S{1,128}'s )?[Pp]assword:|logout|exit|"
                   r"Connection to \S{1,255} closed\.|Last login: .{1,200}|"
                   r"Script (?:started|done) on .{1,200}|```[a-z]{0,20}|~~~[a-z]{0,20})\s*")

TYPED = "cat|less|more|head|tail|ls|cd|date|hostname|uname|uptime|exit|logout"
"""Programs of which a line at a prompt changes no rules."""
SSH = r"(?:\S*/)?ssh[ \t]+(?:-[46AaCfKkNnqTtvXxYy]+[ \t]+|-[bceEFiIJLlmoOpQRSWwD][ \t]*\S+[ \t]+)*" \
      rf"(?:[\w.-]+@)?(?P<to>{HOST_NAME})[ \t]+"
"""Before a command that another host carries out."""
_SENT = re.compile(rf"(?:[^#$>%'\"|;&]{{0,100}}[#$>%][ \t]*)?{SSH}(?:'(?P<one>[^'|;&<>`$]+)'|"
                   r"\"(?P<two>[^\"|;&<>`$]+)\"|(?P<bare>[^'\"|;&<>`$]+))[ \t\r]*")


def sent(line: str) -> str:
    """Return the command that a line sends by ssh, or the line."""
    found = _SENT.fullmatch(line) if "ssh" in line else None
    return (found["one"] or found["two"] or found["bare"]) if found else line


def says(line: str) -> bool:
    """Return whether a terminal or a login prints this line, or Markdown has it around an output."""
    return bool(_SAID.fullmatch(line))


def lines(source: Source) -> list[str]:
    """Return the lines of a text; of a session those of commands that show no rules are empty."""
    if not has_prompts(source):
        return source.lines()
    from aclproof.parsers.netfilter import other_outputs

    return other_outputs.without(source)


def has_prompts(source: Source) -> bool:
    """Return whether it is a session."""
    return "@" in source.text and bool(re.search(f"\n{PROMPT}", f"\n{source.text}"))

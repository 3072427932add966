"""What stands around rules: prompts, commands, warnings."""

from __future__ import annotations

import re

_PROMPT = r"(?:[^#$>%\n\"{};]{0,120}[#$>%]\s*|\+\s*)"
_NFT = re.compile(rf"\s*{_PROMPT}?(?:sudo\s+)?(?:/\S*/)?nft\s+(?P<options>(?:-\S+\s+)*)"
                  r"(?P<command>(?:list|describe|monitor)\b[^;&|<>\n]*)\s*")
_TYPED = re.compile(rf"\s*{_PROMPT}(?:(?:sudo\s+)?(?:cat|less|more|head|tail|ls|cd|date|hostname|uname|"
                    r"uptime|exit|logout|su|-[is])\b[^;&|<>\n]*)?\s*")
_MANAGED = re.compile(r"# Warning: table \S+ \S+ is managed by iptables-nft, do not touch!\s*")
_WARNING = "# Warning: "
"""Any other one says that something of the host is not shown, or lost in what is."""


def command(line: str) -> str | None:
    """Return what `nft` was asked for in a line such as `root@gw:~# nft list ruleset`; None in all others."""
    found = _NFT.fullmatch(line)
    return " ".join(found["command"].split()) if found else None


def shows_elements(line: str) -> bool:
    """Return whether `nft` was asked for the elements of sets too, so without `-t`."""
    found = _NFT.fullmatch(line)
    return bool(found) and not re.search(r"(?<!\S)(?:-[a-zA-Z]*t|--terse)", found["options"] if found else "")


def is_prompt(line: str) -> bool:
    """Return whether a line is a prompt at which nothing was typed that changes rules."""
    return bool(_TYPED.fullmatch(line)) and not line.lstrip().startswith("#")


def tells_of_more(line: str) -> bool:
    """Return whether nft warns that something is not shown."""
    return line.startswith(_WARNING) and not is_harmless(line)


def is_harmless(line: str) -> bool:
    """Return whether nft only says that other programs write a table."""
    return bool(_MANAGED.fullmatch(line))

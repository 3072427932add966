"""What stands around rules: prompts, commands, warnings."""

from __future__ import annotations

import re

from aclproof.parsers.netfilter import terminal

_AT = r"(?:\[[^\]#$\n]{1,80}\]|\w[\w.-]*@[^#$\s\"{};]{1,80}(?: [^#$\s\"{};]{1,80})?)\s*[#$>%]\s*"
"""`root@gw:~#`, `[root@gw ~]#`."""
_PROMPT = rf"(?:{_AT}|[\w.-]{{0,63}}(?::[^#$\s\"{{}};]{{0,80}})?\s*[#$>%]\s*|\+\s*)"
"""Also `gw#` and `$`: one word at most, so that no command of nft is one."""
_NFT = re.compile(rf"\s*{_PROMPT}?(?:sudo\s+)?(?:/\S*/)?nft\s+(?P<options>(?:-\S+\s+)*)"
                  r"(?P<command>(?:list|describe|monitor)\b[^;&|<>\n]*)\s*")
_TYPED = re.compile(rf"\s*{_AT}(?:(?:sudo\s+)?(?:{terminal.TYPED}|su|-[is])\b[^;&|<>\n]*)?\s*")
_MANAGED = re.compile(r"# Warning: table \S+ \S+ is managed by iptables-nft, do not touch!\s*")
_HIDDEN = re.compile(r"\s*#(?: xt_\w+(?:\s|$)|.*\bcounter (?:packets \d+ bytes \d+|"
                     r"(?:accept|drop|return|(?:jump|goto) \S+|reject(?: with [\w -]+)?)\s*(?:#.*)?$))")
_QUOTED = re.compile(r'"[^"]*"')
_HANDLE = re.compile(r"# handle \d+( progname \S+)?\s*(#.*)?")
_WARNING = "# Warning: "
"""Any other one says that something of the host is not shown, or lost in what is."""


def command(line: str) -> str | None:
    """Return what `nft` was asked for in a line such as `root@gw:~# nft list ruleset`; None in all others."""
    found = _NFT.fullmatch(terminal.sent(line))
    return " ".join(found["command"].split()) if found else None


def is_prompt(line: str) -> bool:
    """Return whether a line is a prompt with nothing typed that changes rules, or says nothing."""
    return bool(_TYPED.fullmatch(line)) or terminal.says(line)


def tells_of_more(line: str) -> bool:
    """Return whether nft warns that something is not shown."""
    return line.startswith(_WARNING) and not is_harmless(line)


def is_refusal(line: str) -> bool:
    """Return whether nft, or the system, says that it may not see the rules."""
    return "Operation not permitted" in line


def hides_a_rule(line: str) -> bool:
    """Return whether a comment is a rule whose first test nft 0.9 could not write: iptables counts each."""
    return bool(_HIDDEN.match(line))


def without_hiding(line: str) -> str:
    """Let a rule be one that is in a comment from its first test on."""
    return line.replace("#", "xt match #", 1) if hides_a_rule(line) else line


def swallows(line: str) -> bool:
    """Return whether the handle that nft prints as a comment has something else in its line, which was in
    another one.
    """
    said = "#" + _QUOTED.sub("", line).partition("#")[2] if "# handle " in line else ""
    return "# handle " in said and not _HANDLE.fullmatch(said) and not hides_a_rule(line)


def is_harmless(line: str) -> bool:
    """Return whether nft only says that other programs write a table."""
    return bool(_MANAGED.fullmatch(line))

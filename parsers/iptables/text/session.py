"""Lines of a terminal around an output: prompts, and the commands that made it."""

from __future__ import annotations

import re
from typing import NamedTuple

from aclproof.parsers.iptables.text.words import BUILT_IN
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.netfilter import terminal

_PROMPT = r"(?:[^#$>%]{0,80}?[#$>%]\s*|\+\s*)"
_COMMAND = re.compile(rf"\s*{_PROMPT}?(?:sudo\s+)?(?:/\S*/)?(?P<program>ip6?)tables"
                      r"(?:-(?P<which>legacy|nft))?(?P<save>-save)?(?P<how>(?:\s+-[^;&|<>]*)?)")
_TABLES = "|".join(BUILT_IN)
_HEADING = re.compile(rf"[\W_]*(?:tables?\W{{1,3}})?(?P<table>{_TABLES})(?:\W{{1,3}}table)?[\W_]*",
                      re.IGNORECASE)
_LOOP = re.compile(rf"\s*{_PROMPT}?for \w+ in (?:{_TABLES}|\s)+; *do (?:echo [^;&|<>]*; *)?(?:sudo\s+)?"
                   r"(?:/\S*/)?(?P<program>ip6?)tables(?:-legacy|-nft)?(?:-save)? +[^;&|<>]*; *done\s*")
_TABLE = re.compile(r"(?:-t|--table)[ =]*(\w+)")
_SHOWS = re.compile(r"(?<!\S)-[a-zA-Z]*[LS]|--list")
_HARMLESS = re.compile(r"(?:\[[^\]#$]{1,80}\]|\w[\w.-]*@[^#$]{1,80}?)\s*[#$]\s*"
                       r"(?:(?:sudo\s+)?(?:su(?:\s+-)?|-[is])|"
                       rf"(?:sudo\s+)?(?:{terminal.TYPED}|ipset (?:list|save))\b[^;&|<>]*)?")
"""A prompt, and what is typed there that changes no rules."""


class Command(NamedTuple):
    """A command of iptables as it was typed."""

    family: Family
    shows: bool
    """Whether it prints rules, and changes none."""
    table: str
    """The only table that it shows; empty for all, or where its name is none."""
    program: str = ""
    """`nft` or `legacy`, where its name says so."""


def command(text: str) -> Command | None:
    """Read a line that holds a command of iptables; None for any other line."""
    loop = _LOOP.fullmatch(text)
    if loop and _SHOWS.search(text):
        return Command(_family(loop["program"]), True, "")
    several = [command(each) for each in re.split(r";|&&", text)] if ";" in text or "&&" in text else []
    first = next(iter(several), None)
    if first and all(each and each.shows and each.family is first.family for each in several):
        return first._replace(table="")
    found = _COMMAND.fullmatch(terminal.sent(text).rstrip())
    if not found or not (found["save"] or found["how"].strip()):
        return None
    how = found["how"]
    shows = bool(found["save"] or _SHOWS.search(how))
    named = _TABLE.search(how)
    table = (named[1] if named[1] in BUILT_IN else "") if named else "" if found["save"] else "filter"
    return Command(_family(found["program"]), shows, table, found["which"] or "")


def _family(program: str) -> Family:
    return Family.V6 if program == "ip6" else Family.V4


def heading(text: str) -> str:
    """Return the table that a line between the outputs of several commands names, or nothing."""
    found = _HEADING.fullmatch(text)
    return found["table"].lower() if found else ""


def is_prompt(text: str) -> bool:
    """Return whether a line is a prompt with nothing typed that could change rules, or says nothing."""
    return bool(_HARMLESS.fullmatch(text.strip())) or terminal.says(text)

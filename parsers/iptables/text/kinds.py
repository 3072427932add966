"""Which form of iptables a text has: tried on every input, so it imports no reader."""

from __future__ import annotations

import re

_SAVE = re.compile(r"^\*(?:filter|nat|mangle|raw|security)\s*$", re.MULTILINE)
_COMMANDS = re.compile(r"^-[APN] \S+", re.MULTILINE)
_LISTING = re.compile(r"^Chain \S+ \((?:policy |\d+ references\))", re.MULTILINE)
_SETS = re.compile(r"^create \S+ (?:hash|bitmap|list):|^Name: \S+\s*\nType: |"
                   r"^(?:create|-N) \S+ (?:iphash|nethash|ipmap|portmap|macipmap|ipporthash|iptree)",
                   re.MULTILINE)


def kind(text: str) -> str:
    """Name the form: `save`, `commands`, `listing`, `ipset`, or nothing when it is none of them."""
    for name, pattern in (("save", _SAVE), ("listing", _LISTING), ("ipset", _SETS), ("commands", _COMMANDS)):
        if pattern.search(text):
            return name
    return ""


def is_save(text: str) -> bool:
    """Return whether a text has tables, as iptables-save writes them."""
    return bool(_SAVE.search(text))

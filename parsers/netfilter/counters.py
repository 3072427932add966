"""What a rule has counted, as its line shows it."""

from __future__ import annotations

import re

_SHOWN = re.compile(
    r"\[(?P<saved>\d+):\d+\] -A |(?:\d+ +)?(?P<listed>\d+)(?P<unit>[KMGTP]?) +\d+[KMGTP]? +[A-Za-z]"
    r"|.*?\bcounter (?:name \S+ )?packets (?P<nft>\d+) bytes ")
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15}


def packets(rule: str) -> int | None:
    """Return the packets: of `iptables-save -c`, `iptables -vL` (rounded there), or a counter of nft."""
    found = _SHOWN.match(rule.strip())
    if not found:
        return None
    return int(found["saved"] or found["listed"] or found["nft"]) * _UNITS[found["unit"] or ""]

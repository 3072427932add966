"""Of which family rules are that no heading names: their words show it, else the file's name suggests it."""

from __future__ import annotations

import re
from pathlib import PurePath

from aclproof.parsers.model.addresses import Family
from aclproof.parsers.source import Source

_RULE = r"^(?:\[\d+:\d+\] *)?-[AI] .*"
_V6 = re.compile(_RULE + r"(?:-p (?:ipv6-icmp|icmpv6|icmp6)\b|--icmpv6-type|"
                 r"-[sd] !? ?[0-9a-fA-F]*:[0-9a-fA-F:]*|icmp6-)", re.MULTILINE)
_V6_WORD = re.compile("icmpv?6|ipv6-icmp")
_V6_ADDRESS = re.compile("-[sd] !? ?[0-9a-fA-F]*:")
"""One of them is wherever `_V6` is, and both are found much faster."""
_V4 = re.compile(_RULE + r"(?:-p (?:icmp|1)\b|--icmp-type|\b\d{1,3}(?:\.\d{1,3}){3}\b|reject-with icmp-)",
                 re.MULTILINE)
_NAMED_V6 = re.compile(r"v6\b|ip6", re.IGNORECASE)
_NAMED_V4 = re.compile(r"v4\b|ip4|iptables", re.IGNORECASE)


def shown(text: str) -> Family | None:
    """Return the family that rules are of by their words; None where they would do for either."""
    perhaps = _V6_WORD.search(text) or _V6_ADDRESS.search(text)
    return Family.V6 if perhaps and _V6.search(text) else Family.V4 if _V4.search(text) else None


def named(name: str) -> Family | None:
    """Return the family that a file's name suggests."""
    last = PurePath(name).name
    return Family.V6 if _NAMED_V6.search(last) else Family.V4 if _NAMED_V4.search(last) else None


def find(source: Source) -> tuple[Family, bool]:
    """Return the family of a file's rules, and whether anything says so; IPv4 where nothing does."""
    found = shown(source.text) or named(source.name)
    return found or Family.V4, found is not None

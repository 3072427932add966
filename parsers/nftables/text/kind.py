"""Which form of nftables an input has, by its head."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["json", "text", ""]

_HEAD = 2**18
JSON_TOP = re.compile(r"""(?m)^[^\S\n]*\{\s*"nftables"\s*:\s*""")
"""The beginning of what `nft -j` prints; its end is where the list of objects begins."""
_FAMILY = r"(?:(?:ip|ip6|inet|arp|bridge|netdev)\s+)"
_BLOCK = rf"^[ \t]*(?:(?:add|create)[ \t]+)?table[ \t]+{_FAMILY}?[^\s{{;#]+[ \t]*(?:\\\n\s*)?\{{"
_COMMAND = (r"^[ \t]*(?:(?:add|insert|create|replace)[ \t]+(?:rule|chain|set|map|element|table|flowtable)"
            rf"[ \t]+{_FAMILY}?\S|flush[ \t]+ruleset\b|(?:delete|destroy|flush)[ \t]+table[ \t])")
_SHEBANG = r"\A#![ \t]*\S*/(?:env[ \t]+(?:-S[ \t]+)?)?nft\b"
_ASKED = r"^[^\n\"{};]{0,120}\bnft[ \t]+(?:-\S+[ \t]+)*list[ \t]+(?:ruleset|table|chain)\b[^\n|;&]*$"
_TEXT = re.compile(f"(?m)(?:{_BLOCK}|{_COMMAND}|{_SHEBANG}|{_ASKED})")
_SHELL = re.compile(r"(?m)\A#!.*\b(?:ba|da|z|k)?sh\b|"
                    r"^[ \t]*(?:sudo[ \t]+)?(?:/\S*/)?nft[ \t]+(?:add|insert|flush|-f)\b")


def kind(text: str) -> Kind:
    """Return the form, empty for what is none of nftables."""
    head = text[:_HEAD]
    if JSON_TOP.search(head):
        return "json"
    return "text" if _TEXT.search(head) and not _SHELL.search(head) else ""

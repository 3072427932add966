"""The host whose prompt stands before a command: the outputs of two hosts are never one firewall."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aclproof.parsers.model.names import HOST_NAME
from aclproof.parsers.netfilter.terminal import SSH
from aclproof.parsers.source import Source

_PROMPT = re.compile(
    rf"\n[ \t]*\[?(?:[\w.-]+@(?P<at>{HOST_NAME})(?:[: ~][^\n#$%>]{{0,80}})?\]?"
    rf"|(?!(?:\w{{0,2}}sh|root|sudo)\b)(?P<bare>{HOST_NAME})(?::[^\n#$%>\s]{{0,80}})?[ \t]*)"
    rf"[#$%>][ \t]*(?:{SSH}['\"]?)?(?:sudo[ \t]+(?:-\S+[ \t]+)*)?"
    r"(?:/\S*/)?(?:ip6?tables|ipset|nft|ip)(?=[ \t-])")


def prompts(source: Source) -> Iterator[tuple[str, int]]:
    """Yield the host of each prompt at which rules, sets, addresses or routes were asked for; its line."""
    text = f"\n{source.text}"
    at, line = 0, 0
    for found in _PROMPT.finditer(text):
        line += text.count("\n", at, found.start() + 1)
        at = found.start() + 1
        yield (found["to"] or found["at"] or found["bare"]).lower().split(".")[0].removesuffix("]"), line

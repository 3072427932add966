"""Counters in rules, as `nft list` prints them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aclproof.parsers.model.shown_by_device import Count
from aclproof.parsers.netfilter.transcripts.session import words
from aclproof.parsers.prompts import Typed
from aclproof.parsers.source import Source

_BLOCK = re.compile(r"\s*(?P<kind>table|chain|\w+)(?: (?P<name>[^{]*?))? ?\{(?: # handle \d+)?")
_COUNTER = re.compile(r"\bcounter packets (?P<packets>\d+) bytes \d+")
_HANDLE = re.compile(r"\s*# handle \d+$")


def answers(transcript: Source, part: Typed) -> Iterator[Count]:
    """Yield them by rule, of chains that end in the output."""
    if words(part.command, "nft")[1:2] not in ([], ["list"], ["-a"], ["-n"], ["-nn"], ["-s"]):
        return
    table, chain, found = "", "", list[Count]()
    for line, text in part.numbered():
        if block := _BLOCK.fullmatch(text):
            if block["kind"] == "table":
                table, chain = (block["name"] or "").strip(), ""
            else:
                chain = (block["name"] or "").strip() if block["kind"] == "chain" else ""
            found = []
        elif text.strip() == "}":
            yield from found
            chain, found = "", []
        elif table and chain and (counter := _COUNTER.search(text)):
            found.append(Count(span=transcript.span(line), device=part.device, at=part.at, rule=plain(text),
                               list_name=f"{table} {chain}", packets=int(counter["packets"]),
                               listing=part.first - 1))


def plain(rule: str) -> str:
    """Return a rule without what it has counted, and without its handle."""
    return _COUNTER.sub("counter", _HANDLE.sub("", rule)).strip()

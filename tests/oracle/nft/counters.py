"""How often each rule was met, as the kernel counted it, by the line of the text in which the rule stands."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator

Place = tuple[str, str, str, int]
"""Family, table, chain, and the number of the rule in it from 1."""

_TABLE = re.compile(r"table (\S+) (\S+) \{")
_CHAIN = re.compile(r"\s*chain (\S+) \{")
_ADDED = re.compile(r"add rule (\S+) (\S+) (\S+) (.*)")
_NO_RULE = re.compile(r"\s*(type|policy|comment) ")
_IN_PARTS = re.compile(r" (vmap|map|limit|quota|numgen|length|notrack) | set .* counter| set ct mark|@seen")
"""A rule that does something before its last test, or one thing or another, is several to the product."""


def counted(listed: str) -> dict[Place, int]:
    """Read the counters from `nft -j list ruleset`."""
    found = {}
    seen: Counter[tuple[str, str, str]] = Counter()
    for each in json.loads(listed)["nftables"]:
        if rule := each.get("rule"):
            chain = rule["family"], rule["table"], rule["chain"]
            seen[chain] += 1
            found[(*chain, seen[chain])] = next(
                (part["counter"]["packets"] for part in rule["expr"] if "counter" in part), 0)
    return found


def by_line(text: str, counts: dict[Place, int]) -> dict[int, int]:
    """Say on which line each count belongs, of the rules that count, and are one to the product too."""
    return {line: counts[place] for place, line, rule in _rules(text)
            if "counter" in rule.split() and not _IN_PARTS.search(f" {rule.strip()} ")}


def _rules(text: str) -> Iterator[tuple[Place, int, str]]:
    table, chain, number = ("", ""), "", 0
    seen: Counter[tuple[str, str, str]] = Counter()
    for line, words in enumerate(text.split("\n"), 1):
        if found := _TABLE.match(words):
            table = found[1], found[2]
        elif found := _CHAIN.match(words):
            chain, number = found[1], 0
        elif words.strip() == "}":
            chain = ""
        elif found := _ADDED.match(words):
            chain_of = found[1], found[2], found[3]
            seen[chain_of] += 1
            yield (*chain_of, seen[chain_of]), line, found[4]
        elif chain and not _NO_RULE.match(words):
            number += 1
            yield (*table, chain, number), line, words

"""Lines that are no rules, and decide what rules mean: policies of chains, members of sets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from aclproof.parsers.model.firewall import Firewall

_POLICY = re.compile(r":(\S+) \S+|-P (\S+) \S+")
_MEMBER = re.compile(r"(?:create|add|-N|-A) (\S+) \S+")


def find(firewall: Firewall, lines: Iterable[int] | None = None) -> Iterator[tuple[int, str]]:
    """Yield each such line, of some lines or of all, with the chain or the set that it is about."""
    rules = {rule.line for chain in firewall.chains.values() for rule in chain.rules}
    for number in range(1, firewall.line_counts.total + 1) if lines is None else lines:
        text = firewall.source.span(number).text
        found = _POLICY.match(text) or (number not in rules and _MEMBER.match(text))
        if found:
            yield number, found[1] or found[2]

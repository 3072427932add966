"""Lines that are no rules, and decide what rules mean: policies of chains, members of sets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aclproof.parsers.model.firewall import Firewall

_POLICY = re.compile(r":(\S+) \S+|-P (\S+) \S+")
_MEMBER = re.compile(r"(?:create|add|-N|-A) (\S+) \S+")


def find(firewall: Firewall) -> Iterator[tuple[int, str]]:
    """Yield each such line with the chain or the set that it is about."""
    rules = {rule.line for chain in firewall.chains.values() for rule in chain.rules}
    for number in range(1, firewall.line_counts.total + 1):
        text = firewall.source.span(number).text
        found = _POLICY.match(text) or (number not in rules and _MEMBER.match(text))
        if found:
            yield number, found[1] or found[2]

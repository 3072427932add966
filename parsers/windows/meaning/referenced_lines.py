"""Lines that are no rules, and decide what rules mean: settings of the profiles."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.parsers.model.firewall import Firewall


def find(firewall: Firewall) -> Iterator[tuple[int, str]]:
    """Yield the lines that say what a profile does by default; they concern any packet."""
    return ((line, "") for line in sorted({rule.line for name, chain in firewall.chains.items()
                                           if name not in firewall.lists for rule in chain.rules}))

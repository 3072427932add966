"""What configurations leave to something outside of them and is usually so: facts to confirm."""

from __future__ import annotations

from collections.abc import Iterable

from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.model.firewall import Firewall


def to_confirm(firewalls: Iterable[Firewall]) -> list[Opaque]:
    """Return the doubts that have a usual answer, each key once, in the order of the lines."""
    found: dict[str, Opaque] = {}
    for firewall in firewalls:
        for _, condition in firewall.conditions():
            if isinstance(condition, Opaque) and condition.key and condition.usual is not None:
                found.setdefault(condition.key, condition)
    return list(found.values())

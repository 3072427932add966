"""A path of many firewalls is told by what they do, so that what stops packets is not lost in it."""

from __future__ import annotations

from collections.abc import Sequence

from aclproof.linter.result import Hop, HopVerdict

MOST_HOPS = 8
"""So many firewalls are written one after the other."""
_WORST_FIRST = (HopVerdict.STOPS, HopVerdict.OPEN, HopVerdict.PASSES, HopVerdict.BESIDE, HopVerdict.UNSEEN)


def by_verdict(hops: Sequence[Hop]) -> list[tuple[HopVerdict, list[str]]]:
    """Return the firewalls by what they do, what stops packets first, each kind in the order of the path."""
    kinds = [(kind, [hop.firewall for hop in hops if hop.verdict is kind]) for kind in _WORST_FIRST]
    return [(kind, names) for kind, names in kinds if names]

"""Rules of a line that may go on in the next one: what all readings say is sure, the rest is open."""

from __future__ import annotations

from collections.abc import Sequence

from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.model.services import common
from aclproof.reason import Reason

Reading = tuple[Rule, ...]
"""What one reading of a line means."""

_DOUBT = Opaque("", Reason("whether the line goes on in the next one: it may say less than it seems to"))


def rules(readings: Sequence[Reading]) -> list[Rule]:
    """Return the rules of a line of which each reading is possible."""
    sure: Rule | None = readings[0][0] if all(map(_exact, readings)) else None
    for each in readings:
        sure = _both(sure, each[0])
    perhaps = [rule._replace(conditions=(*rule.conditions, _DOUBT)) for each in readings for rule in each]
    return [sure, *perhaps] if sure and len(readings) > 1 else perhaps


def _exact(reading: Reading) -> bool:
    return len(reading) == 1 and not reading[0].conditions and reading[0].enabled


def _both(one: Rule | None, other: Rule) -> Rule | None:
    """The packets that both match; both do the same with them."""
    if one is None:
        return None
    sources, destinations = one.sources & other.sources, one.destinations & other.destinations
    services = tuple(common(one.services, other.services))
    if not (sources and destinations and services) or one.action is not other.action:
        return None
    return one._replace(sources=sources, destinations=destinations, services=services)

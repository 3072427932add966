"""The gaps of a result: what a baseline remembers of it."""

from __future__ import annotations

from aclproof.linter.engine.canonical import canonical
from aclproof.linter.gap import Gap, Gaps, Key
from aclproof.linter.result import DemandResult, Missing, Result, Undecided
from aclproof.parsers.model.packets import Box


def gaps_of(result: Result) -> Gaps:
    """Return what is missing or undecided, sorted; what is waived has an owner already."""
    return tuple(sorted((gap for each in result.demands if not each.waiver for gap in of_demand(each)),
                        key=lambda each: each.key))


def of_demand(demand: DemandResult) -> Gaps:
    """Return the gaps of one requirement: what several lines stop at one firewall is one gap."""
    boxes: dict[Key, list[Box]] = {}
    for part in _parts(demand):
        boxes.setdefault(about(demand, part), []).extend(part.boxes)
    name = demand.requirement.id
    sent = {(name, each.firewall, each.leg, each.verdict): each.boxes for each in demand.sent}
    return tuple(Gap(*key, canonical(found), canonical(sent.get(key, ()))) for key, found in boxes.items())


def keys(demand: DemandResult) -> frozenset[Key]:
    """Return what the gaps of a requirement are about."""
    return frozenset(about(demand, part) for part in _parts(demand))


def _parts(demand: DemandResult) -> tuple[Missing | Undecided, ...]:
    return (*demand.missing, *demand.undecided)


def about(demand: DemandResult, part: Missing | Undecided) -> Key:
    """Return what a part is about: the key of its gap."""
    if isinstance(part, Missing):
        return demand.requirement.id, part.blocked_by.firewall, part.leg, "missing"
    return demand.requirement.id, part.firewall, part.leg, "undecided"

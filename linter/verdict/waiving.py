"""Applies waivers to a finished result. They change no verdict; the date of the run decides which apply."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec.structs import replace

from aclproof.linter.result import DemandResult, HopVerdict, Result, Verdict
from aclproof.linter.waiver import Waiver, WaiverUse
from aclproof.reason import Reason, joined


def apply(result: Result, waivers: Sequence[Waiver]) -> Result:
    """Add to a result who answers for what is not proven, and what became of every waiver."""
    demands, uses = with_waivers(result.demands, waivers, result.scope.as_of)
    return replace(result, demands=demands, waivers=uses)


def with_waivers(results: Iterable[DemandResult], waivers: Iterable[Waiver],
                 as_of: date) -> tuple[tuple[DemandResult, ...], tuple[WaiverUse, ...]]:
    """Return the results with who answers for what is not proven, and what became of every waiver."""
    demands = {each.requirement.id: each for each in results}
    uses: list[WaiverUse] = []
    for waiver in waivers:
        demand = demands.get(waiver.requirement)
        if waiver.days_left(as_of) < 0:
            uses.append(WaiverUse(waiver, "expired"))
        elif reason := _unfit(waiver, demand, as_of):
            uses.append(WaiverUse(waiver, "unused", reason))
        elif demand:
            demands[waiver.requirement] = replace(demand, waiver=waiver)
            uses.append(WaiverUse(waiver, "applied"))
    return tuple(demands.values()), tuple(uses)


def _unfit(waiver: Waiver, demand: DemandResult | None, as_of: date) -> str:
    """Why a waiver that has not ended applies to nothing; empty if it does."""
    if waiver.created and waiver.created > as_of:
        return Reason("it was created later, on {created}", created=waiver.created)
    if demand is None:
        return Reason("the requirement is not checked in this run")
    if demand.verdict is Verdict.MET:
        return Reason("the requirement is met without it")
    if demand.verdict is Verdict.NOT_APPLICABLE:
        return Reason("the requirement does not apply to this site")
    if demand.waiver:
        return Reason("{id} covers the requirement already", id=demand.waiver.id)
    return _elsewhere(waiver.firewall, demand) if waiver.firewall else ""


def _elsewhere(firewall: str, demand: DemandResult) -> str:
    """Why a demand is not this one firewall's alone; empty if every other one is proven to let it pass."""
    places = [part.blocked_by.firewall for part in demand.missing]
    places += [part.firewall for part in demand.undecided]
    if firewall not in places:
        return Reason("{firewall} neither stops the requirement nor leaves it open", firewall=firewall)
    others = [name for name in dict.fromkeys(places) if name != firewall]
    if others:
        return Reason("not {firewall} alone stops the requirement or leaves it open: {others} does, too",
                      firewall=firewall, others=joined(", ", others))
    unseen = [hop.firewall for hop in demand.hops if hop.verdict is HopVerdict.UNSEEN]
    if unseen:
        return Reason("what {unseen} does with the packets is not known", unseen=joined(", ", unseen))
    return ""

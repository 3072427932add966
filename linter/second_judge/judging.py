"""Every packet that is chosen, followed by the tracer, and held against the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from aclproof.linter.agreement import Agreement, Disagreement
from aclproof.linter.demands.demands import Demand, answer
from aclproof.linter.program import Analysis
from aclproof.linter.proof.progress import JudgingEvent, Progress, no_progress
from aclproof.linter.questions import Question
from aclproof.linter.result import Undecided
from aclproof.linter.second_judge.choosing import packets
from aclproof.linter.second_judge.comparing import differences
from aclproof.linter.trace.records import Connection
from aclproof.linter.trace.representatives import box_of, lowest_packet
from aclproof.linter.trace.site import follow

_MOST = 5
"""Disagreements of one demand that are told; there is no need to look for more."""


def judge(found: Analysis, day: date, most: int,
          progress: Progress = no_progress) -> tuple[Analysis, Agreement]:
    """Judge so many packets of each demand again, and what answers and follows each of them.

    Where the judges differ, nothing of a method that needs the demand counts as proven any more.
    """
    count, told = 0, list[Disagreement]()
    demands = found.work.demands
    for number, demand in enumerate(demands, 1):
        progress(JudgingEvent(demand.requirement.id, number, len(demands)))
        judged, differing = _demand(found, demand, day, most)
        count += judged
        told += differing
    agreement = Agreement(count, tuple(told))
    return (found.with_doubts({**found.doubted, **_doubts(found, told)}) if told else found), agreement


def _demand(found: Analysis, demand: Demand, day: date, most: int) -> tuple[int, list[Disagreement]]:
    name, request = demand.requirement.id, demand.request
    result = next(each for each in found.results if each.requirement.id == name)
    site = replace(found.site, facts=dict(found.known.facts))  # and what is taken for usual
    ends = Connection(request.source, request.destination, demand, found.pack.nears)
    told: list[Disagreement] = []
    count = 0
    for first in packets(demand, found.proofs[name], most):
        for leg in demand.legs:
            packet = lowest_packet(answer(box_of(first))) if leg.kind == "reply" else first
            seen = follow(site, found.asking, ends, packet, leg.kind, day)
            told += (Disagreement(name, leg.kind, packet, *each) for each in differences(result, seen))
            count += 1
        if len(told) >= _MOST:
            break
    return count, told[:_MOST]


def _doubts(found: Analysis, told: Sequence[Disagreement]) -> Mapping[str, Undecided]:
    """What takes back that requirements are met: those of the methods that need what the judges differ on."""
    results = {each.requirement.id: each for each in found.results}
    return {name: Undecided("request", "", result.boxes, (Question(each.reason),), None, "")
            for each in reversed(told) for name, result in results.items()
            if not set(results[each.requirement].methods).isdisjoint(result.methods)}

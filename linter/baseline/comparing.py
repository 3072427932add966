"""Compares a finished result with the known gaps of its site, and takes the cured ones out of them.

Like a waiver, a baseline changes no verdict: it only says of what is not proven that it was so before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.baseline.gaps import about, gaps_of, keys, of_demand
from aclproof.linter.demands.demands import answer
from aclproof.linter.engine.canonical import canonical, within
from aclproof.linter.gap import KNOWN, BaselineUse, Gap, Gaps, Key, State, by_key
from aclproof.linter.result import DemandResult, Missing, Result, Undecided
from aclproof.linter.verdict.not_checked import not_checked
from aclproof.parsers.model.packets import Box


def compare(result: Result, known: Gaps, file: str) -> Result:
    """Say of everything that is not proven whether these gaps have it, and which of them are cured.

    `file` is the baseline that they are of.
    """
    before = by_key(known)
    demands = tuple(_compared(each, before) for each in result.demands)
    compared = replace(result, demands=demands)
    return replace(compared, baseline=BaselineUse(file, tuple(_cured(known, compared))))


def shrunk(known: Gaps, result: Result) -> Gaps:
    """Return these gaps without what the result, which was compared with them, has not any more.

    Nothing that is new or has grown is added. What was not checked stays, and so does all of a requirement of
    which something is new or has grown: a firewall that stops more may hide what the next one stops.
    """
    settled = {each.requirement.id for each in _judged(result) if _is_settled(each)}
    kept = [each for each in known if each.requirement not in settled]
    kept += [each for each in gaps_of(result) if each.requirement in settled]
    return tuple(sorted(kept, key=lambda each: each.key))


def _compared(demand: DemandResult, before: Mapping[Key, Gap]) -> DemandResult:
    changes = {gap.key: _change(gap, before) for gap in of_demand(demand)}

    def state(part: Missing | Undecided) -> State:
        return changes[about(demand, part)].of(part.boxes)

    missing = tuple((each, state(each)) for each in demand.missing)
    undecided = tuple((each, state(each)) for each in demand.undecided)
    return replace(demand, baseline=_worst({state for _, state in (*missing, *undecided)}),
                   missing=tuple(replace(each, baseline=state) for each, state in missing),
                   undecided=tuple(replace(each, baseline=state) for each, state in undecided))


class _Change(Struct, frozen=True):
    """A gap, and what was known of it."""

    state: State
    known: tuple[Box, ...]
    """In their canonical form."""
    whole: bool
    """Whether all that was known of it is there still."""

    def of(self, boxes: Sequence[Box]) -> State:
        """Return what became of a part of the gap."""
        if self.state == "grown" and within(boxes, self.known):
            return "unchanged" if self.whole else "shrunk"
        return self.state


def _change(gap: Gap, before: Mapping[Key, Gap]) -> _Change:
    """Compare a gap: what was missing may be undecided now, but not the other way round."""
    same = before.get(gap.key)
    if same == gap:
        return _Change("unchanged", gap.boxes, whole=True)
    worse = before.get((gap.requirement, gap.firewall, gap.leg, "missing"))
    accepted = [each for each in ((same, worse) if gap.verdict == "undecided" else (same,)) if each]
    known = canonical(box for each in accepted for box in each.boxes)
    if known and not _sent_within(gap, accepted):
        return _Change("grown", (), whole=False)
    whole = same is not None and within(same.boxes, gap.boxes) and _sent_within(same, [gap])
    if not within(gap.boxes, known):
        return _Change("grown" if known else "new", known, whole)
    return _Change("unchanged" if whole else "shrunk", known, whole)


def _sent_within(gap: Gap, others: Sequence[Gap]) -> bool:
    """Whether what a gap is of was sent in the others too: translated, other packets may look the same."""
    if not any(each.sent for each in (gap, *others)):
        return True
    return within(first_packets(gap), canonical(box for each in others for box in first_packets(each)))


def first_packets(gap: Gap) -> Iterable[Box]:
    """The packets that open the connections, as they are sent."""
    return gap.sent or (map(answer, gap.boxes) if gap.leg == "reply" else gap.boxes)


def _worst(states: Set[State]) -> State | None:
    """Of a requirement: new if all of it is, grown if some of it is new or has grown."""
    if states <= {*KNOWN}:
        return max(states, key=KNOWN.index, default=None)
    return "new" if states == {"new"} else "grown"


def _cured(known: Gaps, result: Result) -> Iterator[Gap]:
    """The gaps of which nothing is left at their firewall, in their direction."""
    settled = {each.requirement.id: each for each in _judged(result) if _is_settled(each) and not each.waiver}
    for gap in known:
        demand = settled.get(gap.requirement)
        if demand and gap.key[:3] not in {key[:3] for key in keys(demand)}:
            yield gap


def _judged(result: Result) -> Iterable[DemandResult]:
    """The requirements of which this run says something."""
    left_out = {each.requirement.id for each in not_checked(result)}
    return (each for each in result.demands if each.requirement.id not in left_out)


def _is_settled(demand: DemandResult) -> bool:
    """Whether nothing of it is new or has grown, or somebody answers for it."""
    return demand.baseline in (None, *KNOWN) or demand.waiver is not None

"""Permits for everything that is missing at a site, each proven on the model before it counts.

What is written is entered in memory, as far as the vendor's parser reads it back, and the whole site is
proven again; what is still stopped (by a later filter, by the way back, by a hop that the packets did not
reach before) gets the next permit, until nothing is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from aclproof.linter.fix import asa, iptables, side_effects, windows
from aclproof.linter.fix.merging import merged
from aclproof.linter.fix.missing_permits import Hopeless, Opening, demanded, openings
from aclproof.linter.fix.proposals import Proposal
from aclproof.linter.program import Analysis, reanalyse
from aclproof.linter.result import DemandResult, FixLines, MethodVerdict, Verdict
from aclproof.parsers.model.addresses import spell
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.reason import Reason, joined

_MOST_ROUNDS = 12
WRITERS: Mapping[str, Callable[[Firewall, Sequence[Opening], Sequence[Box]], Proposal]] = {
    "cisco-asa": asa.propose, "iptables": iptables.propose, "windows": windows.propose}


@dataclass(frozen=True, slots=True)
class Snippet:
    """A permit in the words of its vendor, in the order in which it has to be entered."""

    firewall: str
    vendor: str
    lines: tuple[str, ...]
    opens: tuple[Box, ...]
    requirements: tuple[str, ...]
    permits: int
    """How many new permits it holds."""
    advice: tuple[str, ...] = ()
    """What one should know beside."""


@dataclass(frozen=True, slots=True)
class Unfixed:
    """A requirement for which nothing verified can be said, and why."""

    demand: DemandResult
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fix:
    """What opens the missing demands of a site."""

    snippets: tuple[Snippet, ...]
    fixed: tuple[DemandResult, ...]
    """As they are with the snippets in place."""
    unfixed: tuple[Unfixed, ...]

    @property
    def permits(self) -> int:
        """How many new permits it takes."""
        return sum(each.permits for each in self.snippets)


def fix(found: Analysis, as_of: date | None = None, methods: Collection[str] = ()) -> Fix:
    """Find verified permits for what is missing, of some methods or of all."""
    wanted = [each for each in found.results if each.verdict is Verdict.MISSING
              and (not methods or set(methods) & set(each.methods))]
    refused: dict[str, tuple[str, ...]] = {}
    while True:
        targets = [each.requirement.id for each in wanted if each.requirement.id not in refused]
        attempt = _attempt(found, as_of, targets)
        lost = attempt.lost(targets)
        if not lost and (worse := attempt.worse(found)):
            lost = _culprits(found, as_of, targets) or dict.fromkeys(targets, _worse(worse))
        if not lost:
            break
        refused |= lost
    after = {each.requirement.id: each for each in attempt.after.results}
    return Fix(tuple(attempt.snippets), tuple(after[each] for each in targets),
               tuple(Unfixed(each, refused[each.requirement.id]) for each in wanted
                     if each.requirement.id in refused))


def cheapest(found: Analysis, as_of: date | None) -> tuple[str, Fix] | None:
    """The blocked method that needs the fewest new permits, among those that can be fixed whole."""
    blocked = [each.id for each in found.methods() if each.verdict is MethodVerdict.BLOCKED]
    whole = [(method, each) for method in blocked if not (each := fix(found, as_of, (method,))).unfixed]
    return min(whole, key=lambda each: each[1].permits, default=None)


def lines(found: Fix) -> tuple[FixLines, ...]:
    """Return the snippets as a result carries them."""
    return tuple(FixLines(each.firewall, each.vendor, each.lines, each.requirements)
                 for each in found.snippets)


@dataclass(slots=True)
class _Attempt:
    """Permits for some requirements together, and the site with them."""

    after: Analysis
    snippets: list[Snippet] = field(default_factory=list)
    hopeless: dict[str, dict[str, None]] = field(default_factory=dict)
    """By requirement: why it cannot be opened."""

    def refuse(self, names: Iterable[str], because: str) -> None:
        for name in names:
            self.hopeless.setdefault(name, {})[because] = None

    def lost(self, targets: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Return what cannot be opened, and why; or else what is missing all the same."""
        if self.hopeless:
            return {name: tuple(reasons) for name, reasons in self.hopeless.items()}
        missing = [each.requirement.id for each in self.after.results if each.verdict is Verdict.MISSING]
        return dict.fromkeys((name for name in targets if name in missing), ("the permits do not suffice",))

    def worse(self, before: Analysis) -> list[str]:
        """Return the requirements of which less is proven than before."""
        rank = {each.requirement.id: each.verdict.rank for each in self.after.results}
        return [each.requirement.id for each in before.results
                if rank[each.requirement.id] > each.verdict.rank]


def _worse(names: Sequence[str]) -> tuple[str, ...]:
    return (Reason("its permits make {names} worse", names=joined(", ", names)),)


def _culprits(found: Analysis, as_of: date | None, targets: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Find the requirements whose permits alone make others worse."""
    return {name: _worse(worse) for name in targets
            if (worse := _attempt(found, as_of, [name]).worse(found))}


def _attempt(found: Analysis, as_of: date | None, targets: Sequence[str]) -> _Attempt:
    """Open what is stopped, round by round."""
    attempt = _Attempt(found)
    needed: dict[str, list[Box]] = {name: [] for name in found.firewalls}
    for _ in range(_MOST_ROUNDS):
        wanted = _wanted(attempt, targets, needed)
        if not wanted:
            break
        firewalls = dict(attempt.after.firewalls)
        for place, firewall in attempt.after.firewalls.items():
            mine = {each: names for each, names in wanted.items() if each.firewall == place}
            if mine:
                firewalls[place] = _enter(attempt, place, firewall, mine, needed[place])
        if attempt.hopeless:
            break
        attempt.after = reanalyse(found, as_of, firewalls)
    return attempt


def _wanted(attempt: _Attempt, targets: Sequence[str],
            needed: dict[str, list[Box]]) -> dict[Opening, list[str]]:
    wanted: dict[Opening, list[str]] = {}
    for name in targets:
        proofs = attempt.after.proofs.get(name, ())
        for proof in proofs:
            needed[proof.name] = list(dict.fromkeys((*needed[proof.name], *demanded([proof]))))
        for each in openings(proofs):
            if isinstance(each, Hopeless):
                attempt.refuse([name], Reason("{name}: {because}", name=each.firewall, because=each.because))
            else:
                wanted.setdefault(each, []).append(name)
    return {} if attempt.hopeless else wanted


def _enter(attempt: _Attempt, place: str, firewall: Firewall, mine: Mapping[Opening, Sequence[str]],
           needed: Sequence[Box]) -> Firewall:
    """Write permits for one firewall and enter them; what would open more is refused."""
    needed = side_effects.widened(needed, firewall)
    proposal = WRITERS[firewall.vendor](firewall, list(mine), needed)
    for refusal in proposal.refused:
        attempt.refuse([name for opening in refusal.openings for name in mine[opening]],
                       Reason("{name}: {because}", name=place, because=refusal.because))
    for each in proposal.written:
        names = tuple(dict.fromkeys(name for opening in each.openings for name in mine[opening]))
        opens = tuple(one.opening.box for one in merged(each.openings))
        attempt.snippets.append(Snippet(place, firewall.vendor, each.lines, opens, names, each.permits,
                                        each.advice))
        if not all(line.isprintable() for line in each.lines):
            attempt.refuse(names, Reason("{place}: a name in its rules cannot be written on a line",
                                         place=place))
    beside = side_effects.beside(firewall, proposal.after, needed)
    if beside:
        ends = " -> ".join(spell(beside[0].family, each.ranges[:1])[0]
                           for each in (beside[0].sources, beside[0].destinations))
        attempt.refuse((name for names in mine.values() for name in names),
                       Reason("{place}: what opens it changes what becomes of other packets, such as "
                              "{ends}", place=place, ends=ends))
    return proposal.after

"""Permits for everything that is missing at a site, each proven on the model before it counts.

What is written is entered in memory, as far as the vendor's parser reads it back, and the whole site is
proven again; what is still stopped (by a later filter, by the way back, by a hop that the packets did not
reach before) gets the next permit, until nothing is missing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from msgspec import Struct, field
from msgspec.structs import replace

from aclproof.linter.basis import Assumption
from aclproof.linter.fix import entering
from aclproof.linter.fix.missing_permits import Unfixable, missing_permits
from aclproof.linter.fix.opening import Snippet, Wanted, add, open_all, systems
from aclproof.linter.program import Analysis, reanalyse
from aclproof.linter.proof.needed_packets import needed_packets
from aclproof.linter.result import DemandResult, FixLines, MethodVerdict, Verdict
from aclproof.parsers.model.packets import Box
from aclproof.reason import Reason, joined
from aclproof.rules.pack import Pack

_MOST_ROUNDS = 12


class Unfixed(Struct, frozen=True):
    """A requirement for which nothing verified can be said, and why."""

    demand: DemandResult
    because: tuple[str, ...]


class Fix(Struct, frozen=True):
    """What opens the missing demands of a site."""

    pack: Pack
    snippets: tuple[Snippet, ...]
    fixed: tuple[DemandResult, ...]
    """As they are with the snippets in place."""
    unfixed: tuple[Unfixed, ...]
    undecided: tuple[DemandResult, ...] = ()
    """What is not surely missing, and not proven either: whether it needs a permit is not known."""
    answers: tuple[Assumption, ...] = ()
    """Facts of the site file and usual answers that it assumes: what was proven, was proven with them."""
    warnings: tuple[DemandResult, ...] = ()
    """What is missing as well, and left out: no method fails by it."""
    waived: tuple[DemandResult, ...] = ()
    """What is left out because somebody answers for it."""

    @property
    def permits(self) -> int:
        """How many new permits it takes."""
        return sum(each.permits for each in self.snippets)


def fix(found: Analysis, as_of: date | None = None, methods: Collection[str] = ()) -> Fix:
    """Find verified permits for what is missing, decides and is not waived, of some methods or of all."""
    of_all = [each for each in found.results if not methods or set(methods) & set(each.methods)]
    of_methods = [each for each in of_all if not each.waiver]
    asked = [each for each in of_methods if not each.is_warning]
    wanted = [each for each in asked if each.verdict is Verdict.MISSING]
    refused: dict[str, tuple[str, ...]] = {}
    while True:
        targets = [each.requirement.id for each in wanted if each.requirement.id not in refused]
        attempt = _attempt(found, as_of, targets)
        lost = attempt.lost(targets)
        if not lost and (worse := attempt.worse(found)):
            lost = _requirements_made_worse(found, as_of, targets) or dict.fromkeys(targets, _worse(worse))
        if not lost:
            break
        refused |= lost
    after = {each.requirement.id: each for each in attempt.after.results}
    return Fix(found.pack, tuple(attempt.snippets), tuple(after[each] for each in targets),
               tuple(Unfixed(each, refused[each.requirement.id]) for each in wanted
                     if each.requirement.id in refused),
               tuple(each for each in asked if each.verdict is Verdict.UNDECIDED),
               tuple(each for each in found.assumptions()
                     if each.origin == "fact" or each.key in found.assumed),
               tuple(each for each in of_methods if each.is_warning and each.verdict is Verdict.MISSING),
               tuple(each for each in of_all if each.waiver))


def cheapest(found: Analysis, as_of: date | None) -> tuple[str, Fix] | None:
    """The blocked method that needs the fewest new permits, among those that can be fixed whole.

    What is waived of a method needs none; one of which all is waived needs nothing.
    """
    blocked = [each.id for each in found.methods() if each.verdict is MethodVerdict.BLOCKED]
    fixes = [(method, fix(found, as_of, (method,))) for method in blocked]
    whole = [(method, each) for method, each in fixes if each.fixed and not each.unfixed]
    return min(whole, key=lambda each: each[1].permits, default=None)


def lines(found: Fix) -> tuple[FixLines, ...]:
    """Return the snippets as a result carries them."""
    return tuple(FixLines(each.firewall, each.vendor, each.lines, each.requirements)
                 for each in found.snippets)


class _Attempt(Struct):
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
        return dict.fromkeys((name for name in targets if name in missing),
                             (Reason("the permits do not suffice"),))

    def worse(self, before: Analysis) -> list[str]:
        """Return the requirements of which less is proven than before."""
        rank = {each.requirement.id: each.verdict.rank for each in self.after.results}
        return [each.requirement.id for each in before.results
                if rank[each.requirement.id] > each.verdict.rank]


def _worse(names: Sequence[str]) -> tuple[str, ...]:
    return (Reason("its permits make {names} worse", names=joined(", ", names)),)


def _requirements_made_worse(found: Analysis, as_of: date | None,
                             targets: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Find the requirements whose permits alone make others worse."""
    return {name: _worse(worse) for name in targets
            if (worse := _attempt(found, as_of, [name]).worse(found))}


def _attempt(found: Analysis, as_of: date | None, targets: Sequence[str]) -> _Attempt:
    """Open what is stopped, round by round."""
    attempt = _Attempt(found)
    needed: dict[str, dict[tuple[str, Box], None]] = {name: {} for name in found.firewalls}
    entered = {name: entering.Entered.of(firewall) for name, firewall in found.firewalls.items()}
    for _ in range(_MOST_ROUNDS):
        wanted = _wanted(attempt, targets, needed)
        if not wanted:
            break
        for place in found.firewalls:
            mine = {each: names for each, names in wanted.items() if each.firewall == place}
            if mine:
                opened = open_all(attempt.after, place, entered[place], mine, needed[place])
                entered[place] = opened.entered
                attempt.snippets += opened.snippets
                for names, because in opened.refused:
                    attempt.refuse(names, because)
        if attempt.hopeless:
            break
        attempt.after = reanalyse(found, as_of, {name: each.firewall for name, each in entered.items()})
    return attempt


def _wanted(attempt: _Attempt, targets: Sequence[str],
            needed: dict[str, dict[tuple[str, Box], None]]) -> Wanted:
    """Collect what is to be permitted; `needed` gets the packets of all targets, with their listeners."""
    wanted: Wanted = {}
    of_hosts = systems(attempt.after)
    for name in targets:
        proofs = attempt.after.proofs.get(name, ())
        for proof in proofs:
            listener = proof.incoming.demand.requirement.listener
            needed[proof.name] |= {(listener, box): None for box in needed_packets([proof])}
        for missing in missing_permits(proofs):
            if isinstance(missing, Unfixable):
                reason = Reason("{name}: {reason}", name=missing.firewall, reason=missing.reason)
                attempt.refuse([name], reason)
            else:
                add(replace(missing, systems=of_hosts[missing.firewall]), name, wanted)
    return {} if attempt.hopeless else wanted

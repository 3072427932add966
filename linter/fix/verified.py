"""Permits for everything that is missing at a site, each proven on the model before it counts.

A permit goes in, the whole site is proven again, and what is still stopped (by a later filter, by the way
back, by a hop that the packets did not reach before) gets the next one, until nothing is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from linter.fix import asa, iptables, windows
from linter.fix.openings import Hopeless, Opening, opened, openings
from linter.program import Examined, examine
from linter.result import DemandResult, Verdict
from linter.site import Site
from parsers.model.firewall import Firewall

_MOST_ROUNDS = 12
_RANK = {Verdict.NOT_APPLICABLE: 0, Verdict.MET: 0, Verdict.UNDECIDED: 1, Verdict.MISSING: 2}
WRITERS: Mapping[str, Callable[[Opening, Firewall], tuple[list[str], int]]] = {
    "cisco-asa": asa.lines, "iptables": iptables.lines, "windows": windows.lines}


@dataclass(frozen=True, slots=True)
class Snippet:
    """A permit in the words of its vendor, in the order in which it has to be entered."""

    firewall: str
    vendor: str
    lines: tuple[str, ...]
    opening: Opening
    requirements: tuple[str, ...]


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


def fix(site: Site, as_of: date | None = None, methods: Collection[str] = ()) -> Fix:
    """Find verified permits for what is missing, of some methods or of all."""
    found = examine(site, as_of)
    wanted = [each for each in found.results if each.verdict is Verdict.MISSING
              and (not methods or set(methods) & set(each.methods))]
    unfixed: dict[str, Unfixed] = {}
    while True:
        targets = [each.requirement.id for each in wanted if each.requirement.id not in unfixed]
        snippets, after, hopeless = _opened(found, as_of, targets)
        verdicts = {each.requirement.id: each for each in after.results}
        lost = {each.requirement.id: Unfixed(each, hopeless.get(each.requirement.id, (
            "the permits do not suffice",))) for each in wanted if each.requirement.id in targets
            and verdicts[each.requirement.id].verdict is Verdict.MISSING}
        worse = [each.requirement.id for each in found.results
                 if _RANK[verdicts[each.requirement.id].verdict] > _RANK[each.verdict]]
        if worse:
            lost |= {each.requirement.id: Unfixed(each, (f"its permits make {', '.join(worse)} worse",))
                     for each in wanted if each.requirement.id in targets}
        if not lost:
            fixed = tuple(verdicts[each] for each in targets)
            return Fix(tuple(snippets), fixed, tuple(unfixed.values()))
        unfixed |= lost


def _opened(found: Examined, as_of: date | None, targets: Collection[str]) -> (
        tuple[list[Snippet], Examined, dict[str, tuple[str, ...]]]):
    snippets: list[Snippet] = []
    hopeless: dict[str, tuple[str, ...]] = {}
    for _ in range(_MOST_ROUNDS):
        wanted: dict[Opening, list[str]] = {}
        for name in targets:
            for each in openings(found.proofs.get(name, ())):
                if isinstance(each, Hopeless):
                    hopeless[name] = tuple(dict.fromkeys((
                        *hopeless.get(name, ()), f"{each.firewall}: {each.because}")))
                else:
                    wanted.setdefault(each, []).append(name)
        for name in hopeless:
            wanted = {opening: names for opening, names in wanted.items() if name not in names}
        if not wanted:
            break
        firewalls = dict(found.firewalls)
        for place in firewalls:
            mine = sorted(((each, names) for each, names in wanted.items() if each.firewall == place),
                          key=lambda each: -each[0].at)
            counted = []
            for opening, names in mine:
                lines, count = WRITERS[firewalls[place].vendor](opening, firewalls[place])
                snippets.append(Snippet(place, firewalls[place].vendor, tuple(lines), opening, tuple(names)))
                counted.append((opening, count))
            if counted:
                firewalls[place] = opened(firewalls[place], counted)
        found = examine(found.site, as_of, firewalls)
    return snippets, found, hopeless


def cheapest(site: Site, as_of: date | None, methods: Sequence[str]) -> tuple[str, Fix] | None:
    """The method that needs the fewest new lines, among those that can be fixed whole."""
    found = [(method, fix(site, as_of, (method,))) for method in methods]
    whole = [(method, each) for method, each in found if not each.unfixed]
    return min(whole, key=lambda each: sum(len(one.lines) for one in each[1].snippets), default=None)

"""What all sites of a run come to: counted as they are done."""

from __future__ import annotations

from collections import Counter
from typing import TypeAlias

from msgspec import Struct, field

from aclproof.linter.fleet.outcome import Cause, End, Outcome
from aclproof.rules.pack import Text

CauseName: TypeAlias = tuple[str, str, str, str]


class Shared(Struct):
    """A cause, and what it stops or leaves open at all sites."""

    cause: Cause
    sites: int = 0
    requirements: int = 0


class MethodTotals(Struct):
    """A method at all sites that it was asked of."""

    title: Text
    """Without its pack."""
    pack: str
    sites: Counter[str] = field(default_factory=Counter)
    """By verdict."""


class Totals(Struct):
    """Counts over the sites that were added."""

    ends: Counter[End] = field(default_factory=Counter)
    first: dict[End, str] = field(default_factory=dict)
    """The first site that ended so."""
    counts: Counter[str] = field(default_factory=Counter)
    """Requirements by what was proven of them."""
    new: Counter[str] = field(default_factory=Counter)
    """Sites by the requirement that is new there since the baseline, or has grown."""
    new_sites: int = 0
    """Sites at which one is."""
    cured: int = 0
    """Gaps of the baseline that are there no more."""
    methods: dict[str, MethodTotals] = field(default_factory=dict)
    """By `PACK/METHOD`."""
    causes: dict[CauseName, Shared] = field(default_factory=dict)

    @property
    def sites(self) -> int:
        """How many were added."""
        return sum(self.ends.values())

    @property
    def requirements(self) -> int:
        """How many the sites have, each counted once: what is waived or known is not met."""
        return sum(self.counts[each] for each in ("met", "missing", "undecided", "waived", "known"))

    def add(self, outcome: Outcome) -> None:
        """Count a site."""
        self.ends[outcome.end] += 1
        self.first.setdefault(outcome.end, outcome.site)
        self.counts.update(outcome.counts)
        self.new.update(outcome.new)
        self.new_sites += bool(outcome.new)
        self.cured += outcome.cured
        for method in outcome.methods:
            known = self.methods.setdefault(method.name, MethodTotals(method.own_title, method.pack))
            known.sites[method.verdict] += 1
        for cause in outcome.causes:
            shared = self.causes.setdefault(name_of(cause), Shared(cause))
            shared.sites += 1
            shared.requirements += len(cause.requirements)

    def by_pack(self) -> dict[str, list[MethodTotals]]:
        """The methods of each pack."""
        found: dict[str, list[MethodTotals]] = {}
        for method in self.methods.values():
            found.setdefault(method.pack, []).append(method)
        return found

    def worst(self, kind: str) -> list[Shared]:
        """The causes of a kind, those that concern most sites first, in whatever order sites were added."""
        found = [each for each in self.causes.values() if each.cause.kind == kind]
        return sorted(found, key=lambda each: (-each.sites, -each.requirements, name_of(each.cause)))


def name_of(cause: Cause) -> CauseName:
    """Return what a cause has in common at all sites."""
    return cause.kind, cause.firewall, cause.place, cause.text

"""What all sites of a run come to: counted as they are done."""

from __future__ import annotations

from collections import Counter
from typing import TypeAlias

from msgspec import Struct, field

from aclproof.linter.fleet.outcome import UNREAD, Cause, End, Named, Outcome
from aclproof.rules.pack import Text

CauseName: TypeAlias = tuple[str, str, str, str]


class Shared(Struct):
    """A cause, and what it stops or leaves open at all sites."""

    cause: Cause
    site: str
    """The first that has it; where it is more than a warning at one, the first of these."""
    sites: int = 0
    requirements: int = 0
    severe: int = 0
    """Sites at which it is more than a warning."""
    needed: set[tuple[str, str]] = field(default_factory=set)
    """Each requirement, and what it needs open."""


class Alike(Struct, frozen=True):
    """A cause; or lines that say the same, each at a site of its own, and stop the same."""

    causes: tuple[Shared, ...]

    @property
    def sites(self) -> int:
        """At how many sites one of them is."""
        return self.causes[0].sites if len(self.causes) == 1 else len({each.site for each in self.causes})

    @property
    def places(self) -> list[str]:
        """Where they are; none of a question."""
        return [each.cause.place for each in self.causes if each.cause.place]

    @property
    def firewalls(self) -> list[str]:
        """Whose lines they are; none of a question."""
        return [*dict.fromkeys(each.cause.firewall for each in self.causes if each.cause.firewall)]

    @property
    def is_severe(self) -> bool:
        """Whether it is more than a warning at some site."""
        return any(each.severe for each in self.causes)

    @property
    def needs(self) -> list[str]:
        """The requirements, each with what it needs open."""
        return [f"{requirement} ({services})" for requirement, services in sorted(self._needed)]

    @property
    def services(self) -> list[str]:
        """What they need open."""
        return sorted({services for _, services in self._needed})

    @property
    def _needed(self) -> set[tuple[str, str]]:
        return {pair for each in self.causes for pair in each.needed}


class MethodTotals(Struct):
    """A method at all sites that it was asked of."""

    title: Text
    """Without its pack."""
    pack: str
    sites: Counter[str] = field(default_factory=Counter)
    """By verdict."""


class NamedTotals(Struct):
    """Lines that the checks of an audit name, at all sites."""

    lines: Counter[str] = field(default_factory=Counter)
    """By check, of all that were made."""
    sites: Counter[str] = field(default_factory=Counter)
    """Sites at which a check names one."""
    some: int = 0
    """Sites at which any check names one."""
    failing: int = 0
    """Lines that let the run fail."""
    failing_sites: int = 0
    """Sites at which one is."""
    known: int = 0
    """Lines that the baseline has."""
    new: Counter[str] = field(default_factory=Counter)
    """By check, those that it does not have."""
    gone: int = 0
    """Those that it has, and no check names any more."""

    def add(self, named: Named) -> None:
        """Count those of a site."""
        self.lines.update(named.lines)
        self.sites.update({check: min(n, 1) for check, n in named.lines.items()})
        self.some += any(named.lines.values())
        self.failing += sum(named.failing.values())
        self.failing_sites += bool(named.failing)
        self.known += named.known
        self.new.update(named.new)
        self.gone += named.gone


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
    assumed: Counter[str] = field(default_factory=Counter)
    """Sites by the usual answer that is assumed there."""
    assumed_sites: int = 0
    """Sites at which one is."""
    cured: int = 0
    """Gaps of the baseline that are there no more."""
    methods: dict[str, MethodTotals] = field(default_factory=dict)
    """By `PACK/METHOD`."""
    causes: dict[CauseName, Shared] = field(default_factory=dict)
    named: NamedTotals = field(default_factory=NamedTotals)
    judged_again: int = 0
    """Packets that a second judge was asked about."""

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
        self.assumed.update(outcome.assumed)
        self.assumed_sites += bool(outcome.assumed)
        self.cured += len(outcome.cured)
        self.judged_again += outcome.judged_again
        if outcome.named:
            self.named.add(outcome.named)
        for method in outcome.methods:
            known = self.methods.setdefault(method.name, MethodTotals(method.own_title, method.pack))
            known.sites[method.verdict] += 1
        for cause in outcome.causes:
            shared = self.causes.setdefault(name_of(cause), Shared(cause, outcome.site))
            shared.sites += 1
            shared.requirements += len(cause.requirements)
            shared.needed.update(zip(cause.requirements, cause.services, strict=False))
            if not cause.only_warned:
                shared.site = shared.site if shared.severe else outcome.site
                shared.severe += 1

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

    def alike(self, kind: str) -> list[Alike]:
        """The causes of a kind in the same order, with those of single sites that are alike put together."""
        groups: dict[tuple[object, ...], list[Shared]] = {}
        for each in self.worst(kind):
            own = (each.cause.text, each.cause.requirements) if each.sites == 1 else name_of(each.cause)
            groups.setdefault(own, []).append(each)
        return sorted((Alike(tuple(some)) for some in groups.values()), key=lambda each: -each.sites)

    @property
    def unread(self) -> int:
        """Sites of which nothing was proven."""
        return sum(self.ends[end] for end in UNREAD)


def name_of(cause: Cause) -> CauseName:
    """Return what a cause has in common at all sites."""
    return cause.kind, cause.firewall, cause.place, cause.text

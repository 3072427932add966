"""The program on one screen: site -> demands -> paths -> verdicts -> Result, and waivers on top."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import parsers
import rules
from linter import paths, verdicts, waivers
from linter.demands import Demand, Plan, plan
from linter.facts import Facts, refuse
from linter.journey import prove_all
from linter.progress import Progress, told, untold
from linter.result import Assumption, DemandResult, Input, MethodResult, Result, Scope
from linter.site import FirewallPlace, Site
from linter.verdicts import Proof
from parsers.model.addresses import AddressSet, spell_all
from parsers.model.conditions import Fact
from parsers.model.firewall import Firewall
from rules.pack import Pack
from rules.strict_yaml import InputError, Problem
from rules.suggest import unknown
from rules.values import written


@dataclass(frozen=True, slots=True)
class Examined:
    """A site with everything that was found, before it is told."""

    site: Site
    pack: Pack
    work: Plan
    firewalls: Mapping[str, Firewall]
    facts: Facts
    proofs: Mapping[str, Sequence[Proof]]
    """By the id of the requirement."""
    results: tuple[DemandResult, ...]
    """In the pack's order."""

    def methods(self) -> list[MethodResult]:
        """The verdict of every method, in the pack's order."""
        reasons = self.work.not_assessed
        return [verdicts.method(each.id, each.title.en, self.results, reasons.get(each.id, ""))
                for each in self.pack.methods if each.id in self.work.assessed or each.id in reasons]


def check(site: Site, as_of: date | None = None, progress: Progress = untold) -> Result:
    """Prove or refute every demand of a site; `progress` is told of every step.

    InputError for a site or waiver file that cannot be applied, Unusable for a configuration that cannot be
    read.
    """
    day = as_of or date.today()
    return tell(examine(site, day, progress=progress), day)


def tell(found: Examined, day: date) -> Result:
    """Make the result of an examination, as of the day on which it was made; InputError for waivers."""
    site = found.site
    inputs = [Input(name, file.name, file.sha256, firewall.vendor, firewall.version, file.line_counts,
                    tuple(note for note in firewall.notes if note.span.file == file.name))
              for name, firewall in found.firewalls.items()
              for file in sorted(firewall.files, key=lambda file: file.name)]
    result = Result(found.pack, tuple(inputs), _assumptions(found.work, site, found.facts),
                    tuple(found.methods()), found.results, _scope(found, day))
    if not site.waivers:
        return result
    return waivers.apply(result, waivers.read(site.waivers, found.pack, list(found.firewalls), day))


def _scope(found: Examined, day: date) -> Scope:
    known = found.work.settings.values
    settings = {each.id: written(known[each.id]) for each in found.pack.settings if each.id in known}
    roles = {each.id: found.site.roles[each.id] for each in found.pack.roles if each.id in found.site.roles}
    return Scope(found.site.origin.file if found.site.origin else "", roles, settings, day)


def examine(site: Site, as_of: date | None = None,
            given: Mapping[str, Firewall] | None = None, progress: Progress = untold) -> Examined:
    """Do the work of `check`, on the firewalls of the site or on changed ones that are `given` by name."""
    pack = rules.load(site.pack)
    return _examined(site, pack, plan(site, pack), as_of, given, progress)


def again(found: Examined, as_of: date | None, firewalls: Mapping[str, Firewall]) -> Examined:
    """Examine the same site with changed firewalls, by name."""
    return _examined(found.site, found.pack, found.work, as_of, firewalls, untold)


def _examined(site: Site, pack: Pack, work: Plan, as_of: date | None, given: Mapping[str, Firewall] | None,
              progress: Progress) -> Examined:
    firewalls = given or {place.name: parsers.read(*place.configs)
                          for place in told(site.firewalls, progress)}
    _check_names(site, [(place, firewalls[place.name]) for place in site.firewalls])
    facts = Facts(site.facts)
    proofs: dict[str, list[Proof]] = {}
    for proof in prove_all(site, firewalls, work.demands, facts, as_of, progress):
        proofs.setdefault(proof.arrival.demand.requirement.id, []).append(proof)
    if given is None:
        refuse(site, facts, firewalls, as_of)
    results = [verdicts.demand(each, proofs.get(each.requirement.id, []), *_path(site, each))
               for each in work.demands]
    results += [verdicts.not_applicable(*each) for each in work.not_applicable]
    order = {requirement.id: number for number, requirement in enumerate(pack.requirements)}
    results.sort(key=lambda each: order[each.requirement.id])
    return Examined(site, pack, work, firewalls, facts, proofs, tuple(results))


def _path(site: Site, demand: Demand) -> tuple[list[str], str]:
    """The firewalls that a demand passes, and why they may not be all."""
    ends = source, destination = demand.request.source, demand.request.destination
    names = [place.name for place in paths.between(site, *ends)]
    if names or paths.stated(site, *ends):
        return names, ""
    return names, (f"which firewalls stand between {source} and {destination}: none of the site file does; "
                   "if there is none, say so: "
                   f"'paths: [{{from: {source}, to: {destination}, through: []}}]'")


def _check_names(site: Site, firewalls: Sequence[tuple[FirewallPlace, Firewall]]) -> None:
    """Interfaces and lists that the site file names must exist."""
    problems = []
    for number, (place, firewall) in enumerate(firewalls):
        interfaces = [each.name for each in firewall.interfaces]
        lists = list(firewall.lists)
        if place.host and not firewall.on_host:
            problems.append(site.problem(("firewalls", number, "host"),
                                         f"{firewall.vendor} stands between hosts; leave 'host' out"))
        if firewall.vendor == "windows":
            problems += _windows(site, number, place)
        if place.acl and firewall.on_host:
            problems.append(site.problem(("firewalls", number, "acl"),
                                         "its chains are called by the kernel, not bound; leave 'acl' out"))
            continue
        for key, words, known, kind in (("interfaces", place.interfaces, interfaces, "interface"),
                                        ("acl", place.acl, lists, "access list")):
            for role, name in words.items():
                if name not in known and not (key == "interfaces" and firewall.on_host):
                    problems.append(site.problem(("firewalls", number, key, role),
                                                 f"{unknown(kind, name, known)} ({firewall.source.name} has: "
                                                 f"{', '.join(known) or 'none'})"))
    if problems:
        raise InputError(*problems)


def _windows(site: Site, number: int, place: FirewallPlace) -> Iterator[Problem]:
    if not place.host:
        yield site.problem(("firewalls", number), "a Windows Firewall guards its own computer: say which "
                                                  "role that plays, 'host: client'")
    if place.profile not in ("", *PROFILES):
        yield site.problem(("firewalls", number, "profile"), unknown("profile", place.profile, PROFILES))


PROFILES = ("domain", "private", "public")


def _assumptions(work: Plan, site: Site, facts: Facts) -> tuple[Assumption, ...]:
    defaults = [Assumption(key, written(work.settings.values[key]), "default") for key in work.assumed]
    return (*defaults, *(Assumption(key, _fact(value), "fact") for key, value in sorted(site.facts.items())
                         if key in facts.asked))


def _fact(value: Fact) -> str:
    if isinstance(value, AddressSet):
        return ", ".join(spell_all(value))
    return "yes" if value else "no"

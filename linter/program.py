"""The program on one screen: site -> demands -> paths -> verdicts -> Result, and waivers on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from aclproof import parsers, rules
from aclproof.linter.demands.demands import Demand, Plan, plan
from aclproof.linter.proof.path import prove_along_paths
from aclproof.linter.proof.progress import Progress, no_progress, reporting
from aclproof.linter.proof.records import Proof
from aclproof.linter.result import Assumption, DemandResult, Input, MethodResult, Result, Scope
from aclproof.linter.site import paths, waivers
from aclproof.linter.site.facts import Facts, validate_facts
from aclproof.linter.site.site import NO_FIREWALL, Site
from aclproof.linter.site.validation import validate_names
from aclproof.linter.verdict import decide, waiving
from aclproof.parsers.model.addresses import AddressSet, spell_all
from aclproof.parsers.model.conditions import Context, Fact
from aclproof.parsers.model.firewall import Firewall
from aclproof.rules.pack import Pack
from aclproof.rules.strict_yaml import InputError
from aclproof.rules.values import written


@dataclass(frozen=True, slots=True)
class Analysis:
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
        return [decide.method(each.id, each.title.en, self.results, reasons.get(each.id, ""))
                for each in self.pack.methods if each.id in self.work.assessed or each.id in reasons]


def check(site: Site, as_of: date | None = None, progress: Progress = no_progress) -> Result:
    """Prove or refute every demand of a site; `progress` is told of every step.

    InputError for a site or waiver file that cannot be applied, UnsupportedInputError for a configuration
    that cannot be read.
    """
    day = as_of or date.today()
    return to_result(analyse(site, day, progress=progress), day)


def to_result(analysis: Analysis, day: date) -> Result:
    """Make the result of an examination, as of the day on which it was made; InputError for waivers."""
    site = analysis.site
    inputs = [Input(name, file.name, file.sha256, firewall.vendor, firewall.version, file.line_counts,
                    tuple(note for note in firewall.notes if note.span.file == file.name))
              for name, firewall in analysis.firewalls.items()
              for file in sorted(firewall.files, key=lambda file: file.name)]
    result = Result(analysis.pack, tuple(inputs), _assumptions(analysis.work, site, analysis.facts),
                    tuple(analysis.methods()), analysis.results, _scope(analysis, day))
    if not site.waivers:
        return result
    return waiving.apply(result, waivers.read(site.waivers, analysis.pack, list(analysis.firewalls), day))


def _scope(analysis: Analysis, day: date) -> Scope:
    known = analysis.work.settings.values
    settings = {each.id: written(known[each.id]) for each in analysis.pack.settings if each.id in known}
    site = analysis.site
    roles = {each.id: site.roles[each.id] for each in analysis.pack.roles if each.id in site.roles}
    return Scope(site.origin.file if site.origin else "", roles, settings, day)


def analyse(site: Site, as_of: date | None = None,
            given: Mapping[str, Firewall] | None = None, progress: Progress = no_progress) -> Analysis:
    """Do the work of `check`, on the firewalls of the site or on changed ones that are `given` by name."""
    if not site.firewalls:  # nothing stands on any way: all would be met, and nothing proven
        raise InputError(site.problem(("firewalls",), NO_FIREWALL))
    pack = rules.load(site.pack)
    return _analyse(site, pack, plan(site, pack), as_of, given, progress)


def reanalyse(analysis: Analysis, as_of: date | None, firewalls: Mapping[str, Firewall]) -> Analysis:
    """Examine the same site with changed firewalls, by name."""
    return _analyse(analysis.site, analysis.pack, analysis.work, as_of, firewalls, no_progress)


def _analyse(site: Site, pack: Pack, work: Plan, as_of: date | None, given: Mapping[str, Firewall] | None,
             progress: Progress) -> Analysis:
    firewalls = given or {place.name: parsers.read(*place.configs)
                          for place in reporting(site.firewalls, progress)}
    validate_names(site, [(place, firewalls[place.name]) for place in site.firewalls])
    facts = Facts(site.facts)
    proofs: dict[str, list[Proof]] = {}
    for proof in prove_along_paths(site, firewalls, work.demands, Context(facts, as_of), progress):
        proofs.setdefault(proof.incoming.demand.requirement.id, []).append(proof)
    if given is None:
        validate_facts(site, facts, firewalls, as_of)
    results = [decide.demand(each, proofs.get(each.requirement.id, []), *_path(site, each))
               for each in work.demands]
    results += [decide.not_applicable(*each) for each in work.not_applicable]
    order = {requirement.id: number for number, requirement in enumerate(pack.requirements)}
    results.sort(key=lambda each: order[each.requirement.id])
    return Analysis(site, pack, work, firewalls, facts, proofs, tuple(results))


def _path(site: Site, demand: Demand) -> tuple[list[str], str]:
    """The firewalls that a demand passes, and why they may not be all."""
    ends = demand.request.source, demand.request.destination
    return [place.name for place in paths.between(site, *ends)], paths.doubt(site, *ends)


def _assumptions(work: Plan, site: Site, facts: Facts) -> tuple[Assumption, ...]:
    defaults = [Assumption(key, written(work.settings.values[key]), "default") for key in work.assumed]
    return (*defaults, *(Assumption(key, _fact(value), "fact") for key, value in sorted(site.facts.items())
                         if key in facts.asked))


def _fact(value: Fact) -> str:
    if isinstance(value, AddressSet):
        return ", ".join(spell_all(value))
    return "yes" if value else "no"

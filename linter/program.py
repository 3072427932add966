"""The program on one screen: site -> demands -> paths -> proofs -> verdicts -> result, and waivers on top."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from aclproof.linter.basis import Assumption
from aclproof.linter.demands.demands import Demand, Plan, among_firewalls, plan
from aclproof.linter.demands.systems import answers, told
from aclproof.linter.engine.budget import STEPS_OF_A_RUN, Budget
from aclproof.linter.proof import taking_part
from aclproof.linter.proof.path import prove_along_paths
from aclproof.linter.proof.progress import Progress, no_progress, reporting
from aclproof.linter.proof.records import Judged, Proof
from aclproof.linter.questions import Question
from aclproof.linter.result import DemandResult, MethodResult, Result, Undecided
from aclproof.linter.site import configurations
from aclproof.linter.site.doubts import doubts
from aclproof.linter.site.fact_keys import told_apart
from aclproof.linter.site.facts import Facts, validate_facts
from aclproof.linter.site.packs import pack_of
from aclproof.linter.site.site import NO_FIREWALL, Site, SiteFirewall
from aclproof.linter.site.validation import validate_names
from aclproof.linter.verdict import basis, conditional, decide
from aclproof.linter.verdict.conditional import Answers, Tries, undecided
from aclproof.linter.waiver import Waiver
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall
from aclproof.rules.pack import Pack
from aclproof.rules.strict_yaml import InputError


class Analysis(Struct, frozen=True):
    """A site and its analysis, before it becomes a Result."""

    site: Site
    pack: Pack
    work: Plan
    firewalls: Mapping[str, Firewall]
    """By the names of the site, as they were read."""
    asking: Mapping[str, Firewall]
    """The same, as they were proven: each asks for facts of its own."""
    known: Context
    """The facts of the site, and the day."""
    facts: Facts
    """Those that are known, and which of them were asked for."""
    proofs: Mapping[str, Sequence[Proof]]
    """By the id of the requirement."""
    results: tuple[DemandResult, ...]
    """In the pack's order."""
    steps: Budget
    """What is left for further proofs."""
    assumed: Mapping[str, Question] = field(default_factory=dict)
    """The questions whose usual answers the site assumes, by key."""
    doubted: Mapping[str, Undecided] = field(default_factory=dict)
    """What takes back that a demand is met, by requirement: a device says otherwise."""

    def methods(self) -> list[MethodResult]:
        """The verdict of every method, in the pack's order."""
        reasons = self.work.not_assessed
        return [decide.method(method.id, method.title.en, self.results, reasons.get(method.id, ""))
                for method in self.pack.methods if method.id in self.work.assessed or method.id in reasons]

    def judged_at(self, firewall: str) -> Iterator[tuple[str, Proof, Judged]]:
        """Yield what the rules of a firewall were found to do with packets, each with its requirement."""
        for requirement, proofs in self.proofs.items():
            for proof in proofs:
                if proof.name == firewall and isinstance(proof.finding, Judged):
                    yield requirement, proof, proof.finding

    def assumptions(self) -> tuple[Assumption, ...]:
        """Return what the verdicts rest on besides the configurations."""
        return tuple(basis.assumptions(self.work, self.site, self.pack, self.facts, self.asking,
                                       self.assumed))

    def tries(self) -> Tries:
        """Return what repeats the proof of its undecided demands with other answers."""
        rules_of_all = sum(len(chain.rules) for each in self.firewalls.values()
                           for chain in each.chains.values())
        most = min(_MOST_TRIES, _MOST_RULES // max(rules_of_all, 1))
        return Tries(self._prove, undecided(self.results), most)

    def _prove(self, answers: Answers, requirements: Set[str]) -> Mapping[str, DemandResult]:
        demands = [each for each in self.work.demands if each.requirement.id in requirements]
        if self.steps.left < STEPS_OF_A_RUN / 2:  # what was too much once is not tried again
            return {each: result for each, result in undecided(self.results).items() if each in requirements}
        known = replace(self.known, facts={**self.known.facts, **answers})
        found = prove_along_paths(self.site, self.asking, demands, known, self.steps)
        return self._taken_back(_judged(demands, _by_requirement(demands, found)))

    def with_doubts(self, doubted: Mapping[str, Undecided]) -> Analysis:
        """Take back what is in doubt for reasons that no configuration shows."""
        found = replace(self, doubted=doubted)
        results = found._taken_back({each.requirement.id: each for each in self.results})
        return replace(found, results=tuple(results.values()))

    def _taken_back(self, results: Mapping[str, DemandResult]) -> Mapping[str, DemandResult]:
        return {name: decide.doubted(each, self.doubted[name]) if name in self.doubted else each
                for name, each in results.items()}


_MOST_TRIES = 64
_MOST_RULES = 200_000
"""So many rules are walked to say what would follow of what is undecided."""


Read: TypeAlias = Callable[[SiteFirewall], Firewall]
"""How the configuration of a firewall is read."""


def check(site: Site, as_of: date | None = None, progress: Progress = no_progress) -> Result:
    """Prove or refute every demand of a site; `progress` gets an event before each firewall.

    InputError for a site or waiver file that cannot be applied, UnsupportedInputError for a configuration
    that cannot be read.
    """
    day = as_of or date.today()
    return to_result(analyse(site, day, progress=progress), day)


def analyse(site: Site, as_of: date | None = None, given: Mapping[str, Firewall] | None = None,
            progress: Progress = no_progress, read: Read = configurations.read) -> Analysis:
    """Do the work of `check`, on the firewalls of the site or on changed ones that are `given` by name."""
    if not site.firewalls:  # without a firewall everything would be met vacuously
        raise InputError(site.problem(("firewalls",), NO_FIREWALL))
    pack = pack_of(site)
    work = plan(site, pack)
    firewalls = given or {place.name: read(place)
                          for place in reporting(site.firewalls, progress)}
    systems = told(site, firewalls)
    if systems:
        work = plan(site, pack, systems)
    work = among_firewalls(work, site, firewalls)
    analysis = _analyse(_Task(site, pack, work), firewalls, as_of, progress)
    if given is None:
        validate_facts(site, analysis.facts, analysis.asking, as_of)
    return analysis


def reanalyse(analysis: Analysis, as_of: date | None, firewalls: Mapping[str, Firewall]) -> Analysis:
    """Analyse the same site with changed firewalls, by name."""
    task = _Task(analysis.site, analysis.pack, analysis.work)
    return _analyse(task, firewalls, as_of, no_progress)


def to_result(analysis: Analysis, day: date) -> Result:
    """Make the result of an analysis, as of the day on which it was made; InputError for waivers."""
    site, pack, work = analysis.site, analysis.pack, analysis.work
    tries = analysis.tries()
    asked = conditional.usual_answers(tries)
    result = Result(pack, tuple(basis.inputs(analysis.firewalls, analysis.results)),
                    analysis.assumptions(),
                    tuple(conditional.with_conditions(analysis.methods(), tries, asked)),
                    conditional.with_usual(analysis.results, tries, asked),
                    basis.scope(work, site, pack, day), conditional.later_questions(tries, asked))
    if not site.waivers:
        return result
    from aclproof.linter.verdict import waiving

    return waiving.apply(result, _waivers(analysis, day))


def waived(analysis: Analysis, day: date) -> Analysis:
    """Return an analysis with who answers for what is not proven; InputError for the waiver file."""
    if not analysis.site.waivers:
        return analysis
    from aclproof.linter.verdict import waiving

    demands, _ = waiving.with_waivers(analysis.results, _waivers(analysis, day), day)
    return replace(analysis, results=demands)


def _waivers(analysis: Analysis, day: date) -> Sequence[Waiver]:
    from aclproof.linter.site import waivers

    site = analysis.site
    file = site.origin.file if site.origin else ""
    return waivers.read(site.waivers, analysis.pack, list(analysis.firewalls), day, file, site.root)


class _Task(Struct, frozen=True):
    """What is to be proven, whatever the firewalls are like."""

    site: Site
    pack: Pack
    work: Plan


def _analyse(task: _Task, firewalls: Mapping[str, Firewall], as_of: date | None,
             progress: Progress) -> Analysis:
    """Prove everything; where the site assumes what is usual, once more with the usual answers."""
    site = task.site
    validate_names(site, [(place, firewalls[place.name]) for place in site.firewalls])
    apart = told_apart(firewalls)
    stated = answers(site, task.pack, task.work.settings, apart) | dict(site.facts)
    found = _prove(task, apart, Facts(stated), as_of, progress)
    if not site.assume_usual:
        return replace(found, firewalls=firewalls)
    assumed = conditional.usual_answers(found.tries())
    usual = {key: bool(each.usual) for key, each in assumed.items()}
    before = undecided(found.results)
    found = _prove(task, apart, Facts(usual | stated), as_of, progress)
    return replace(found, firewalls=firewalls, assumed=assumed, results=tuple(
        replace(each, assumed=each.requirement.id in before) for each in found.results))


def _prove(task: _Task, firewalls: Mapping[str, Firewall], facts: Facts, as_of: date | None,
           progress: Progress) -> Analysis:
    site, pack, work = task.site, task.pack, task.work
    for place in site.firewalls:  # they are no rule's conditions, so nothing else asks for them
        facts.looked_up.update(doubt.key for doubt in doubts(site, place, firewalls[place.name]))
    known, steps = Context(facts, as_of), Budget(STEPS_OF_A_RUN)
    proofs = _by_requirement(work.demands, prove_along_paths(site, firewalls, work.demands, known, steps,
                                                             progress))
    results = _judged(work.demands, proofs)
    for each in work.not_applicable:
        results[each.requirement.id] = decide.not_applicable(each)
    in_order = tuple(results[requirement.id] for requirement in pack.requirements
                     if requirement.id in results)
    return Analysis(site, pack, work, firewalls, firewalls, known, facts, proofs, in_order, steps)


def _by_requirement(demands: Sequence[Demand], found: Iterable[Proof]) -> dict[str, list[Proof]]:
    proofs: dict[str, list[Proof]] = {demand.requirement.id: [] for demand in demands}
    for proof in found:
        proofs[proof.incoming.demand.requirement.id].append(taking_part.of_hosts(proof))
    return proofs


def _judged(demands: Sequence[Demand], proofs: Mapping[str, Sequence[Proof]]) -> dict[str, DemandResult]:
    return {each.requirement.id: decide.demand(each, proofs[each.requirement.id]) for each in demands}

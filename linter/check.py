"""The program on one screen: site -> demands -> paths -> verdicts -> Result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import parsers
import rules
from linter import verdicts
from linter.demands import Demand, Leg, Plan, plan
from linter.engine.evaluate import evaluate
from linter.engine.packets import Box
from linter.engine.prefilter import candidates
from linter.paths import Crossing, Unplaced, crossings
from linter.result import Assumption, Input, Result
from linter.site import FirewallPlace, Site
from linter.verdicts import Proof
from parsers.model.addresses import AddressSet, Family, spell
from parsers.model.conditions import Context, Fact
from parsers.model.firewall import Firewall
from parsers.model.rules import Rule
from rules.strict_yaml import InputError
from rules.suggest import unknown
from rules.values import written


def check(site: Site, as_of: date | None = None) -> Result:
    """Prove or refute every demand of a site.

    InputError for a site file that cannot be applied, Unusable for a configuration that cannot be read.
    """
    pack = rules.load(site.pack)
    work = plan(site, pack)
    firewalls = [(place, parsers.read(place.config)) for place in site.firewalls]
    _check_names(site, firewalls)
    proofs = [proof for place, firewall in firewalls
              for proof in prove(place, firewall, work.demands, site.facts, as_of)]
    by_leg: dict[int, list[Proof]] = {}
    for proof in proofs:
        by_leg.setdefault(id(proof.leg), []).append(proof)
    results = [verdicts.demand(each, [proof for leg in each.legs for proof in by_leg.get(id(leg), [])])
               for each in work.demands]
    results += [verdicts.not_applicable(*each) for each in work.not_applicable]
    order = {requirement.id: number for number, requirement in enumerate(pack.requirements)}
    results.sort(key=lambda each: order[each.requirement.id])
    methods = [verdicts.method(each.id, each.title.en, results, work.not_assessed.get(each.id, ""))
               for each in pack.methods if each.id in work.assessed or each.id in work.not_assessed]
    inputs = [Input(place.name, firewall.source.name, firewall.source.sha256, firewall.vendor,
                    firewall.version, firewall.line_counts, firewall.notes) for place, firewall in firewalls]
    return Result(pack, tuple(inputs), _assumptions(work, site), tuple(methods), tuple(results))


def prove(place: FirewallPlace, firewall: Firewall, demands: Sequence[Demand], facts: Mapping[str, Fact],
          as_of: date | None) -> list[Proof]:
    """Walk every leg of every demand through one firewall: one pass over each chain for all of them."""
    legs = [(demand, leg) for demand in demands for leg in demand.legs
            if leg.kind == "request" or not _by_session(firewall, leg)]
    parts = [(demand, leg, crossing) for demand, leg in legs for crossing in crossings(firewall, place, leg)]
    lists = _rules_for(firewall, [part for _, _, part in parts])
    proofs: list[Proof] = []
    for number, (demand, leg, part) in enumerate(parts):
        outcome = None
        if isinstance(part, Crossing):
            context = Context(facts, as_of, demand.requirement.listener, leg.kind == "reply")
            outcome = evaluate(part.stages, lists[number], part.box, context)
        proofs.append(Proof(place.name, firewall, leg, part, outcome))
    return proofs


def _by_session(firewall: Firewall, leg: Leg) -> bool:
    return all(box.protocol in firewall.stateful for box in leg.boxes)


def _rules_for(firewall: Firewall, parts: Sequence[Crossing | Unplaced]) -> list[dict[str, list[Rule]]]:
    """For each part the rules that can meet it, chain by chain."""
    users: dict[str, list[tuple[int, Box]]] = {}
    calls = {name: {rule.target for rule in chain.rules} - {""} for name, chain in firewall.chains.items()}
    for number, part in enumerate(parts):
        if isinstance(part, Crossing):
            for name in _reachable(calls, (name for stage in part.stages for name in stage.chains)):
                users.setdefault(name, []).append((number, part.box))
    found: list[dict[str, list[Rule]]] = [{} for _ in parts]
    for name, uses in users.items():
        kept = candidates(firewall.chains[name].rules, [box for _, box in uses])
        for (number, _), rules_kept in zip(uses, kept, strict=True):
            found[number][name] = rules_kept
    return found


def _reachable(calls: Mapping[str, set[str]], names: Iterable[str]) -> list[str]:
    """The chains themselves and every chain that their rules call, each once."""
    found = list(dict.fromkeys(names))
    for name in found:
        found += sorted(calls[name] - set(found))
    return found


def _check_names(site: Site, firewalls: Sequence[tuple[FirewallPlace, Firewall]]) -> None:
    """Interfaces and lists that the site file names must exist."""
    problems = []
    for number, (place, firewall) in enumerate(firewalls):
        interfaces = [each.name for each in firewall.interfaces]
        lists = list(firewall.lists)
        for key, words, known, kind in (("interfaces", place.interfaces, interfaces, "interface"),
                                        ("acl", place.acl, lists, "access list")):
            for role, name in words.items():
                if name not in known:
                    problems.append(site.problem(("firewalls", number, key, role),
                                                 f"{unknown(kind, name, known)} ({firewall.source.name} has: "
                                                 f"{', '.join(known) or 'none'})"))
    if problems:
        raise InputError(*problems)


def _assumptions(work: Plan, site: Site) -> tuple[Assumption, ...]:
    defaults = [Assumption(key, written(work.settings.values[key]), "default") for key in work.assumed]
    return (*defaults, *(Assumption(key, _fact(value), "fact") for key, value in site.facts.items()))


def _fact(value: Fact) -> str:
    if isinstance(value, AddressSet):
        return ", ".join(text for family in Family for text in spell(family, value.of(family).ranges))
    return "yes" if value else "no"

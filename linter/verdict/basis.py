"""What a result rests on: the configurations as they were read, assumptions, and the scope of the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date

from msgspec.structs import replace

from aclproof.linter.basis import Assumption, Input, Scope, SettingValue
from aclproof.linter.demands.demands import Plan
from aclproof.linter.questions import Question
from aclproof.linter.result import DemandResult, Verdict
from aclproof.linter.site.doubts import doubts
from aclproof.linter.site.fact_answers import spelled
from aclproof.linter.site.facts import Facts
from aclproof.linter.site.site import Site
from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.model.fact_kinds import answers_of, word
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.plain_rules import special
from aclproof.rules.joined import bare
from aclproof.rules.pack import EPHEMERAL_PORTS, Pack, Setting
from aclproof.rules.values import written


def inputs(firewalls: Mapping[str, Firewall], results: Sequence[DemandResult]) -> Iterator[Input]:
    """Yield every file that was read, firewall by firewall, those of one firewall by name."""
    settled = all(each.verdict in (Verdict.MET, Verdict.NOT_APPLICABLE) for each in results)
    for name, firewall in firewalls.items():
        asked = settled and any(note.decides for note in firewall.notes)
        judged = _judged(firewall) if asked else frozenset()
        for file in sorted(firewall.files, key=lambda file: file.name):
            notes = tuple(replace(note, decides=note.decides
                                  and (note.span.file, note.span.first_line) not in judged)
                          for note in firewall.notes if note.span.file == file.name)
            yield Input(name, file.name, file.sha256, firewall.vendor, firewall.version, file.line_counts,
                        notes)


def _judged(firewall: Firewall) -> Set[tuple[str, int]]:
    """The lines that rules stand for: where all is met in spite of them, they have decided nothing."""
    lines = {rule.line for chain in firewall.chains.values() for rule in special(chain.rules)
             if rule.in_file and rule.conditions}
    return {(span.file, span.first_line) for span in map(firewall.source.span, lines)}


def assumptions(work: Plan, site: Site, pack: Pack, facts: Facts,
                firewalls: Mapping[str, Firewall],
                assumed: Mapping[str, Question]) -> Iterator[Assumption]:
    """Yield the settings that some demand rests on and nobody gave, the facts of the site that some rule
    depended on, and the usual answers that were taken: because nobody asks, or because the site assumes
    them."""
    for setting in pack.settings:
        if setting.id in work.assumed:
            yield Assumption(setting.id, _taken(work, setting), "default")
    for key, base in work.settings.derived.items():
        if key in work.rests_on:
            yield Assumption(key, written(work.settings.values[key]), "derived", follows=base)
    for key, value in sorted(site.facts.items()):
        if key in facts.looked_up:
            yield Assumption(key, spelled(key, value), "fact")
    taken = {each.key: each for each in relied_on(site, firewalls, facts.looked_up - site.facts.keys())}
    for key, doubt in sorted((taken | dict(assumed)).items()):
        yield Assumption(key, _usual(doubt), "relied-on", doubt.because, doubt.find_out,
                         assumed=key in assumed)


def _usual(doubt: Opaque | Question) -> str:
    """The usual answer, in the words of its fact."""
    answers = doubt.answers if isinstance(doubt, Question) else answers_of(doubt)
    return word(answers or "yes-no", bool(doubt.usual))


def _taken(work: Plan, setting: Setting) -> str:
    """The value of a setting that was not given."""
    value = written(work.settings.values[setting.id])
    if setting.id in work.settings.told:
        return f"{value} ({work.systems[setting.system_of].title})"
    return _with_source_ports(work, setting.id, value)


def _with_source_ports(work: Plan, name: str, value: str) -> str:
    """The value of a setting that nobody gave, and of the source ports what each role uses."""
    return (_source_ports(work) or value) if bare(name) == EPHEMERAL_PORTS else value


def _source_ports(work: Plan) -> str:
    """From which ports who opens connections; by role only where they differ."""
    by_role = {role: written(ports.ranges) for role, ports in work.source_ports.items()}
    if len(set(by_role.values())) == 1:
        return next(iter(by_role.values()))
    return "; ".join(f"{role} {ports}" for role, ports in by_role.items())


def relied_on(site: Site, firewalls: Mapping[str, Firewall], asked: Set[str]) -> list[Opaque]:
    """Return the doubts among the keys that were asked for whose usual answer was taken, by key."""
    found: dict[str, Opaque] = {}
    if not asked:
        return []
    for place in site.firewalls:
        found |= {doubt.key: doubt for doubt in doubts(site, place, firewalls[place.name])}
    for firewall in firewalls.values():
        for _, condition in firewall.conditions():
            if isinstance(condition, Opaque) and condition.relied_on and condition.key in asked:
                found.setdefault(condition.key, condition)
    return [found[key] for key in sorted(found) if key in asked]


def scope(work: Plan, site: Site, pack: Pack, day: date) -> Scope:
    """Return what was checked, as of which day; roles and settings in the pack's order."""
    settings = {each.id: _setting(work, each.id) for each in pack.settings
                if each.id in work.settings.values}
    roles = {role.id: site.roles[role.id] for role in pack.roles if role.id in site.roles}
    lacking = {role.id: tuple(each.id for each, roles in work.without_addresses if role.id in roles)
               for role in pack.roles}
    return Scope(site.origin.file if site.origin else "", roles, settings, day,
                 {role: ids for role, ids in lacking.items() if ids}, tuple(_options(site)))


def _setting(work: Plan, name: str) -> SettingValue:
    settings = work.settings
    value, base = written(settings.values[name]), settings.derived.get(name, "")
    if base:
        return SettingValue(value, "derived", base)
    if settings.is_given(name):
        return SettingValue(value, "given")
    return SettingValue(_with_source_ports(work, name, value), "default")


def _options(site: Site) -> Iterator[str]:
    if site.narrowed:
        yield from (f"--method {method}" for method in site.methods)
    said = site.origin.data if site.origin else None
    if site.strict:
        yield "--strict"
    if site.tier and not (isinstance(said, dict) and said.get("tier")):
        yield f"--tier {site.tier}"

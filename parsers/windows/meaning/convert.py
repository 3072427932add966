"""From Windows' words to the common model: all exports of one computer become chains, tier by tier."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from aclproof.parsers.model.addresses import AddressSet
from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.model.firewall import File, Firewall
from aclproof.parsers.model.notes import LineCounts, Note, State
from aclproof.parsers.model.rules import NO_LINE, Action, Chain, Default, Rule
from aclproof.parsers.model.services import ICMP, ICMP6, TCP, UDP, Service
from aclproof.parsers.source import Source
from aclproof.parsers.windows import forms
from aclproof.parsers.windows.meaning import barriers, hidden, implicit, rules, shown_by, systems
from aclproof.parsers.windows.meaning.implicit import WAYS, Doubt
from aclproof.parsers.windows.meaning.narrowing import Host
from aclproof.parsers.windows.meaning.rules import Tier
from aclproof.parsers.windows.meaning.settings import Effective, effective
from aclproof.parsers.windows.records.aspects import hidden_by
from aclproof.parsers.windows.records.exports import Exports
from aclproof.parsers.windows.records.rule import (
    CHANGE_SCRIPT,
    PROFILES,
    Direction,
    Profile,
    WindowsInput,
)
from aclproof.reason import Reason, joined

VENDOR = "windows"

_HIDDEN = Reason("the export does not show everything that its rules test, so what they allow is an upper "
                 "bound; export from the registry, or by PowerShell")
_ADDED = Reason("other rules than these exist, and the file does not show them")
_LOCAL = Reason("rules and settings of Group Policy are not in the files: they would add to these, and "
                "settings of Group Policy win")


def parse(sources: Sequence[Source]) -> Firewall:
    """Convert the exports of one computer: rules, profile settings, Group Policy, each in any form.

    UnsupportedInputError when an input is none; rules that cannot be read become notes and open rules.
    """
    return join(forms.read_all(sources))


def join(inputs: Sequence[WindowsInput]) -> Firewall:
    """Make one firewall of the inputs of one computer."""
    sources = [each.source for each in inputs]
    joined = Exports(inputs)
    settings = tuple(effective(profile, joined.settings) for profile in PROFILES)
    system = max((each.system for each in inputs if each.system), default=None)
    reads = max((each.reads for each in inputs if each.reads), default=None)
    work = _Converter(inputs, joined, Host(_name(inputs), settings, system, reads))
    chains: dict[str, Chain] = {}
    defaults: dict[str, Default] = {}
    for way in WAYS:
        chains |= {chain.name: chain for chain in work.chains(way)}
        defaults |= dict(_defaults(settings, way, joined))
    host = systems.system(system)
    return Firewall(
        sources[0].name, VENDOR, host.title if host else "", joined, work.files(), chains, defaults=defaults,
        stateful=frozenset({TCP, UDP, ICMP, ICMP6}), notes=tuple(work.notes()), on_host=True,
        system=host)


def _name(inputs: Sequence[WindowsInput]) -> str:
    """What facts call the computer: in any order of its exports, before a script and after it."""
    return min(PurePath(each.source.name).name for each in inputs if each.kind != CHANGE_SCRIPT)


class _Converter:
    """The inputs of one computer; equal sets are kept once, so that the engine meets each only once."""

    def __init__(self, inputs: Sequence[WindowsInput], joined: Exports, host: Host) -> None:
        self._inputs, self._joined, self._host = inputs, joined, host
        self._shown_by = shown_by.commands(each for each in inputs if each.kind != CHANGE_SCRIPT)
        self._addresses: dict[AddressSet, AddressSet] = {}
        self._services: dict[tuple[Service, ...], tuple[Service, ...]] = {}
        self._tiers: dict[tuple[Direction, Tier], list[Rule]] = {
            (way, tier): [] for way in WAYS for tier in Tier}
        self._open: dict[int, dict[int, str]] = {number: {} for number in range(len(inputs))}
        """Of each input the lines of rules that stay open, and why."""
        for number, each in enumerate(inputs):
            self._input(number, each)

    def _input(self, number: int, found: WindowsInput) -> None:
        first = self._joined.first(found.source)
        for record in found.rules:
            for tier, rule in rules.rules(record, first + record.line, self._host):
                self._tiers[record.direction, tier].append(rule._replace(
                    sources=self._addresses.setdefault(rule.sources, rule.sources),
                    destinations=self._addresses.setdefault(rule.destinations, rule.destinations),
                    services=self._services.setdefault(rule.services, rule.services)))
                reasons = _open(rule)
                if reasons:
                    reason = Reason("open: {reasons}", reasons=joined("; ", reasons))
                    self._open[number].setdefault(record.line, reason)

    def chains(self, way: Direction) -> Iterator[Chain]:
        """Build the chains of one direction, in the order of force."""
        settings, doubts, unknown = self._host.settings, list(self._doubts(way)), list(self._unknown())
        tiers = {tier: self._tiers[way, tier] for tier in Tier}
        yield Chain(implicit.barriers(way), tuple(self._barriers(way)), synthetic=True)
        yield Chain(implicit.state(way), tuple(implicit.states(settings, way, unknown)), synthetic=True)
        yield Chain(implicit.bypass(way), tiers[Tier.BYPASS], synthetic=True)
        yield Chain(implicit.exceptions(way), tuple(implicit.stops(settings, way, unknown)), synthetic=True)
        yield Chain(WAYS[way], (
            *tiers[Tier.BLOCK], *implicit.doubts(doubts, Action.DENY), *tiers[Tier.SECURE],
            *tiers[Tier.PLAIN], *tiers[Tier.ALLOW], *implicit.doubts(doubts, Action.PERMIT)))
        yield Chain(implicit.default(way), tuple(implicit.defaults(settings, way)), synthetic=True)

    def _whole_policy(self) -> bool:
        return any(each.whole_policy for each in self._inputs)

    def _barriers(self, way: Direction) -> Iterator[Rule]:
        for each in self._inputs:
            for barrier in each.barriers:
                yield from barriers.of(barrier, way, self._joined.first(each.source), self._host)
        for barrier in hidden.barriers(rule for each in self._inputs for rule in each.rules):
            yield from barriers.of(barrier, way, NO_LINE, self._host)

    def _unknown(self) -> Iterator[Doubt]:
        """Yield settings that no file shows, which may switch the firewall off or let nothing in."""
        yield from implicit.unsaid(self._host.settings, self._shown_by.settings)
        if not self._whole_policy():
            yield NO_LINE, implicit.policy(self._host.name)

    def _doubts(self, way: Direction) -> Iterator[Doubt]:
        """Yield what may be any rule: directions that no input shows, lines that could not be read."""
        if not any(way in each.shows for each in self._inputs):
            yield 1, implicit.unseen(way, self._shown_by.rules)
        exported = [each for each in self._inputs if each.kind != CHANGE_SCRIPT]
        if not self._whole_policy() and not any(rule.store == "policy" for each in exported
                                                for rule in each.rules):
            for settings in self._host.settings:
                if not settings.local_rules:
                    yield settings.line, implicit.policy_only(settings.profile)
        for each in self._inputs:
            for line, reason in each.broken:
                yield self._joined.first(each.source) + line, implicit.unread(reason)

    def files(self) -> tuple[File, ...]:
        """Account for the lines of each input."""
        found = []
        for number, export in enumerate(self._inputs):
            unresolved, counts = len(self._open[number]), export.counts
            found.append(File(export.source.name, export.source.sha256, LineCounts(
                counts.understood - unresolved, counts.ignored, counts.approximated + unresolved,
                counts.unread)))
        return tuple(found)

    def notes(self) -> Iterator[Note]:
        """Note what was not read exactly, input by input."""
        for number, export in enumerate(self._inputs):
            yield from self._notes(export, self._open[number], self._joined)
        if not self._whole_policy():
            yield Note(State.APPROXIMATED, self._inputs[0].source.place(1), _LOCAL)

    @staticmethod
    def _notes(export: WindowsInput, unresolved: Mapping[int, str], joined: Exports) -> Iterator[Note]:
        first, whole = joined.first(export.source), export.source.place(1)
        if any(rule.hidden or "application package" in hidden_by(rule.tool) for rule in export.rules):
            yield Note(State.APPROXIMATED, whole, _HIDDEN)
        if export.rules and not export.shows:
            yield Note(State.APPROXIMATED, whole, _ADDED)
        yield from export.notes
        found = [Note(State.APPROXIMATED, joined.span(first + line), reason)
                 for line, reason in unresolved.items()]
        found += [Note(State.UNREAD, joined.span(first + line), reason, decides=True)
                  for line, reason in export.broken]
        yield from sorted(found, key=lambda note: note.span.first_line)


def _open(rule: Rule) -> list[str]:
    """Why a rule stays open, where it can be for a listener that a demand speaks of."""
    if not rule.enabled or barriers.concerns_nobody(rule):
        return []
    return [each.because for each in rule.conditions
            if isinstance(each, Opaque) and each.key and not each.key.startswith(hidden.HIDDEN)
            and not each.relied_on]


def _defaults(settings: Sequence[Effective], way: Direction,
              joined: Exports) -> Iterator[tuple[str, Default]]:
    for profile in settings:
        action = Action.PERMIT if implicit.allows(profile, way) else Action.DENY
        text = _default_action(profile.profile, implicit.unmatched(way, action))
        if not profile.known:
            text = Reason("{action}, as Windows has it by default", action=text)
        yield implicit.of_profile(way, profile.profile), Default(
            action, "profile-default", text, joined.span(profile.line) if profile.line else joined.place(1))


def _default_action(profile: Profile, unmatched: str) -> Reason:
    match profile:
        case "Domain":
            return Reason("default action of the Domain profile: {action}", action=unmatched)
        case "Private":
            return Reason("default action of the Private profile: {action}", action=unmatched)
        case "Public":
            return Reason("default action of the Public profile: {action}", action=unmatched)

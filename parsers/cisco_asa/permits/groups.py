"""A group that is there already takes in what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from aclproof.parsers.cisco_asa.permits.aces import members
from aclproof.parsers.cisco_asa.permits.config import Config
from aclproof.parsers.model.addresses import AddressSet, Family
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.permits import Candidate, MissingPermit

_NO_USE = (["access-group"], ["description"])


class _Extension(NamedTuple):
    """Addresses that a group lacks."""

    name: str
    family: Family
    lacking: IntervalSet


def extensions(config: Config, missing: Sequence[MissingPermit]) -> Iterator[Candidate]:
    """Yield what adds to a group of a permit that is for the packets but for one end.

    First comes what most of the missing permits lack.
    """
    groups = _Groups(config)
    wanted: dict[_Extension, list[MissingPermit]] = {}
    held: dict[_Extension, AddressSet] = {}
    for permit in missing:
        for rule in config.firewall.chains[permit.chain].rules[:permit.at]:
            for extension, addresses in _lacking(config, groups, rule, permit.box):
                wanted.setdefault(extension, []).append(permit)
                held[extension] = addresses
    for extension in sorted(wanted, key=lambda each: -len(wanted[each])):
        passes = _passing(config, held[extension], extension)
        if passes and _free(config, extension.name):
            lines = (f"object-group network {extension.name}",
                     *members(extension.family, extension.lacking))
            yield Candidate(lines, tuple(missing), len(lines) - 1, reuses=True, passes=tuple(passes))


def _lacking(config: Config, groups: _Groups, rule: Rule,
             box: Box) -> Iterator[tuple[_Extension, AddressSet]]:
    """Yield what the groups of a permit lack to let a box pass, with what they hold now."""
    for held, wanted, other, at_other in (
            (rule.sources, box.sources, rule.destinations, box.destinations),
            (rule.destinations, box.destinations, rule.sources, box.sources)):
        names = groups.of(held)
        if not names:
            continue
        lacking = wanted - held.of(box.family)
        if lacking and at_other <= other.of(box.family) and _permits(rule, box):
            for name in names:
                if _names(config, rule, name):
                    yield _Extension(name, box.family, lacking), held


class _Groups:
    """The groups of which everything is known, by what they hold; each interned set is looked up once."""

    def __init__(self, config: Config) -> None:
        self._names: dict[AddressSet, list[str]] = {}
        self._known: dict[int, list[str]] = {}
        objects = config.reader.objects
        for name, known in objects.definitions.items():
            if known.kind == "network" and known.word == "object-group":
                resolved = objects.network(name)
                if resolved.known and not resolved.opens:
                    self._names.setdefault(resolved.known, []).append(name)

    def of(self, addresses: AddressSet) -> list[str]:
        known = self._known.get(id(addresses))
        if known is None:
            known = self._known[id(addresses)] = self._names.get(addresses, [])
        return known


def _permits(rule: Rule, box: Box) -> bool:
    if rule.action is not Action.PERMIT or not rule.enabled or rule.conditions:
        return False
    return any(box.protocol in service.protocols and box.source_ports <= service.source_ports
               and box.destination_ports <= service.destination_ports for service in rule.services)


def _passing(config: Config, group: AddressSet, extension: _Extension) -> list[Box]:
    """What passes by the permits that have the group at one end, with what it is to take in.

    Nothing where a rule that denies has it, or one for all protocols.
    """
    found: list[Box] = []
    for rule in (rule for chain in config.firewall.lists.values() for rule in chain.rules):
        if group in (rule.sources, rule.destinations):
            if rule.action is not Action.PERMIT or any(each.protocols.size > 1 for each in rule.services):
                return []
            sources, destinations = (extension.lacking if each == group else each.of(extension.family)
                                     for each in (rule.sources, rule.destinations))
            found += [Box(extension.family, each.protocols.lowest, sources, destinations, each.source_ports,
                          each.destination_ports) for each in rule.services]
    return found


def _names(config: Config, rule: Rule, name: str) -> bool:
    words = config.source.span(rule.line).text.split()
    return ("object-group", name) in pairwise(words)


def _free(config: Config, name: str) -> bool:
    """Whether nothing but lists that filter interfaces depends on a group."""
    bound = {config.list_name(binding.chain) for binding in config.firewall.bindings}
    used: set[str] = set()
    others: list[list[str]] = []
    for text in config.reader.texts:
        words = text.split() if text else []
        if words[:1] == ["ipv6"]:
            words = words[1:]
        if words[:1] == ["access-list"]:
            used |= {words[1]} if name in words[2:] else set()
        elif words[:1] not in _NO_USE and words[:2] != ["object-group", "network"]:
            others.append(words)
    return used <= bound and not any(word == name or word in used for words in others for word in words)

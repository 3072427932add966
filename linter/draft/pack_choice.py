"""Which pack a site is for, where nobody says so: what the configurations show of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath

from msgspec import Struct

from aclproof import rules
from aclproof.linter.draft.hints import WEIGHT, ReadConfig, rules_of
from aclproof.linter.draft.signs import tokens
from aclproof.parsers.model.firewall import HostSystem
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.model.services import TCP
from aclproof.reason import Reason
from aclproof.rules import search
from aclproof.rules.init_section import PackSign
from aclproof.rules.pack import Pack
from aclproof.rules.strict_yaml import InputError

_DATE = re.compile(r"\b(?:19|20)\d\d[-./]\d\d?[-./]\d\d?\b")
"""A date in a remark is no version."""
_TCP_AND_UDP, _NEIGHBOURS = 2, 2
"""Protocols of a line for TCP, and ports that count as named one by one: 8 and 9 become one range."""


class Evidence(Struct, frozen=True):
    """A line that suggests a pack."""

    weight: int
    place: str
    basis: str
    because: str
    """In the pack's words; may be empty."""

    @property
    def decides(self) -> bool:
        """Whether a pack may be chosen by it."""
        return self.weight > WEIGHT["weak"]


class PackChoice(Struct, frozen=True):
    """The pack that is proposed, and by what: the evidence for it and for others, the strongest first."""

    name: str
    found: Mapping[str, tuple[Evidence, ...]]
    """By pack; only packs that something suggests."""
    others: tuple[str, ...]
    """All that could have been chosen."""

    @property
    def deciding(self) -> tuple[Evidence, ...]:
        """What it was chosen by; nothing for the default."""
        return tuple(each for each in self.found.get(self.name, ()) if each.decides)

    @property
    def sure(self) -> bool:
        """Whether a line names it, and none speaks for another one alone."""
        own = self.found.get(self.name, ())
        shared = {(each.place, each.basis) for each in own}
        return bool(own) and own[0].weight == WEIGHT["strong"] and not any(
            each.decides and (each.place, each.basis) not in shared
            for name, evidence in self.found.items() if name != self.name for each in evidence)


def packs_by_name() -> dict[str, Pack]:
    """Load the packs that a name stands for: built-in ones, and those of the folders for packs.

    Of those that are wrong or of which there are two, none: the name says so where somebody gives it.
    """
    known = list(search.in_folders())
    packs: dict[str, Pack] = {}
    for each in known:
        if each.name not in packs and not search.is_ambiguous(each, known):
            try:
                packs[each.name] = rules.load(each.name if each.place == "built-in" else each.file)
            except InputError:
                continue
    return packs


def choose_pack(configs: Sequence[ReadConfig], packs: Mapping[str, Pack], default: str) -> PackChoice:
    """Choose the pack with the strongest evidence; the default where there is only weak one, or as much."""
    signs = {name: pack.init.chosen_by for name, pack in packs.items()}
    seen = _look(configs, [sign for of_pack in signs.values() for sign in of_pack])
    found = {name: tuple(sorted(seen.evidence(of_pack), key=lambda each: -each.weight))
             for name, of_pack in signs.items()}
    found = {name: evidence for name, evidence in found.items() if evidence}
    decided = [name for name, evidence in found.items() if evidence[0].decides]
    best = max(decided, default=default, key=lambda name: (
        found[name][0].weight, sum(each.weight for each in found[name]), name == default))
    return PackChoice(best, found, tuple(sorted(packs)))


class _Seen(Struct, frozen=True):
    """Where the signs of all packs are, the first place of each."""

    words: Mapping[str, str]
    ports: Mapping[int, str]
    systems: Sequence[tuple[HostSystem, str]]

    def evidence(self, signs: Iterable[PackSign]) -> Iterator[Evidence]:
        """Yield for each of a pack's signs the first line that shows it."""
        for sign in signs:
            for place, basis in self._places(sign):
                yield Evidence(WEIGHT[sign.strength], place, basis, sign.because)
                break

    def _places(self, sign: PackSign) -> Iterator[tuple[str, str]]:
        for word in sign.words:
            if word in self.words:
                yield self.words[word], Reason("speaks of '{word}'", word=word)
        for port in sign.ports:
            if port in self.ports:
                yield self.ports[port], Reason("TCP {port} is permitted", port=port)
        for system, place in self.systems:
            if set(system.names) <= set(sign.systems):
                yield place, Reason("is of {system}", system=system.title)


def _look(configs: Iterable[ReadConfig], signs: Sequence[PackSign]) -> _Seen:
    """Look for all signs at once."""
    words = [word for sign in signs for word in sign.words]
    beginnings = {word.split()[0] for word in words}
    ports = {port for sign in signs for port in sign.ports}
    spoken: dict[str, str] = {}
    permitted: dict[int, str] = {}
    for known in configs:
        for line, text in _texts(known):
            said = tokens(_DATE.sub(" ", text))
            if not beginnings.isdisjoint(said):
                place = known.place(line) if line else known.config
                spoken = dict.fromkeys(_longest(words, said), place) | spoken
        for rule in rules_of(known.firewall):
            for port in ports & _single_ports(rule):
                permitted.setdefault(port, known.place(rule.line))
    systems = [(known.firewall.system, known.config) for known in configs if known.firewall.system]
    return _Seen(spoken, permitted, systems)


def _single_ports(rule: Rule) -> set[int]:
    """The TCP ports that a line names one by one: in a range, a port of another product is by chance."""
    return {port for service in rule.services if service.protocols.size <= _TCP_AND_UDP
            and TCP in service.protocols
            for low, high in service.destination_ports.ranges if high - low < _NEIGHBOURS
            for port in (low, high)}


def _longest(words: Iterable[str], said: Sequence[str]) -> list[str]:
    """Those of some words that are said: 'acme 12' is not 'acme' as well."""
    text = f" {' '.join(said)} "
    found = [word for word in words if f" {word} " in text]
    return [word for word in found if not any(f" {word} " in f" {other} " and word != other
                                              for other in found)]


def _texts(known: ReadConfig) -> Iterator[tuple[int, str]]:
    """What people named and noted, with its line: 0 for the machine and its files."""
    yield 0, known.name
    for named in known.configs.values():
        yield 0, PurePath(named).stem
    for each in known.names:
        yield each.line, f"{each.name} {each.about}"
    for name, chain in known.firewall.lists.items():
        for rule in chain.rules[:1]:
            yield rule.line, name

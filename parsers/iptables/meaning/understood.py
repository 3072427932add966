"""What criteria and addresses mean, understood once for all rules of a ruleset that share them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from aclproof.parsers.iptables.ipset.packets import KnownSets
from aclproof.parsers.iptables.meaning import matches
from aclproof.parsers.iptables.meaning.matched import Matched
from aclproof.parsers.iptables.meaning.matches import Alone
from aclproof.parsers.iptables.text import addresses
from aclproof.parsers.iptables.text.read_once import ReadOnce
from aclproof.parsers.iptables.text.words import Criteria
from aclproof.parsers.model.addresses import ANY, ANY4, ANY6, AddressSet, Family
from aclproof.parsers.model.conditions import Condition, Opaque
from aclproof.parsers.model.effects import Effect
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import ANY_SERVICE, Service
from aclproof.reason import joined

ANY_SERVICES = (ANY_SERVICE,)


class Part(NamedTuple):
    """Packets that meet some criteria, if these conditions hold."""

    sources: AddressSet
    destinations: AddressSet
    services: tuple[Service, ...]
    conditions: tuple[Condition, ...]


class Aside(NamedTuple):
    """What a match does by itself, and to which packets."""

    action: Action
    effect: Effect | None
    parts: Sequence[Part]


class Asked(NamedTuple):
    """The packets that meet some criteria."""

    parts: Sequence[Part]
    asides: Sequence[Aside]
    open: str
    """What of them stays open, for people."""
    plain: Part | None
    """The only part, where it says nothing of addresses and there is nothing aside."""


class Understood:
    """Criteria and addresses of the rules of one family; equal sets are kept once, so that the engine meets
    each only once."""

    def __init__(self, family: Family, sets: KnownSets, of_every_rule: Sequence[Condition]) -> None:
        self._family, self._of_every_rule = family, of_every_rule
        self._alone = Alone(family, sets)
        self.everything: AddressSet = ANY4 if family is Family.V4 else ANY6
        self.ends = ReadOnce(self._end)
        """The addresses of a `-s` or `-d` by its value; None where they are odd."""
        self._asked: dict[int, Asked] = {}
        self._addresses: dict[AddressSet, AddressSet] = {ANY: ANY, ANY4: ANY4, ANY6: ANY6}
        self._services: dict[tuple[Service, ...], tuple[Service, ...]] = {ANY_SERVICES: ANY_SERVICES}

    def shared(self, criteria: Criteria) -> Asked:
        """Return what criteria ask that many rules may share; RuleError where they are not understood."""
        asked = self._asked.get(id(criteria))  # they live as long as the ruleset
        if asked is None:
            asked = self._asked[id(criteria)] = self.asked(criteria)
        return asked

    def asked(self, criteria: Criteria) -> Asked:
        """Return what criteria ask; RuleError where they are not understood."""
        meaning = matches.together(criteria, self._alone)
        parts = list(self.parts(meaning.packets))
        asides = [Aside(each.action, each.effect, list(self.parts(part.copy(each.doubt)
                                                                  for part in each.packets)))
                  for each in meaning.asides]
        plain = parts[0] if len(parts) == 1 and not asides else None
        if plain and not plain.sources is plain.destinations is self.everything:
            plain = None
        return Asked(parts, asides, _open(meaning.packets), plain)

    def parts(self, packets: Iterable[Matched]) -> Iterator[Part]:
        """Write alternatives as products."""
        for each in packets:
            conditions = (*each.conditions, *self._of_every_rule)
            for sources, destinations, services in each.products():
                yield Part(self.one(sources), self.one(destinations), self.same(services), conditions)

    def rules(self, plain: Rule, parts: Iterable[Part]) -> Iterator[Rule]:
        """Make a rule of every part of what some criteria ask, for the addresses of a rule."""
        for sources, destinations, services, conditions in parts:
            found = self._both(plain.sources, sources), self._both(plain.destinations, destinations)
            if all(found):
                yield plain._replace(sources=found[0], destinations=found[1], services=services,
                                     conditions=conditions)

    def one(self, found: AddressSet) -> AddressSet:
        """Return the set that is kept of all that are equal."""
        if found is self.everything:
            return found
        return self._addresses.setdefault(found, found)

    def same(self, found: tuple[Service, ...]) -> tuple[Service, ...]:
        """Return the services that are kept of all that are equal."""
        return self._services.setdefault(found, found)

    def _both(self, ends: AddressSet, found: AddressSet) -> AddressSet:
        if found is self.everything:
            return ends
        return found if ends is self.everything else self.one(ends & found)

    def _end(self, value: str) -> AddressSet | None:
        if not value:
            return self.everything
        if value[0] != "!":
            return self.one(addresses.every(value, self._family))
        if "," in value:
            return None
        return self.one(self.everything - addresses.parse(value[1:], self._family)) or None


def _open(packets: Iterable[Matched]) -> str:
    reasons = dict.fromkeys(each.because for part in packets for each in part.conditions
                            if isinstance(each, Opaque))
    return joined("; ", reasons) if reasons else ""

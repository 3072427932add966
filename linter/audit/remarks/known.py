"""The rules that remarks may be about, and the ends that a translation gives other addresses or ports."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from aclproof.linter.engine.call_order import callees_first
from aclproof.linter.engine.relevant import every_rule
from aclproof.parsers.model.addresses import NOWHERE, AddressSet, Family, join, single
from aclproof.parsers.model.comments import Comment
from aclproof.parsers.model.effects import Divert, Translate
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet, Range
from aclproof.parsers.model.plain_rules import special
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.model.services import Service


class Known:
    """Of one firewall, for the lines that remarks are about."""

    def __init__(self, firewall: Firewall, lines: Collection[int]) -> None:
        self._rules: dict[int, list[Rule]] = {}
        for chain in firewall.lists.values():
            for rule in chain.rules:
                if rule.line in lines:
                    self._rules.setdefault(rule.line, []).append(rule)
        bases = [each.chain for each in firewall.bindings if each.point and each.point.translates]
        every = every_rule(firewall)
        self._apart = {rule.line for name in callees_first(every, dict.fromkeys(bases))
                       for rule in every[name]} if bases else set()
        self.translated, self.translated_ports = _translated(firewall)
        """Addresses that stand for others, or for which others stand, and such ports."""
        self.used_otherwise = {rule.line for name in firewall.list_uses if name in firewall.chains
                               for rule in firewall.chains[name].rules}
        """Lines of lists by which something else is chosen than what passes."""

    def rules(self, comment: Comment) -> Sequence[Rule]:
        """Return the rules that a remark is about; none where some translate, or lead packets elsewhere."""
        found = [rule for line in comment.rules for rule in self._rules.get(line, ())]
        apart = any(rule.line in self._apart or isinstance(rule.effect, Translate | Divert) for rule in found)
        return () if apart else found


def _translated(firewall: Firewall) -> tuple[AddressSet, IntervalSet]:
    sets: list[AddressSet] = []
    ports: list[IntervalSet] = []
    for each in firewall.translations:
        sets.append(each.mapped)
        if each.effect and each.opened_by != "hosts":  # one host for one address, so that both may be meant
            sets += [_some(each.sources), _some(each.destinations)]
        if each.effect:
            sets.append(_of_range(each.effect.addresses))
            ports += _ports(each.services, each.effect)
    for effect, rule in _effects(firewall):
        sets.append(_of_range(effect.addresses))
        if effect.end == "destination":
            sets.append(_some(rule.destinations))
            ports += _ports(rule.services, effect)
    return join(sets), IntervalSet.union(ports)


def _effects(firewall: Firewall) -> Iterator[tuple[Translate, Rule]]:
    for chain in firewall.chains.values():
        for rule in special(chain.rules):
            if isinstance(rule.effect, Translate):
                yield rule.effect, rule


def _some(addresses: AddressSet) -> AddressSet:
    """Addresses, but for those of a family that are all of it."""
    return join(single(family, found) for family in Family
                if (found := addresses.of(family)) and found != IntervalSet.of((0, family.last)))


def _of_range(numbers: Range | None) -> AddressSet:
    if numbers is None:
        return NOWHERE
    return single(Family.V4 if numbers[1] <= Family.V4.last else Family.V6, IntervalSet.of(numbers))


def _ports(services: Sequence[Service], effect: Translate) -> Iterator[IntervalSet]:
    """The ports that become others, and those that they become."""
    if effect.ports:
        yield IntervalSet.of(effect.ports)
        yield from (each.destination_ports for each in services)

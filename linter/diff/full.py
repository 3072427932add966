"""The lists that changed, each compared for every packet, within a budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from datetime import date

from msgspec import Struct

from aclproof.linter.diff.chain_difference import MOST_RULES, ChainDifference, changed_lists, compare_list
from aclproof.linter.diff.chain_pair import ChainPair, ListNames
from aclproof.linter.diff.compare_sites import SiteChange
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall
from aclproof.reason import Reason
from aclproof.rules.strict_yaml import InputError, Problem
from aclproof.rules.suggest import unknown


class FullComparison(Struct, frozen=True):
    """One list of one firewall, compared for every packet."""

    firewall: str
    names: ListNames
    difference: ChainDifference | None
    """None where there is a list on one side only: without one something else decides."""

    @property
    def complete(self) -> bool:
        """Whether the budget sufficed."""
        return self.difference is None or self.difference.complete


def compare_lists(change: SiteChange, chains: Sequence[str], budget: int | None,
                  as_of: date) -> list[FullComparison]:
    """Compare the named chains, or all lists in use that changed; InputError for a name that is nowhere."""
    context = Context(change.new.site.facts, as_of)
    found: list[FullComparison] = []
    for place in change.new.site.firewalls:
        old, new = change.old.asking.get(place.name), change.new.asking[place.name]
        if old is None:
            continue
        for names in _lists(old, new, chains):
            difference = None
            if names.old and names.new:
                pair = ChainPair(names, old, new, place.profile)
                difference = compare_list(pair, context, budget or MOST_RULES)
            found.append(FullComparison(place.name, names, difference))
    _validate_chains(change, chains, {name for each in found for name in (each.names.old, each.names.new)})
    return found


def _validate_chains(change: SiteChange, chains: Sequence[str], compared: Set[str]) -> None:
    known = [name for side in (change.old, change.new) for firewall in side.firewalls.values()
             for name in firewall.lists]
    for name in chains:
        if name not in compared:
            raise InputError(Problem(Reason("command line"), 0, "--chain", unknown("chain", name, known)))


def _lists(old: Firewall, new: Firewall, chains: Sequence[str]) -> Iterator[ListNames]:
    if not chains:
        yield from changed_lists(old, new)
    for name in chains:
        if name in old.lists or name in new.lists:
            yield ListNames(*(name if name in side.lists else "" for side in (old, new)))

"""The lists that changed, each compared for every packet, within a budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from aclproof.linter.diff.chain_difference import MOST_RULES, ChainDifference, changed_lists, compare_list
from aclproof.linter.diff.chain_pair import ListNames
from aclproof.linter.diff.compare_sites import SiteChange
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall
from aclproof.rules.strict_yaml import InputError, Problem
from aclproof.rules.suggest import unknown


@dataclass(frozen=True, slots=True)
class FullComparison:
    """One list of one firewall, compared whole."""

    firewall: str
    names: ListNames
    difference: ChainDifference | None
    """None where there is a list on one side only: without one something else decides."""

    @property
    def complete(self) -> bool:
        """Whether the budget sufficed."""
        return self.difference is None or self.difference.complete


def compare_lists(compared: SiteChange, chains: Sequence[str], budget: int | None,
                  as_of: date) -> list[FullComparison]:
    """Compare the named chains, or all lists in use that changed; InputError for a name that is nowhere."""
    found: list[FullComparison] = []
    named: set[str] = set()
    for place in compared.new.site.firewalls:
        old, new = compared.old.firewalls.get(place.name), compared.new.firewalls[place.name]
        if old is None:
            continue
        context = Context(compared.new.site.facts, as_of)
        for pair in _pairs(old, new, chains):
            named |= {pair.old, pair.new}
            whole = compare_list(pair, old, new, context, place.profile, budget or MOST_RULES) \
                if pair.old and pair.new else None
            found.append(FullComparison(place.name, pair, whole))
    known = [name for side in (compared.old, compared.new) for firewall in side.firewalls.values()
             for name in firewall.lists]
    for name in chains:
        if name not in named:
            raise InputError(Problem("command line", 0, "--chain", unknown("chain", name, list(
                dict.fromkeys(known)))))
    return found


def _pairs(old: Firewall, new: Firewall, chains: Sequence[str]) -> Iterator[ListNames]:
    if not chains:
        yield from changed_lists(old, new)
    for name in chains:
        if name in old.lists or name in new.lists:
            yield ListNames(*(name if name in side.lists else "" for side in (old, new)))


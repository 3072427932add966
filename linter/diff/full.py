"""The lists that changed, each compared for every packet, within a budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from aclproof.linter.diff.chain_difference import MOST_RULES, ChainDifference, difference, pairs
from aclproof.linter.diff.chain_pair import Pair
from aclproof.linter.diff.compare_sites import Compared
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall
from aclproof.rules.strict_yaml import InputError, Problem
from aclproof.rules.suggest import unknown


@dataclass(frozen=True, slots=True)
class Whole:
    """One list of one firewall, compared whole."""

    firewall: str
    pair: Pair
    difference: ChainDifference | None
    """None where there is a list on one side only: without one something else decides."""

    @property
    def complete(self) -> bool:
        """Whether the budget sufficed."""
        return self.difference is None or self.difference.complete


def differences(compared: Compared, chains: Sequence[str], budget: int | None, as_of: date) -> list[Whole]:
    """Compare the named chains, or all lists in use that changed; InputError for a name that is nowhere."""
    found: list[Whole] = []
    named: set[str] = set()
    for place in compared.new.site.firewalls:
        old, new = compared.old.firewalls.get(place.name), compared.new.firewalls[place.name]
        if old is None:
            continue
        context = Context(compared.new.site.facts, as_of)
        for pair in _pairs(old, new, chains):
            named |= {pair.old, pair.new}
            whole = difference(pair, old, new, context, place.profile, budget or MOST_RULES) \
                if pair.old and pair.new else None
            found.append(Whole(place.name, pair, whole))
    known = [name for side in (compared.old, compared.new) for firewall in side.firewalls.values()
             for name in firewall.lists]
    for name in chains:
        if name not in named:
            raise InputError(Problem("command line", 0, "--chain", unknown("chain", name, list(
                dict.fromkeys(known)))))
    return found


def _pairs(old: Firewall, new: Firewall, chains: Sequence[str]) -> Iterator[Pair]:
    if not chains:
        yield from pairs(old, new)
    for name in chains:
        if name in old.lists or name in new.lists:
            yield Pair(*(name if name in side.lists else "" for side in (old, new)))


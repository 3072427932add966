"""The whole semantic difference of one list: of every packet, not only of those that the pack asks for."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from aclproof.linter.diff.chain_pair import ChainPair, ChangedRule, ListNames
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.packets import Box

MOST_RULES = 4_000
"""The budget of one list, unless another one is given."""
_RULES_EACH = 8
"""Of the rules in the budget one in so many may be a changed one."""
_PIECES_EACH = 5
"""The answer may have so many pieces for each rule in the budget."""


@dataclass(frozen=True, slots=True)
class Packets:
    """Packets of several protocols that a chain treats alike."""

    protocols: IntervalSet
    boxes: Sequence[Box]
    """Of one of the protocols."""


@dataclass(frozen=True, slots=True)
class ChainDifference:
    """What a chain lets pass now and did not, and the other way round."""

    newly_permitted: tuple[Packets, ...]
    newly_denied: tuple[Packets, ...]
    undecided_on_one_side: tuple[Packets, ...]
    """What one of the two leaves open and the other does not."""
    rules: int
    """How many rules changed."""
    left_out: tuple[Span, ...] = ()
    """Changed rules for which the budget did not suffice."""

    @property
    def complete(self) -> bool:
        """Whether the budget sufficed."""
        return not self.left_out


def changed_lists(old: Firewall, new: Firewall) -> list[ListNames]:
    """The lists that filter in one place before and after, where they differ or call what differs."""
    places: dict[Hashable, list[str]] = {}
    for at, firewall in enumerate((old, new)):
        for each in firewall.bindings:
            place = (each.chain,) if firewall.on_host else (each.interface, each.direction, each.family)
            places.setdefault(place, ["", ""])[at] = each.chain
    if not places:  # of a firewall with two directions and no places
        places = {name: [name, name] for name in old.lists if name in new.lists}
    found = dict.fromkeys(ListNames(*names) for names in places.values())
    return [pair for pair in found if pair.old != pair.new or ChainPair(pair, old, new, "").differs]


def compare_list(pair: ListNames, old: Firewall, new: Firewall, context: Context, profile: str = "",
               budget: int = MOST_RULES) -> ChainDifference:
    """Compare one list of two firewalls for packets that open connections.

    `profile` is that of the network, where the firewall has profiles. `budget` is how many rules, old and new
    together, the packets of the changed rules may meet; of more, the first changed rules are compared.
    """
    both = ChainPair(pair, old, new, profile)
    touched = both.touched()
    fitting = _affordable(both, touched, budget)
    found: dict[str, list[Packets]] = {"newly_permitted": [], "newly_denied": [], "undecided_on_one_side": []}
    left_out = [each.span for each in touched[fitting:]]
    for protocols, box in both.demands(touched[:fitting]):
        parts = both.compare(box, [each.rule for each in touched[:fitting]], context, budget * _PIECES_EACH)
        if parts is None:
            left_out += [each.span for each in touched[:fitting]]
            break
        for key, boxes in parts.items():
            if boxes:
                found[key].append(Packets(protocols, boxes))
    return ChainDifference(tuple(found["newly_permitted"]), tuple(found["newly_denied"]),
                           tuple(found["undecided_on_one_side"]),
                           len(touched), tuple(dict.fromkeys(left_out)))


def _affordable(both: ChainPair, touched: Sequence[ChangedRule], budget: int) -> int:
    """How many of the changed rules, from the first, the budget allows to look at."""
    if both.rewritten(len(touched)) and both.size <= budget:
        return len(touched)
    most = min(len(touched), max(budget // _RULES_EACH, 1))
    low, high = 0, most
    while low < high:
        middle = high if high == most else (low + high + 1) // 2
        if both.met([each.rule for each in touched[:middle]]) <= budget:
            low = middle
        else:
            high = middle - 1
    return low



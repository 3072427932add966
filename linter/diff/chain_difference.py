"""The full semantic difference of one list: for every packet, not only for those that the pack requires."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Hashable, Sequence

from msgspec import Struct

from aclproof.linter.diff.chain_pair import ChainPair, ChangedPackets, ChangedRule, ListNames
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Rule

MOST_RULES = 4_000
"""The budget of one list, unless another one is given."""
_RULES_EACH = 8
"""One in so many of the rules in the budget may be a changed one."""
_PIECES_EACH = 5
"""The answer may have so many pieces for each rule in the budget."""


class Packets(Struct, frozen=True):
    """Packets of several protocols that a chain treats alike."""

    protocols: IntervalSet
    boxes: Sequence[Box]
    """Of one of the protocols."""


class ChainDifference(Struct, frozen=True):
    """What a chain treats differently now."""

    newly_permitted: tuple[Packets, ...]
    newly_denied: tuple[Packets, ...]
    undecided_on_one_side: tuple[Packets, ...]
    """What one of the two leaves undecided and the other does not."""
    rules: int
    """How many rules changed."""
    changed: tuple[Rule, ...] = ()
    """Those of them that were compared."""
    left_out: tuple[Span, ...] = ()
    """Changed rules for which the budget did not suffice."""
    perhaps_permitted: tuple[Packets, ...] = ()
    """What is undecided on one side, and may pass now and perhaps did not before."""

    @property
    def complete(self) -> bool:
        """Whether the budget sufficed."""
        return not self.left_out


def changed_lists(old: Firewall, new: Firewall) -> list[ListNames]:
    """The lists that filter in one place before and after, where they differ or call what differs."""
    places: dict[Hashable, list[str]] = {}
    for side, firewall in enumerate((old, new)):
        for binding in firewall.bindings:
            place = (binding.chain,) if firewall.on_host else (
                binding.interface, binding.direction, binding.family)
            places.setdefault(place, ["", ""])[side] = binding.chain
    if not places:  # of a firewall with two directions and no places
        places = {name: [name, name] for name in old.lists if name in new.lists}
    found = dict.fromkeys(ListNames(*names) for names in places.values())
    return [names for names in found if names.old != names.new or ChainPair(names, old, new).differs]


def compare_list(pair: ChainPair, context: Context, budget: int = MOST_RULES,
                 but: Collection[Span] = ()) -> ChainDifference:
    """Compare one list of two firewalls for packets that open connections.

    `budget` is how many rules, old and new together, the packets of the changed rules may meet; where there
    are more, only the first changed rules are compared. Changed rules of some lines are left out (`but`).
    """
    changed = [each for each in pair.changed_rules() if each.span not in but]
    fitting = changed[:_affordable(pair, changed, budget)]
    rules = [each.rule for each in fitting]
    left_out = [each.span for each in changed[len(fitting):]]
    found: list[tuple[IntervalSet, ChangedPackets]] = []
    for protocols, box in pair.affected_packets(rules):
        packets = pair.compare(box, rules, context, budget * _PIECES_EACH)
        if packets is None:
            left_out += [each.span for each in fitting]
            break
        found.append((protocols, packets))
    return ChainDifference(
        tuple(Packets(protocols, part.newly_permitted) for protocols, part in found if part.newly_permitted),
        tuple(Packets(protocols, part.newly_denied) for protocols, part in found if part.newly_denied),
        tuple(Packets(protocols, part.undecided_on_one_side) for protocols, part in found
              if part.undecided_on_one_side),
        len(changed), tuple(rules), tuple(dict.fromkeys(left_out)),
        tuple(Packets(protocols, part.perhaps_permitted) for protocols, part in found
              if part.perhaps_permitted))


def _affordable(pair: ChainPair, changed: Sequence[ChangedRule], budget: int) -> int:
    """How many of the changed rules, from the first, the budget suffices for."""
    if pair.mostly_rewritten(len(changed)) and pair.size <= budget:
        return len(changed)
    most = min(len(changed), max(budget // _RULES_EACH, 1))
    return bisect_right(pair.rules_met([each.rule for each in changed[:most]]), budget) - 1

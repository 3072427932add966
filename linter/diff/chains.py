"""The whole semantic difference of one chain: not only the pack's packets, every packet.

Only a packet that a changed rule matches can fare differently, so these rules say where to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from linter.engine.algebra import split
from linter.engine.evaluate import evaluate
from linter.engine.packets import Box
from linter.engine.prefilter import candidates
from parsers.model.addresses import Family
from parsers.model.conditions import Context
from parsers.model.firewall import Firewall
from parsers.model.notes import Span
from parsers.model.rules import Action, Default, Rule, Stage

MOST_BOXES = 10_000
"""The budget: a difference of more pieces than this is given up, and that is said."""


@dataclass(frozen=True, slots=True)
class ChainDifference:
    """What a chain lets pass now and did not, and the other way round."""

    chain: str
    gained: tuple[Box, ...]
    lost: tuple[Box, ...]
    unsure: tuple[Box, ...]
    """What one of the two leaves open and the other does not, or leaves open for other reasons."""
    complete: bool
    """Whether the budget sufficed."""


def difference(chain: str, old: Firewall, new: Firewall) -> ChainDifference:
    """Compare one chain of two firewalls; KeyError when one of them does not have it."""
    before, after = old.chains[chain].rules, new.chains[chain].rules
    gained: list[Box] = []
    lost: list[Box] = []
    unsure: list[Box] = []
    looked: list[Box] = []
    for box in _where(_changed(before, after)):
        for fresh in split(box, looked)[1] if looked else (box,):
            was, now = (_passing(chain, firewall, fresh) for firewall in (old, new))
            gained += _only(now[0], (*was[0], *was[1]))
            lost += _only(was[0], (*now[0], *now[1]))
            unsure += [*_only(now[1], was[1]), *_only(was[1], now[1])]
        looked.append(box)
        if len(gained) + len(lost) + len(unsure) > MOST_BOXES:
            return ChainDifference(chain, tuple(gained), tuple(lost), tuple(unsure), complete=False)
    return ChainDifference(chain, tuple(gained), tuple(lost), tuple(unsure), complete=True)


def _changed(before: Sequence[Rule], after: Sequence[Rule]) -> Iterator[Rule]:
    """The rules that were added, taken away or moved; their line numbers do not count."""
    old, new = ([rule._replace(line=0) for rule in rules] for rules in (before, after))
    start = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other),
                 min(len(old), len(new)))
    end = 0
    while end < min(len(old), len(new)) - start and old[len(old) - 1 - end] == new[len(new) - 1 - end]:
        end += 1
    left, right = old[start:len(old) - end], new[start:len(new) - end]
    for tag, i, j, k, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from left[i:j]
            yield from right[k:m]


def _where(rules: Iterable[Rule]) -> Iterator[Box]:
    """All packets that a rule can match."""
    for rule in rules:
        for family in Family:
            sources, destinations = rule.sources.of(family), rule.destinations.of(family)
            if sources and destinations:
                for each in rule.services:
                    for low, high in each.protocols.ranges:
                        for protocol in range(low, high + 1):
                            yield Box(family, protocol, sources, destinations, each.source_ports,
                                      each.destination_ports)


_END = Default(Action.DENY, "end-of-chain", "", Span("", 1, 1, ""))


def _passing(chain: str, firewall: Firewall, box: Box) -> tuple[Sequence[Box], Sequence[Box]]:
    """What surely passes of a box, and what may."""
    rules = {name: each.rules for name, each in firewall.chains.items()}
    rules[chain] = candidates(rules[chain], [box])[0]
    outcome = evaluate([Stage(chain, (chain,), firewall.defaults.get(chain, _END))], rules, box, Context())
    return outcome.permitted, outcome.undecided


def _only(boxes: Sequence[Box], others: Sequence[Box]) -> Iterator[Box]:
    for box in boxes:
        yield from split(box, others)[1] if others else (box,)

"""What may stop packets besides the firewall's rules: IPsec, hardened services, another firewall product."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from aclproof.parsers.model.addresses import ANY
from aclproof.parsers.model.conditions import Opaque, ServedBy
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.windows.meaning import rules
from aclproof.parsers.windows.meaning.listeners import LISTENERS
from aclproof.parsers.windows.meaning.narrowing import Host
from aclproof.parsers.windows.records.rule import Barrier, Direction


def of(barrier: Barrier, way: Direction, first: int, host: Host) -> Iterator[Rule]:
    """Make the rules of a barrier; `first` lines come before its input."""
    doubts: tuple[Opaque, ...] = (Opaque(
        barrier.key, barrier.because, usual=False if barrier.relied_on else None, find_out=barrier.find_out,
        relied_on=barrier.relied_on),)
    if barrier.key and (barrier.permits or barrier.leaves_open):
        # that there is something does not say what it does
        doubts = (*doubts, Opaque("", barrier.because))
    actions = (Action.DENY, Action.PERMIT) if barrier.permits else (Action.DENY,)
    for action in actions:
        if not barrier.matches:
            yield Rule(action, ANY, ANY, rules.ANY_SERVICES, first + barrier.line, doubts)
        for rule in _concerned(barrier, way, first, host):
            yield rule._replace(action=action, conditions=(*rule.conditions, *doubts))


def _concerned(barrier: Barrier, way: Direction, first: int, host: Host) -> Iterator[Rule]:
    for matched in barrier.matches:
        if matched.direction == way:
            here = replace(matched, store="effective")  # it counts wherever it is from
            for _, rule in rules.rules(here, first + barrier.line, host):
                if not concerns_nobody(rule):
                    yield rule


def concerns_nobody(rule: Rule) -> bool:
    """It is about a program or a service that no site asks for: Windows hardens some hundred of them."""
    return any(isinstance(each, ServedBy) and each.never >= LISTENERS and not each.surely
               for each in rule.conditions)

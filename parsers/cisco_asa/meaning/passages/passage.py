"""Rules that packets meet on some ways through the firewall, and the chains that they become.

Chain names are in parentheses and hold a blank, which no access list's name can.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from msgspec import Struct, field

from aclproof.parsers.cisco_asa.features.row import Doubt
from aclproof.parsers.cisco_asa.meaning.alternatives import ANY_SERVICES
from aclproof.parsers.model.addresses import ANY, AddressSet
from aclproof.parsers.model.conditions import Condition, Opaque
from aclproof.parsers.model.rules import Action, Chain, Rule
from aclproof.parsers.model.services import Service
from aclproof.reason import Reason


class Passage(Struct, frozen=True):
    """Rules for packets from one interface to another; None is any."""

    rules: Sequence[Rule]
    entry: str | None = None
    leave: str | None = None
    outward: bool = False
    """Only from a level to one that is not higher."""
    skips_lists: bool = False
    """Whether what the rules permit skips the lists of both interfaces."""
    called: Mapping[str, Sequence[Rule]] = field(default_factory=dict)
    """Chains that the rules jump to."""


def stopped(doubt: Doubt, line: int, /, sources: AddressSet = ANY, destinations: AddressSet = ANY,
            services: tuple[Service, ...] = ANY_SERVICES, *, conditions: tuple[Condition, ...] = (),
            **said: object) -> tuple[Rule, ...]:
    """Rules that stop packets if the doubt is answered so; the others go on."""
    unresolved = (*conditions, doubt.opaque(**said))
    if doubt.stops:
        return (Rule(Action.DENY, sources, destinations, services, line, unresolved),)
    return (Rule(Action.RETURN, sources, destinations, services, line, unresolved),
            Rule(Action.DENY, sources, destinations, services, line, conditions))


def chains(passages: Iterable[Passage]) -> Iterator[Chain]:
    """Build the chains of all passages: one for each way, which jumps to those that may return early."""
    ways: dict[str, list[Rule]] = {}
    for number, passage in enumerate(passages):
        here = ways.setdefault(_name(passage), [])
        for name, rules in passage.called.items():
            yield Chain(name, rules, synthetic=True)
        if any(rule.action is Action.RETURN for rule in passage.rules):
            name = f"(line {passage.rules[0].line}, {number})"
            yield Chain(name, passage.rules, synthetic=True)
            here.append(Rule(Action.JUMP, ANY, ANY, ANY_SERVICES, passage.rules[0].line, target=name))
        else:
            here += passage.rules
    for name, rules in ways.items():
        yield Chain(name, rules, synthetic=True)


def somewhere(found: Iterable[Chain]) -> Iterator[Chain]:
    """For a file without interfaces the chain of what packets may meet at some of those that lines name."""
    rules = []
    for chain in found:
        if chain.rules and chain.name.startswith(_STOPPING) and chain.name != EVERYWHERE:
            line = chain.rules[0].line
            there = Opaque("", Reason("whether the packets meet line {line}: the file shows no interfaces",
                                      line=line))
            rules.append(Rule(Action.JUMP, ANY, ANY, ANY_SERVICES, line, (there,), target=chain.name))
    if rules:
        yield Chain(SOMEWHERE, rules, synthetic=True)


def ahead(entries: Sequence[str], leaves: Sequence[str], *, outward: bool) -> Iterator[str]:
    """The chains of what stops packets from one interface to another, by the names that each has."""
    for only_outward in (False, True) if outward else (False,):
        for entry, leave in product((None, *entries), (None, *leaves)):
            yield _way(entry, leave, outward=only_outward, skips_lists=False)


def skipping(entries: Sequence[str], leaves: Sequence[str]) -> Iterator[str]:
    """The chains of what skips the lists."""
    for entry, leave in product((None, *entries), (None, *leaves)):
        yield _way(entry, leave, outward=False, skips_lists=True)


def _name(passage: Passage) -> str:
    return _way(passage.entry, passage.leave, outward=passage.outward, skips_lists=passage.skips_lists)


def _way(entry: str | None, leave: str | None, *, outward: bool, skips_lists: bool) -> str:
    kind = "skips lists" if skips_lists else "outward" if outward else "passes"
    return f"({kind} {entry or '*'} {leave or '*'})"


EVERYWHERE = _way(None, None, outward=False, skips_lists=False)
"""The chain of what stops packets on every way."""
SOMEWHERE = "(passes somewhere)"
_STOPPING = ("(passes ", "(outward ")

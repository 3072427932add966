"""Packets as alternatives of products: what is left of all packets while the tests of a rule are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from aclproof.parsers.model.addresses import ANY, ANY4, ANY6, AddressSet, Family
from aclproof.parsers.model.conditions import Condition, Opaque, Side
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.services import ANY_SERVICE, Service, common
from aclproof.parsers.nftables.ruleset import Tree
from aclproof.parsers.nftables.text import spell
from aclproof.reason import Reason

_ANY_SERVICES = (ANY_SERVICE,)
_MOST = 4096
"""A rule of more alternatives than this is left open."""


class Part(NamedTuple):
    """The packets between some ends, if these conditions hold."""

    sources: AddressSet = ANY
    destinations: AddressSet = ANY
    services: tuple[Service, ...] = _ANY_SERVICES
    conditions: tuple[Condition, ...] = ()


Parts: TypeAlias = Sequence[Part]
"""Alternatives: a packet that is in one of them is meant."""

EVERYTHING: Parts = (Part(),)
NOTHING: Parts = ()
OF_FAMILY: dict[Family, Parts] = {Family.V4: (Part(ANY4, ANY4),), Family.V6: (Part(ANY6, ANY6),)}


class DoubtError(Exception):
    """A test that cannot be decided from the ruleset; its packets may be those or not."""

    def __init__(self, because: str = "", within: Parts = EVERYTHING, usual: bool | None = None,
                 find_out: str = "") -> None:
        super().__init__(because)
        self.because, self.within, self.usual, self.find_out = because, within, usual, find_out


def both(one: Parts, two: Parts) -> Parts:
    """Return the packets of both; DoubtError where that takes too many products."""
    if len(one) * len(two) > _MOST:
        raise DoubtError(Reason("the rule has too many alternatives"), one)
    return [met for left in one for right in two if (met := _common(left, right))]


def _common(one: Part, two: Part) -> Part | None:
    sources, destinations = _ends(one.sources, two.sources), _ends(one.destinations, two.destinations)
    services = one.services if two.services is _ANY_SERVICES else two.services \
        if one.services is _ANY_SERVICES else tuple(common(one.services, two.services))
    if not (sources and destinations and services):
        return None
    return Part(sources, destinations, services, (*one.conditions, *two.conditions))


def _ends(one: AddressSet, two: AddressSet) -> AddressSet:
    """The addresses of both; the commonest cases without looking into them."""
    if one is two or two is ANY or (two is ANY4 and not one.v6):
        return one
    return two if one is ANY or (one is ANY4 and not two.v6) else one & two


def on(parts: Parts, *conditions: Condition) -> Parts:
    """Return the same packets, on more conditions."""
    return [part._replace(conditions=(*part.conditions, *conditions)) for part in parts]


def if_any(*conditions: Condition) -> Parts:
    """Return all packets, on one of these conditions each."""
    return [Part(conditions=(each,)) for each in conditions]


def if_all(*conditions: Condition) -> Parts:
    """Return all packets, if all of these conditions hold."""
    return (Part(conditions=conditions),)


def end(side: Side, found: AddressSet) -> Parts:
    """Return the packets with one end among these."""
    if not found:
        return NOTHING
    other = ANY if found.v4 and found.v6 else ANY4 if found.v4 else ANY6
    return (Part(found, other) if side == "source" else Part(other, found),)


def of_services(*services: Service) -> Parts:
    """Return the packets of these services."""
    met = tuple(each for each in services
                if each.protocols and each.source_ports and each.destination_ports)
    return (Part(services=met),) if met else NOTHING


def of_protocols(protocols: IntervalSet) -> Parts:
    """Return the packets of these protocols."""
    return of_services(Service(protocols))


def opaque(text: str, doubt: DoubtError | None = None, *, lasting: bool = False,
           mostly: bool = False) -> Opaque:
    """Return the condition of a test that is not decided, by its text."""
    found = doubt or DoubtError()
    because = found.because or Reason("whether the test '{text}' holds", text=text)
    return Opaque(f"test {text}", because, found.usual, found.find_out, lasting=lasting, mostly=mostly)


def text_of(tree: Tree) -> str:
    """Write a statement as nft does."""
    return spell.statement(tree)


def distinct(parts: Parts) -> Iterator[Part]:
    """Leave out alternatives that stand there already."""
    yield from dict.fromkeys(parts)

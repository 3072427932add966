"""The packets that the tests of one rule match, while they are read one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from aclproof.parsers.iptables.ipset.packets import KnownSets
from aclproof.parsers.iptables.text.addresses import OpaqueAddressError
from aclproof.parsers.iptables.text.known_matches import ONLY_ASK
from aclproof.parsers.iptables.text.words import AS_LISTED, RuleError, Test
from aclproof.parsers.model.addresses import ANY4, ANY6, AddressSet, Family
from aclproof.parsers.model.conditions import Condition, Opaque, Side
from aclproof.parsers.model.services import ANY_SERVICE, Service
from aclproof.parsers.model.services import common as common_services
from aclproof.parsers.netfilter.usual import LEAST_SEGMENT, stays_below
from aclproof.reason import Reason

Product = tuple[AddressSet, AddressSet, tuple[Service, ...]]
"""Sources, destinations and services: the packets between them."""


class Matched:
    """What is left of all packets while the tests of one rule are read, and what stays open."""

    __slots__ = ("choices", "conditions", "destinations", "family", "services", "sets", "sources")

    def __init__(self, family: Family, sets: KnownSets) -> None:
        self.family, self.sets = family, sets
        self.sources = self.destinations = ANY4 if family is Family.V4 else ANY6
        self.services: Sequence[Service] = (ANY_SERVICE,)
        self.choices: list[Product] = []
        """Alternatives that no single product can express; empty for none."""
        self.conditions: list[Condition] = []

    def copy(self, *conditions: Condition) -> Matched:
        """Return the same packets, on more conditions."""
        made = Matched(self.family, self.sets)
        made.sources, made.destinations, made.services = self.sources, self.destinations, self.services
        made.choices, made.conditions = list(self.choices), [*self.conditions, *conditions]
        return made

    def both(self, other: Matched) -> Matched:
        """Return what is in these packets and in others, on the conditions of both."""
        made, whole = Matched(self.family, self.sets), ANY4 if self.family is Family.V4 else ANY6
        made.sources = self.sources if other.sources is whole else self.sources & other.sources
        made.destinations = self.destinations if other.destinations is whole \
            else self.destinations & other.destinations
        made.services = common_services(self.services, other.services)
        made.choices = self.choices or other.choices
        if self.choices and other.choices:
            made.choices = [common(one, two) for one in self.choices for two in other.choices]
        made.conditions = [*self.conditions, *other.conditions]
        return made

    def products(self) -> list[Product]:
        """The packets that match, where no condition stays open."""
        whole = (self.sources, self.destinations, tuple(self.services))
        met = [common(whole, choice) for choice in self.choices] if self.choices else [whole]
        return [each for each in met if all(each)]

    def ends(self, side: Side, found: AddressSet) -> None:
        """Keep only packets with one end among these."""
        if side == "source":
            self.sources &= found
        else:
            self.destinations &= found

    def meet(self, wanted: Sequence[Service]) -> None:
        """Keep only packets of these services."""
        self.services = common_services(self.services, wanted)

    def nothing(self) -> None:
        """Keep no packet."""
        self.sources = AddressSet()


Reader = Callable[[Matched, Sequence[Test]], Iterable[Matched]]
"""Reads one match with all of its tests: alternatives, of which a packet meets one at most. RuleError for
what is no test."""


def one_by_one(read: Callable[[Matched, Test], None]) -> Reader:
    """Make a reader of a match whose tests do not depend on each other."""
    def reader(matched: Matched, tests: Sequence[Test]) -> Iterable[Matched]:
        for test in tests:
            try:
                read(matched, test)
            except OpaqueAddressError as error:
                matched.conditions.append(Opaque(str(test), str(error)))
        return (matched,)

    return reader


def doubted(tests: Sequence[Test], module: str, *, usual: bool | None = None, find_out: str = "") -> Opaque:
    """A match that depends on more than the packet's head: one condition with all of its text."""
    key = text_of(tests, module)
    counted = any(test.name.startswith(("packets-", "bytes-")) for test in tests)
    return Opaque(key, Reason("whether '{key}' holds", key=key), usual, find_out,
                  lasting=module in ONLY_ASK and not counted, mostly=_is_limit(tests, module))


def usual_answer(tests: Sequence[Test], module: str) -> bool | None:
    """What a test usually answers; None where that is anybody's guess."""
    match [(test.name, test.values, test.negated) for test in tests if test.name in _TOLD]:
        case [("connlimit-upto" | "connlimit-above" as name, (number,), negated)]:
            below = stays_below(int(number)) if number.isdecimal() and len(number) < 8 else None
            return None if below is None else (name == "connlimit-upto") is not negated
        case [("mss", (sizes,), False)] if module == "tcpmss":
            largest = sizes.rpartition(":")[2]
            small = largest.isdecimal() and len(largest) < 6 and int(largest) < LEAST_SEGMENT
            return False if small else None
        case _:
            return None


_TOLD = frozenset({"connlimit-upto", "connlimit-above", "mss"})


def _is_limit(tests: Sequence[Test], module: str) -> bool:
    """Whether a match holds up to a rate; one that holds above it is for what is too much."""
    above = any(test.negated or "above" in f"{test.name} {' '.join(test.values)}" for test in tests)
    return module in ("limit", "hashlimit") and not above


def text_of(tests: Sequence[Test], module: str) -> str:
    """Write a match as a person would."""
    own = (test.values[0] if test.name == AS_LISTED else
           str(test).removeprefix(f"-m {module}").removesuffix("--").strip() for test in tests)
    return " ".join((module, *own)).strip()


def value(test: Test) -> str:
    """The one value of a test; RuleError where there is another number of them."""
    if len(test.values) != 1:
        raise RuleError(Reason("--{name} takes one value", name=test.name))
    return test.values[0]


def common(one: Product, two: Product) -> Product:
    """The packets of both."""
    return one[0] & two[0], one[1] & two[1], tuple(common_services(one[2], two[2]))

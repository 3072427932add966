"""From rules to areas: each rule of a chain, clipped to one demand and put on the demand's own classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.engine import budget
from aclproof.linter.engine.call_order import in_order
from aclproof.linter.engine.cells import Area
from aclproof.linter.engine.classes import Classes, bits, partition
from aclproof.linter.engine.space import Space
from aclproof.parsers.model.addresses import AddressSet
from aclproof.parsers.model.conditions import Condition, Context, Place
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import Service
from aclproof.parsers.model.ternary import Ternary, Within, settle


class Step(Struct, frozen=True):
    """A rule as far as it concerns one demand; `open` are the conditions that stay unknown."""

    rule: Rule
    area: Area
    open: tuple[Condition, ...]

    @property
    def sure(self) -> bool:
        """Whether the rule certainly matches every packet of its area."""
        return not self.open


Use = tuple[Place, str]
"""A chain at one place of a packet's way: elsewhere its conditions may answer otherwise."""


class Program(Struct, frozen=True):
    """Chains ready to run for one demand, in the space that their areas speak of."""

    chains: Mapping[Use, tuple[Step, ...]]
    """Those that packets come to, called ones before those that call them."""
    space: Space
    changes_packets: bool
    """Whether packets come to a line with an effect."""

    def called_often(self) -> list[Use]:
        """The chains that are called in several places, for good, or only perhaps, in the same order.

        Packets that are perhaps not in a chain cannot be told from those that are, while it is evaluated.
        """
        calls: Counter[Use] = Counter()
        for (place, _), steps in self.chains.items():
            for step in steps:
                if step.rule.target:
                    simple = step.sure and step.rule.action is not Action.GOTO
                    calls[place, step.rule.target] += 1 if simple else 2
        return [use for use in self.chains if calls[use] > 1]


class _Clipped(Struct, frozen=True):
    """A rule met with a demand: the numbers of its sets on each axis, nothing of them lies outside."""

    rule: Rule
    sources: int
    destinations: int
    ports: _Ports
    open: tuple[Condition, ...]

    @property
    def decides_all(self) -> bool:
        """Whether no later rule of the chain can matter for the demand."""
        return (not self.open and self.rule.action in (Action.PERMIT, Action.DENY)
                and self.sources == self.destinations == _WHOLE and (_WHOLE, _WHOLE) in self.ports)


_WHOLE = 0
"""The number of the demand's own set on each axis."""

_Ports = tuple[tuple[int, int], ...]
"""Pairs of set numbers: source and destination ports."""


def compile_chains(roots: Iterable[Use], chains: Mapping[str, Sequence[Rule]], demand: Box,
                   context: Context) -> Program:
    """Clip the rules to the demand, then cut each axis into the classes that they distinguish.

    A called chain counts where a rule that calls it meets the demand. ValueError when such chains call each
    other in a circle.
    """
    clipper, work = _Clipper(demand, context), budget.current()
    met: dict[Use, list[_Clipped]] = {}

    def called_by(use: Use) -> list[Use]:
        place, name = use
        met[use] = clipper.chain(chains[name], place)
        work.spend(len(met[use]) // _RULES_OF_A_STEP)
        return [(place, clipped.rule.target) for clipped in met[use] if clipped.rule.target]

    clipped = {use: met[use] for use in in_order(roots, called_by)}
    sources, destinations, source_ports, ports = (axis.cut() for axis in clipper.axes)
    services = _Services(source_ports, ports)

    def masks(rule: _Clipped) -> _Masks:
        return (sources.masks[rule.sources], destinations.masks[rule.destinations],
                services.mask(rule.ports))

    classes = len(sources.members), len(destinations.members), services.classes
    order = _order(classes, [masks(rule) for rules in clipped.values() for rule in rules])
    space = Space(demand, sources, destinations, source_ports, ports, order)
    steps: dict[Use, tuple[Step, ...]] = {}
    for use, rules in clipped.items():
        steps[use] = tuple(Step(rule.rule, space.area(*masks(rule)), rule.open) for rule in rules)
    changes = any(rule.rule.effect is not None for rules in clipped.values() for rule in rules)
    return Program(steps, space, changes)


_Masks = tuple[int, int, int]
"""The classes that a rule covers: of sources, of destinations, of pairs of ports."""


def _order(classes: tuple[int, int, int], rules: Sequence[_Masks]) -> tuple[int, int, int]:
    """Give each axis its place in an area: the order with the least work in the worst case.

    A rule visits the rows of its classes, in each row searches the parts (as many as there are columns, or
    rules), and handles a bitset of inner classes for each.
    """
    visits = [sum(rule[axis].bit_count() for rule in rules) for axis in range(3)]

    def work(places: tuple[int, int, int]) -> int:
        rows, columns, inner = (places.index(place) for place in range(3))
        return visits[rows] * min(classes[columns], len(rules)) * (_OVERHEAD + classes[inner])

    return min(permutations(range(3)), key=work)  # type: ignore[arg-type, return-value]


_RULES_OF_A_STEP = 8
"""A list of 100,000 that all matter has to be affordable for every demand."""
_OVERHEAD = 1000
"""Handling a part costs as much as this many bits."""


class _Axis:
    """The different sets on one axis, by number."""

    def __init__(self, whole: IntervalSet) -> None:
        self.sets = [whole]
        self._numbers = {whole: _WHOLE}

    def number(self, numbers: IntervalSet) -> int | None:
        """None for the empty set."""
        if not numbers:
            return None
        known = self._numbers.get(numbers)
        if known is None:
            known = self._numbers[numbers] = len(self.sets)
            self.sets.append(numbers)
        return known

    def cut(self) -> Classes:
        return partition(self.sets[_WHOLE], self.sets)


class _Services:
    """Pairs of port classes as one bitset."""

    def __init__(self, sources: Classes, destinations: Classes) -> None:
        self._sources, self._destinations = sources, destinations
        self._seen: dict[_Ports, int] = {}

    @property
    def classes(self) -> int:
        return len(self._sources.members) * len(self._destinations.members)

    def mask(self, ports: _Ports) -> int:
        known = self._seen.get(ports)
        if known is None:
            known = 0
            for source, destination in ports:
                row = self._destinations.masks[destination]
                for i in bits(self._sources.masks[source]):
                    known |= row << (i * len(self._destinations.members))
            self._seen[ports] = known
        return known


class _Clipper:
    """Meets rules with a demand; equal sets are met once."""

    def __init__(self, demand: Box, context: Context) -> None:
        self._demand, self._context = demand, context
        self.axes = (_Axis(demand.sources), _Axis(demand.destinations),
                     _Axis(demand.source_ports), _Axis(demand.destination_ports))
        self._sources: dict[int, int | None] = {}
        self._destinations: dict[int, int | None] = {}
        self._ports: dict[int, _Ports] = {}

    def chain(self, rules: Sequence[Rule], place: Place) -> list[_Clipped]:
        self._context = replace(self._context, place=place)
        kept: list[_Clipped] = []
        for rule in rules:
            clipped = self._rule(rule)
            if clipped:
                kept.append(clipped)
                if clipped.decides_all:
                    break
        return kept

    def _rule(self, rule: Rule) -> _Clipped | None:
        if not rule.enabled or (rule.action is Action.CONTINUE and rule.effect is None):
            return None
        sources = self._met(self._sources, rule.sources, self.axes[0])
        destinations = self._met(self._destinations, rule.destinations, self.axes[1])
        if sources is None or destinations is None:
            return None
        ports = self._services(rule.services)
        if not ports:
            return None
        clipped = _Clipped(rule, sources, destinations, ports, ())
        return self._conditional(clipped) if rule.conditions else clipped

    def _conditional(self, clipped: _Clipped) -> _Clipped | None:
        """Evaluate the conditions: they may drop the rule, narrow an end, or stay unknown."""
        ends = {"source": self.axes[0].sets[clipped.sources],
                "destination": self.axes[1].sets[clipped.destinations]}
        unsettled: list[Condition] = []
        for condition in clipped.rule.conditions:
            match settle(condition, self._context):
                case Ternary.NO:
                    return None
                case Ternary.UNKNOWN:
                    unsettled.append(condition)
                case Within(side=side, addresses=known):
                    ends[side] &= known.of(self._demand.family)
                case _:
                    pass
        sources, destinations = self.axes[0].number(ends["source"]), self.axes[1].number(ends["destination"])
        if sources is None or destinations is None:
            return None
        return replace(clipped, sources=sources, destinations=destinations, open=tuple(unsettled))

    def _met(self, memo: dict[int, int | None], numbers: AddressSet, axis: _Axis) -> int | None:
        """Intersect once per set; sets are interned, so identity is enough and hashing is spared."""
        key = id(numbers)
        if key not in memo:
            memo[key] = axis.number(numbers.of(self._demand.family) & axis.sets[_WHOLE])
        return memo[key]

    def _services(self, services: tuple[Service, ...]) -> _Ports:
        known = self._ports.get(id(services))
        if known is None:
            pairs: dict[tuple[int, int], None] = {}
            for service in services:
                if self._demand.protocol not in service.protocols:
                    continue
                source = self.axes[2].number(service.source_ports & self._demand.source_ports)
                destination = self.axes[3].number(service.destination_ports & self._demand.destination_ports)
                if source is not None and destination is not None:
                    pairs[source, destination] = None
            known = self._ports[id(services)] = tuple(pairs)
        return known

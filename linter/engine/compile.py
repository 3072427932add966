"""From rules to areas: each rule of a chain, clipped to one demand and put on the demand's own classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linter.engine.cells import Area
from linter.engine.classes import Classes, bits, partition
from linter.engine.packets import Box
from parsers.model.addresses import AddressSet
from parsers.model.conditions import Answer, Condition, Context, Within, settle
from parsers.model.intervals import IntervalSet
from parsers.model.rules import Action, Rule
from parsers.model.services import Service


@dataclass(frozen=True, slots=True)
class Step:
    """A rule as far as it concerns one demand; `open` are the conditions that nobody settled."""

    rule: Rule
    area: Area
    open: tuple[Condition, ...]

    @property
    def sure(self) -> bool:
        """Whether the rule certainly matches every packet of its area."""
        return not self.open


@dataclass(frozen=True, slots=True)
class Program:
    """Chains ready to run for one demand, and the classes that their areas speak of."""

    chains: Mapping[str, tuple[Step, ...]]
    sources: Classes
    destinations: Classes
    source_ports: Classes
    destination_ports: Classes

    @property
    def everything(self) -> Area:
        """The whole demand."""
        services = len(self.source_ports.members) * len(self.destination_ports.members)
        return Area(self.sources.all, self.destinations.all, (1 << services) - 1)

    def boxes(self, demand: Box, areas: Sequence[Area]) -> tuple[Box, ...]:
        """Turn areas back into packets."""
        return tuple(Box(demand.family, demand.protocol, self.sources.of(s), self.destinations.of(d),
                         sport, dport)
                     for s, d, v in areas for sport, dport in self._ports(v))

    def _ports(self, services: int) -> list[tuple[IntervalSet, IntervalSet]]:
        width = len(self.destination_ports.members)
        row = (1 << width) - 1
        by_destination: dict[int, int] = {}
        for i in range(len(self.source_ports.members)):
            mask = services >> (i * width) & row
            if mask:
                by_destination[mask] = by_destination.get(mask, 0) | 1 << i
        return [(self.source_ports.of(i), self.destination_ports.of(k)) for k, i in by_destination.items()]


@dataclass(frozen=True, slots=True)
class _Clipped:
    """A rule met with a demand: nothing of it lies outside."""

    rule: Rule
    sources: IntervalSet
    destinations: IntervalSet
    ports: tuple[tuple[IntervalSet, IntervalSet], ...]
    open: tuple[Condition, ...]

    def decides_all(self, demand: Box) -> bool:
        """Tell whether no later rule of the chain can matter for the demand."""
        return (not self.open and self.rule.action in (Action.PERMIT, Action.DENY)
                and self.sources == demand.sources and self.destinations == demand.destinations
                and (demand.source_ports, demand.destination_ports) in self.ports)


def compile_chains(chains: Mapping[str, Sequence[Rule]], demand: Box, context: Context) -> Program:
    """Clip the rules to the demand, then cut each axis into the classes that they tell apart."""
    clipper = _Clipper(demand, context)
    clipped = {name: clipper.chain(rules) for name, rules in chains.items()}
    rules = [each for chain in clipped.values() for each in chain]
    axes = (_Axis(demand.sources), _Axis(demand.destinations),
            _Axis(demand.source_ports), _Axis(demand.destination_ports))
    for each in rules:
        axes[0].add(each.sources)
        axes[1].add(each.destinations)
        for source, destination in each.ports:
            axes[2].add(source)
            axes[3].add(destination)
    masks = [axis.cut() for axis in axes]
    services = _Services(axes[2], axes[3])
    steps = {name: tuple(Step(each.rule, Area(axes[0].mask(each.sources), axes[1].mask(each.destinations),
                                              services.mask(each.ports)), each.open)
                         for each in chain)
             for name, chain in clipped.items()}
    return Program(steps, *masks)


class _Axis:
    """The different sets seen on one axis."""

    def __init__(self, base: IntervalSet) -> None:
        self._base = base
        self._sets: dict[IntervalSet, int] = {}
        self.classes = Classes((), ())

    def add(self, numbers: IntervalSet) -> None:
        self._sets.setdefault(numbers, len(self._sets))

    def cut(self) -> Classes:
        self.classes = partition(self._base, list(self._sets))
        return self.classes

    def mask(self, numbers: IntervalSet) -> int:
        return self.classes.masks[self._sets[numbers]]


class _Services:
    """Pairs of port classes as one bitset: bit i * width + k is source class i with destination class k."""

    def __init__(self, sources: _Axis, destinations: _Axis) -> None:
        self._sources, self._destinations = sources, destinations
        self._width = len(destinations.classes.members)
        self._seen: dict[tuple[tuple[IntervalSet, IntervalSet], ...], int] = {}

    def mask(self, ports: tuple[tuple[IntervalSet, IntervalSet], ...]) -> int:
        known = self._seen.get(ports)
        if known is None:
            known = 0
            for source, destination in ports:
                row = self._destinations.mask(destination)
                for i in bits(self._sources.mask(source)):
                    known |= row << (i * self._width)
            self._seen[ports] = known
        return known


class _Clipper:
    """Meets rules with a demand; equal sets are met once."""

    def __init__(self, demand: Box, context: Context) -> None:
        self._demand, self._context = demand, context
        self._sources: dict[int, IntervalSet] = {}
        self._destinations: dict[int, IntervalSet] = {}
        self._ports: dict[int, tuple[tuple[IntervalSet, IntervalSet], ...]] = {}

    def chain(self, rules: Sequence[Rule]) -> list[_Clipped]:
        kept: list[_Clipped] = []
        for rule in rules:
            clipped = self._rule(rule)
            if clipped:
                kept.append(clipped)
                if clipped.decides_all(self._demand):
                    break
        return kept

    def _rule(self, rule: Rule) -> _Clipped | None:
        if not rule.enabled or rule.action is Action.CONTINUE:
            return None
        sources = self._met(self._sources, rule.sources, self._demand.sources)
        destinations = self._met(self._destinations, rule.destinations, self._demand.destinations)
        unsettled: list[Condition] = []
        for condition in rule.conditions:
            match settle(condition, self._context):
                case Answer.NO:
                    return None
                case Answer.UNKNOWN:
                    unsettled.append(condition)
                case Within(side="source", addresses=known):
                    sources &= known.of(self._demand.family)
                case Within(addresses=known):
                    destinations &= known.of(self._demand.family)
                case _:
                    pass
        ports = self._services(rule.services)
        if not (sources and destinations and ports):
            return None
        return _Clipped(rule, sources, destinations, ports, tuple(unsettled))

    def _met(self, memo: dict[int, IntervalSet], numbers: AddressSet, base: IntervalSet) -> IntervalSet:
        """Intersect once per set; sets are interned, so identity is enough and hashing is spared."""
        known = memo.get(id(numbers))
        if known is None:
            known = memo[id(numbers)] = numbers.of(self._demand.family) & base
        return known

    def _services(self, services: tuple[Service, ...]) -> tuple[tuple[IntervalSet, IntervalSet], ...]:
        known = self._ports.get(id(services))
        if known is None:
            parts = [(each.source_ports & self._demand.source_ports,
                      each.destination_ports & self._demand.destination_ports)
                     for each in services if self._demand.protocol in each.protocols]
            known = self._ports[id(services)] = tuple(dict.fromkeys(p for p in parts if p[0] and p[1]))
        return known

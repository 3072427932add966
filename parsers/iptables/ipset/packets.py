"""Which packets an ipset matches: exact products of sources, destinations and services.

Zones say what a set matches: pairs of sources and destinations, and the services that are matched for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, zip_longest
from operator import itemgetter
from typing import NamedTuple

from aclproof.parsers.iptables.ipset import services as ipset_services
from aclproof.parsers.iptables.ipset.entries import DECIDABLE, NET, PORT, SET, Entry, Ports
from aclproof.parsers.iptables.ipset.read import IpSet
from aclproof.parsers.iptables.ipset.services import ALL_NUMBERS, Axis
from aclproof.parsers.iptables.text.words import RuleError
from aclproof.parsers.model.addresses import AddressSet, Family
from aclproof.parsers.model.intervals import EMPTY, IntervalSet, Range
from aclproof.parsers.model.services import Service
from aclproof.reason import Reason

Product = tuple[AddressSet, AddressSet, tuple[Service, ...]]
"""Every packet from one of these, to one of those, of one of these services."""

_Pairs = tuple[tuple[IntervalSet, IntervalSet], ...]
"""Sources with destinations; no source occurs twice, and no set of destinations does."""

_Zones = dict[_Pairs, IntervalSet]
"""Pairs to the services that are matched for them; no service occurs twice."""

_MOST_WORK = 1_000_000
"""Members that overlap each other in more ways than this are given up."""


class _Box(NamedTuple):
    """A member, or several at once."""

    services: IntervalSet
    sources: IntervalSet
    destinations: IntervalSet
    rank: tuple[int, ...] = ()
    """Of two members that match, the kernel takes the one of higher rank: the longer prefix."""
    excluded: bool = False


class KnownSets(dict[str, IpSet]):
    """The sets of a host once all of them are read; what packets each matches is worked out once."""

    def __init__(self, sets: Mapping[str, IpSet]) -> None:
        super().__init__(sets)
        self._found: dict[tuple[str, tuple[str, ...], bool, bool], list[Product]] = {}

    def products(self, name: str, directions: tuple[str, ...], *, negated: bool,
                 exceptions: bool) -> list[Product]:
        """Return the packets that a test of a set matches; RuleError when they are not known."""
        asked = name, directions, negated, exceptions
        if asked not in self._found:
            find = complement if negated else alternatives
            self._found[asked] = find(name, directions, self, exceptions=exceptions)
        return self._found[asked]


def alternatives(name: str, directions: Sequence[str], sets: Mapping[str, IpSet], *,
                 exceptions: bool = False) -> list[Product]:
    """Return the packets that `--match-set NAME src,dst` matches, disjoint; RuleError when it is not
    known.

    With `exceptions` (--return-nomatch) those for which a nomatch member decides, where a set can have some.
    """
    zones = _matched(name, directions, sets, exceptions=exceptions)
    return _products(zones, _port_axis(name, directions, sets))


def complement(name: str, directions: Sequence[str], sets: Mapping[str, IpSet], *,
               exceptions: bool = False) -> list[Product]:
    """Return the packets that `! --match-set NAME src,dst` matches: all others, of either family."""
    matched = _matched(name, directions, sets, exceptions=exceptions)
    zones = {family: _others(found, family) for family, found in matched.items()}
    return _products(zones, _port_axis(name, directions, sets))


def _matched(name: str, directions: Sequence[str], sets: Mapping[str, IpSet], *,
             exceptions: bool) -> dict[Family, _Zones]:
    leaves = _leaves(name, sets)
    if not directions or set(directions) - {"src", "dst"}:
        raise RuleError(Reason("'{directions}' are not directions such as src,dst",
                               directions=','.join(directions)))
    zones = {}
    for family in Family:
        each = [_zones(_boxes(leaf, directions, family, exceptions=exceptions))
                for leaf in leaves if leaf.family in (family, None)]
        zones[family] = each[0] if len(each) == 1 else _zones([
            _Box(services, sources, destinations) for found in each for pairs, services in found.items()
            for sources, destinations in pairs])
    return zones


def _leaves(name: str, sets: Mapping[str, IpSet]) -> list[IpSet]:
    """Return the set itself, or the sets in its list; RuleError for one that cannot be relied on."""
    known = _known(name, sets)
    if known.dimensions != (SET,):
        return [known]
    members = [_known(each, sets) for each in dict.fromkeys(known.members)]
    if any(each.dimensions == (SET,) for each in members):
        raise RuleError(Reason("the set {name} is a list of lists", name=name))
    return members


def _known(name: str, sets: Mapping[str, IpSet]) -> IpSet:
    if name not in sets:
        raise RuleError(Reason("the members of the set {name} are not in the input", name=name))
    if sets[name].changed_by:
        raise RuleError(Reason("{where} changes the set {name}", where=sets[name].changed_by, name=name))
    if sets[name].reason:
        raise RuleError(Reason("the members of the set {name} are not known: {reason}", name=name,
                               reason=sets[name].reason))
    return sets[name]


def _port_axis(name: str, directions: Sequence[str], sets: Mapping[str, IpSet]) -> Axis:
    """Return whose ports are tested: all sets of a list must agree, else services are no intervals."""
    axes = {directions[leaf.dimensions.index(PORT)] for leaf in _leaves(name, sets)
            if PORT in leaf.dimensions and len(directions) >= len(leaf.dimensions)}
    if len(axes) > 1:
        raise RuleError(Reason("the sets in {name} test source ports and destination ports", name=name))
    return "src" if axes == {"src"} else "dst"


def _boxes(leaf: IpSet, directions: Sequence[str], family: Family, *, exceptions: bool) -> list[_Box]:
    """Return the members as boxes; a packet needs a direction for each of their parts.

    Of two members the same one decides where the exceptions are wanted: what it says is turned round.
    """
    if len(directions) < len(leaf.dimensions) or not leaf.size:
        return []
    if not DECIDABLE.issuperset(leaf.dimensions):
        raise RuleError(Reason("a configuration does not tell what {kind} tests (set {name})",
                               kind=leaf.kind, name=leaf.name))
    every = IntervalSet.of((0, family.last))
    ranked = any(entry.excluded for entry in leaf.odd)
    if ranked:
        boxes = [_box(entry, leaf, directions, every, ranked=True) for entry in leaf.entries]
    else:
        boxes = [_box(entry, leaf, directions, every, ranked=False) for entry in leaf.odd]
        boxes += _together(leaf.plain, ALL_NUMBERS, directions[0], every)
        for ports, members in leaf.ported.items():
            boxes += _together(members, ipset_services.numbers(ports), directions[0], every)
    if not exceptions or NET not in leaf.dimensions:
        return boxes
    return [box._replace(excluded=not box.excluded) for box in boxes]


def _together(plain: Sequence[Range], services: IntervalSet, direction: str,
              every: IntervalSet) -> Iterator[_Box]:
    """Any number of members of one address or network each, with the same services, are one box."""
    if plain:
        members = IntervalSet.of(*sorted(plain, key=itemgetter(0)))  # much faster than by both ends
        yield _Box(services, *((members, every) if direction == "src" else (every, members)))


def _box(entry: Entry, leaf: IpSet, directions: Sequence[str], every: IntervalSet, *, ranked: bool) -> _Box:
    services, ends, rank = ALL_NUMBERS, {"src": every, "dst": every}, []
    for part, dimension, direction in zip(entry.parts, leaf.dimensions, directions, strict=False):
        if isinstance(part, Ports):
            services = ipset_services.numbers(part)
            continue
        if dimension == NET:
            rank.append(part[0] - part[1])
        here = IntervalSet((part,))
        ends[direction] = here if ends[direction] is every else ends[direction] & here
    return _Box(services, ends["src"], ends["dst"], tuple(rank) if ranked else (), entry.excluded)


def _zones(boxes: Iterable[_Box]) -> _Zones:
    """Cut the services where the boxes differ, and return the pairs of each piece."""
    alike: dict[IntervalSet, list[_Box]] = defaultdict(list)
    for box in boxes:
        if box.sources and box.destinations:
            alike[box.services].append(box)
    found: dict[_Pairs, list[Range]] = defaultdict(list)
    for piece, here in _sweep(alike):
        if pairs := _pairs(here):
            found[pairs].append(piece)
    return {pairs: IntervalSet.of(*pieces) for pairs, pieces in found.items()}


def _pairs(boxes: list[_Box]) -> _Pairs:
    """Return the sources and destinations that some boxes match together."""
    if all(box.destinations == boxes[0].destinations for box in boxes):
        sources = _folded(boxes, lambda box: box.sources)
        return ((sources, boxes[0].destinations),) if sources else ()
    alike: dict[IntervalSet, list[_Box]] = defaultdict(list)
    for box in boxes:
        alike[box.sources].append(box)
    found: dict[IntervalSet, list[Range]] = defaultdict(list)
    for piece, here in _sweep(alike):
        destinations = _folded(here, lambda box: box.destinations)
        if destinations:
            found[destinations].append(piece)
    pairs = [(IntervalSet.of(*pieces), destinations) for destinations, pieces in found.items()]
    return tuple(sorted(pairs, key=lambda pair: pair[0].ranges))


def _folded(boxes: list[_Box], axis: Callable[[_Box], IntervalSet]) -> IntervalSet:
    """Join one axis of boxes that agree in all else; exceptions and members of higher rank go last."""
    ranks: dict[tuple[int, ...], tuple[list[IntervalSet], list[IntervalSet]]] = defaultdict(lambda: ([], []))
    for box in boxes:
        ranks[box.rank][box.excluded].append(axis(box))
    joined = EMPTY
    for rank in sorted(ranks):
        matched, excluded = (IntervalSet.union(each) for each in ranks[rank])
        if matched.overlaps(excluded):
            raise RuleError(Reason("a member of the set stands in it with and without nomatch"))
        joined = (joined | matched) - excluded
    return joined


def _sweep(groups: Mapping[IntervalSet, list[_Box]]) -> Iterator[tuple[Range, list[_Box]]]:
    """Cut a line wherever one of the sets begins or ends; return the boxes that cover each piece."""
    events = sorted((at, begins, number) for number, each in enumerate(groups) for low, high in each.ranges
                    for at, begins in ((low, True), (high + 1, False)))
    boxes = list(groups.values())
    here: dict[int, None] = {}
    work = 0
    for (at, begins, number), (end, _, _) in pairwise([*events, (0, False, 0)]):
        if begins:
            here[number] = None
        else:
            del here[number]
        if here and at < end:
            covering = [box for each in here for box in boxes[each]]
            work += len(covering)
            if work > _MOST_WORK:
                raise RuleError(Reason("the members of the set overlap too much to be compared"))
            yield (at, end - 1), covering


def _others(zones: _Zones, family: Family) -> _Zones:
    """Return the zones of all packets that are not in these."""
    every = IntervalSet.of((0, family.last))
    found: dict[_Pairs, list[IntervalSet]] = defaultdict(list)
    found[((every, every),)].append(ALL_NUMBERS - IntervalSet.union(zones.values()))
    for pairs, services in zones.items():
        rest = [(every - IntervalSet.union(sources for sources, _ in pairs), every)]
        rest += [(sources, every - destinations) for sources, destinations in pairs]
        found[tuple(pair for pair in rest if all(pair))].append(services)
    joined = {pairs: IntervalSet.union(services) for pairs, services in found.items() if pairs}
    return {pairs: services for pairs, services in joined.items() if services}


def _products(zones: Mapping[Family, _Zones], axis: Axis) -> list[Product]:
    """Write zones as products; where both families have the same services one product speaks of both."""
    pairs = {family: {services: pair for pair, services in found.items()} for family, found in zones.items()}
    known = sorted({services for found in pairs.values() for services in found}, key=lambda each: each.ranges)
    products = []
    for services in known:
        both = zip_longest(*(pairs[family].get(services, ()) for family in (Family.V4, Family.V6)),
                           fillvalue=(EMPTY, EMPTY))
        written = ipset_services.services(services, axis)
        products += [(AddressSet(*sources), AddressSet(*destinations), written)
                     for sources, destinations in (zip(*each, strict=True) for each in both)]
    return products

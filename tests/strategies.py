"""Generators on a universe small enough to look at every packet of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from aclproof.parsers.model.addresses import AddressSet, Family
from aclproof.parsers.model.conditions import Condition, Membership, Opaque, TimeRange
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.plain_rules import PlainRules
from aclproof.parsers.model.rules import Action, Chain, Default, Rule, Stage
from aclproof.parsers.model.services import TCP, UDP, Service

TOP = 3
"""Each axis of the small universe runs from 0 to TOP."""

SPAN = Span("f", 1, 1, "text")
CONDITIONS: tuple[Condition, ...] = (
    TimeRange("work"), Opaque("user bob", "who the user is"), Membership("source", "fqdn a", "address of a"),
    Membership("destination", "fqdn b", "address of b"))

# Every subset of the universe, looked up by number: drawing one costs one small integer.
_SUBSETS = [IntervalSet.of(*((n, n) for n in range(TOP + 1) if mask >> n & 1))
            for mask in range(2 ** (TOP + 1))]
_PROTOCOLS = [IntervalSet.of((TCP, TCP)), IntervalSet.of((UDP, UDP)), IntervalSet.of((0, 255))]
_SERVICES = [Service(protocol, source, destination)
             for protocol in _PROTOCOLS for source in _SUBSETS[1:] for destination in _SUBSETS[1:]]
_ADDRESSES = [AddressSet(v4, v6) for v4 in _SUBSETS for v6 in _SUBSETS]


def intervals(*, empty: bool = True) -> SearchStrategy[IntervalSet]:
    return st.sampled_from(_SUBSETS if empty else _SUBSETS[1:])


def addresses() -> SearchStrategy[AddressSet]:
    """Half of them all: packets come to the later rules of a list, and to those of chains that are called."""
    return st.one_of(st.just(_ADDRESSES[-1]), st.sampled_from(_ADDRESSES))


_some_services = st.lists(st.sampled_from(_SERVICES), min_size=1, max_size=2).map(tuple)
services = st.one_of(st.just((Service(_PROTOCOLS[2], _SUBSETS[-1], _SUBSETS[-1]),)), _some_services)
_PLAIN = [Action.PERMIT, Action.DENY, Action.PERMIT, Action.DENY, Action.RETURN, Action.CONTINUE]
_OPEN = [(), (), (), *((one,) for one in CONDITIONS), CONDITIONS[1:3]]


def rules(targets: tuple[str, ...] = ()) -> SearchStrategy[Rule]:
    ends = [(action, "") for action in _PLAIN]
    ends += [(action, target) for target in targets for action in (Action.JUMP, Action.GOTO)]
    parts = st.tuples(st.sampled_from(ends), addresses(), addresses(), services, st.sampled_from(_OPEN),
                      st.integers(0, 9))
    return parts.map(lambda p: Rule(p[0][0], p[1], p[2], p[3], 1, p[4], p[5] < 9, p[0][1]))


@st.composite
def chains(draw: st.DrawFn) -> dict[str, Chain]:
    """Four chains that call only later ones."""
    names = ("a", "b", "c", "d")
    kinds: list[Callable[[list[Rule]], Sequence[Rule]]] = [list, PlainRules]
    return {name: Chain(name, draw(st.sampled_from(kinds))(draw(st.lists(rules(names[at + 1:]), max_size=5))))
            for at, name in enumerate(names)}


@st.composite
def stages(draw: st.DrawFn) -> tuple[Stage, ...]:
    default = st.builds(Default, st.sampled_from([Action.PERMIT, Action.DENY]), st.just("policy"),
                        st.just("policy"), st.just(SPAN))
    names = st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=2).map(tuple)
    one = st.builds(Stage, st.just("in"), names, default)
    return tuple(draw(st.lists(one, min_size=1, max_size=2)))


def boxes() -> SearchStrategy[Box]:
    return st.builds(Box, st.sampled_from(Family), st.just(TCP), intervals(empty=False),
                     intervals(empty=False), intervals(empty=False), intervals(empty=False))

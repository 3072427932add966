"""A filter that may see another end of answers: what it surely does, it does whichever end that is.

The tracer asks the filter as it is for each address and port that the open end may have; a filter that is
left open may only be sure of what all of these agree on.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aclproof.linter.proof import other_ends
from aclproof.linter.trace.tracer import trace_packet
from aclproof.parsers.model.addresses import ANY, AddressSet, Family
from aclproof.parsers.model.conditions import Context, IsItself
from aclproof.parsers.model.effects import End
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.rules import DENY_REST, Action, Chain, Rule, Stage
from aclproof.parsers.model.services import ANY_PORT, ICMP, ICMP6, TCP, Service, is_icmp

_HOSTS, _PORTS = range(2), range(2)
_SOME = st.sets(st.integers(0, 1), min_size=1)
_BLURRED: dict[End, End] = {"destination": "source", "source": "destination"}


def _set(numbers: set[int]) -> IntervalSet:
    return IntervalSet.of(*((each, each) for each in numbers))


_ADDRESSES = st.just(ANY) | _SOME.map(lambda hosts: AddressSet(_set(hosts)))
_ASKED = st.just(ANY_PORT) | _SOME.map(_set)
_SERVICES = st.builds(Service, st.sampled_from([{ICMP}, {TCP}, {ICMP, TCP, ICMP6}, {ICMP, ICMP6}]).map(_set),
                      _ASKED, _ASKED).map(lambda each: (each,))
_ITSELF = AddressSet(_set({1}))
_OWN = st.lists(st.builds(IsItself, st.sampled_from(["source", "destination"]), st.booleans()),
                max_size=2).map(tuple)
_ENDS_IT = st.sampled_from([Action.PERMIT, Action.DENY, Action.RETURN])


def _rules(jumps: bool) -> st.SearchStrategy[list[Rule]]:
    plain = st.builds(lambda action, sources, destinations, services, own: Rule(
        action, sources, destinations, services, 1, own), _ENDS_IT, _ADDRESSES, _ADDRESSES, _SERVICES, _OWN)
    calls = st.builds(lambda rule: rule._replace(action=Action.JUMP, target="called"), plain)
    return st.lists(plain | calls if jumps else plain, max_size=4)


def _firewall(rules: Sequence[Rule], called: Sequence[Rule]) -> Firewall:
    chains = {"f": Chain("f", rules), "called": Chain("called", called)}
    return cast("Firewall", SimpleNamespace(chains=chains))


def _packets(protocol: int) -> list[Packet]:
    return [Packet(Family.V4, protocol, *ends, *ports) for ends in ((a, b) for a in _HOSTS for b in _HOSTS)
            for ports in ((a, b) for a in _PORTS for b in _PORTS)]


def _variants(one: Packet, end: End) -> list[Packet]:
    ports = [getattr(one, f"{end}_port")] if is_icmp(one.protocol) else [*_PORTS]
    return [replace(one, **{end: host, f"{end}_port": port}) for host in _HOSTS for port in ports]


@given(_rules(True), _rules(False), st.sampled_from(["source", "destination"]), st.sampled_from([ICMP, TCP]))
def test_what_it_is_sure_of_holds_for_every_end(rules: list[Rule], called: list[Rule], undone: End,
                                                protocol: int) -> None:
    firewall = _firewall(rules, called)
    stage = Stage("filter", ("f",), DENY_REST, undone=undone)
    blurred, chains = other_ends.doubtful(firewall, stage, Family.V4, {undone})
    held = {name: Chain(name, rules) for name, rules in chains.items()}
    for one in _packets(protocol):
        found = trace_packet([blurred], held, one, Context(), _ITSELF).verdict
        each = {trace_packet([stage], firewall.chains, variant, Context(), _ITSELF).verdict
                for variant in _variants(one, _BLURRED[undone])}
        assert found == "undecided" or each == {found}, one


@pytest.mark.parametrize("undone", ["source", "destination"])
def test_what_asks_for_no_such_end_stays_sure(undone: End) -> None:
    """Else every filter of a host that translates anything would be open."""
    kept = AddressSet(_set({1}))
    ends = (kept, ANY) if undone == "source" else (ANY, kept)
    rule = Rule(Action.PERMIT, *ends, (Service(_set({TCP})),), 1)
    firewall = _firewall([rule], [])
    stage = Stage("filter", ("f",), DENY_REST, undone=undone)
    blurred, chains = other_ends.doubtful(firewall, stage, Family.V4, {undone})
    held = {name: Chain(name, rules) for name, rules in chains.items()}
    fates = {trace_packet([blurred], held, one, Context()).verdict: one for one in _packets(TCP)}
    assert set(fates) == {"permit", "deny"}
    assert other_ends.doubtful(firewall, stage, Family.V4, set()) == (stage, {})
    assert other_ends.doubtful(firewall, replace(stage, undone=None), Family.V4, {undone})[1] == {}

"""The pinhole of `inspect dcerpc`: where TCP 135 passes, so do the ports that are agreed on over it.

Only for IPv4 (ASA Firewall CLI guides 9.4-9.6, DCERPC). The access lists decide on TCP 135 first, so the
pinhole is there for the packets that their entries permit on it, both on the way in and on the way out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from aclproof.parsers.model.addresses import ANY4
from aclproof.parsers.model.conditions import Condition
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.rules import Action, Chain, Rule
from aclproof.parsers.model.services import TCP, Service

_MAPPER = 135
_DYNAMIC = IntervalSet.of((1024, 65535))
_TCP = IntervalSet.of((TCP, TCP))


class Pinholes:
    """Chains that open dynamic ports where access lists permit TCP 135; each is built once."""

    def __init__(self, lists: Mapping[str, Chain]) -> None:
        self._lists = lists
        self.chains: dict[str, Chain] = {}
        self._services: dict[tuple[Service, ...], tuple[Service, ...]] = {}

    def after(self, ways: Sequence[Sequence[str]], line: int,
              opens: Sequence[tuple[Condition, ...]]) -> str:
        """Return the chain that opens ports for what passes the lists of every way in turn.

        `opens` are the conditions under which it does, of each kind of RPC.
        """
        rules = [Rule(Action.PERMIT, ANY4, ANY4, (Service(_TCP, destination_ports=_DYNAMIC),), line, each)
                 for each in opens]
        name = f"(dcerpc line {line})"
        self.chains.setdefault(name, Chain(name, rules, synthetic=True))
        for lists in reversed(ways):
            name = self._filtered(lists, name)
        return name

    def _filtered(self, lists: Sequence[str], then: str) -> str:
        name = f"(dcerpc by {' '.join(lists)}, then {then})"
        if name not in self.chains:
            rules = [rule for each in lists for rule in self._rules(self._lists[each].rules, then)]
            self.chains[name] = Chain(name, rules, synthetic=True)
        return name

    def _rules(self, rules: Iterable[Rule], then: str) -> Iterator[Rule]:
        for rule in rules:
            services = self._services.get(rule.services)
            if services is None:
                services = self._services[rule.services] = tuple(_dynamic(rule.services))
            if not services or not rule.enabled:
                continue
            if rule.action is Action.PERMIT:
                yield rule._replace(action=Action.GOTO, services=services, target=then)
            else:
                yield rule._replace(action=Action.RETURN, services=services)


def _dynamic(services: Iterable[Service]) -> Iterator[Service]:
    """The dynamic ports for what holds TCP 135, from the same ports."""
    for each in services:
        if TCP in each.protocols and _MAPPER in each.destination_ports:
            yield Service(_TCP, each.source_ports, _DYNAMIC)


def between(entry: str, leave: str) -> str:
    """The chain of the pinholes between two interfaces."""
    return f"(dcerpc {entry} {leave})"


def by_list(name: str) -> str:
    """The chain of the pinholes of a list that is bound nowhere in the file."""
    return f"(dcerpc by list {name})"

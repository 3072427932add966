"""From one Windows rule to rules of the common model: what it matches, under which conditions, in which tier.

Windows does not take the first match. Authenticated bypass is stronger than any block, a block is stronger
than any allow: so the tiers become one ordered chain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import lru_cache
from itertools import product

from aclproof.parsers.model.addresses import ANY, AddressSet
from aclproof.parsers.model.conditions import Condition, OnInterface, Opaque
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import ANY_PORT, ANY_SERVICE, Service, is_icmp, service
from aclproof.parsers.windows.meaning import address_sets, enforced, narrowing, port_sets, shipped
from aclproof.parsers.windows.meaning.narrowing import Host
from aclproof.parsers.windows.records.rule import Direction, WindowsRule
from aclproof.reason import Reason, joined

ANY_SERVICES = (ANY_SERVICE,)


class Tier(IntEnum):
    """The order of force; a chain evaluates one after another."""

    BYPASS = 0
    BLOCK = 1
    SECURE = 2
    """Allow rules that require IPsec: what is authenticated passes."""
    PLAIN = 3
    """And what is not may be blocked by them."""
    ALLOW = 4


def rules(rule: WindowsRule, line: int, host: Host) -> Iterator[tuple[Tier, Rule]]:
    """Convert a rule; `line` counts in all inputs together. A disabled rule stays, and matches nothing."""
    called = narrowing.name(rule)
    enforceable = rule.enabled and not enforced.never(rule, host.system)
    for each, doubts in shipped.readings(rule, called):
        holding = list(narrowing.holding(each, called, host))
        for within, of_policy in holding or [(rule.profiles, ())]:
            conditions = (*narrowing.conditions(each, called, within, host), *doubts, *of_policy)
            for sources, destinations, services, extra in _products(each, host.name):
                yield from _tiers(each, Rule(Action.PERMIT, sources, destinations, services, line,
                                             (*conditions, *extra), enforceable and bool(holding)))


def _tiers(rule: WindowsRule, here: Rule) -> Iterator[tuple[Tier, Rule]]:
    if rule.action == "Block":
        yield Tier.BLOCK, here._replace(action=Action.DENY)
        return
    bypass = rule.action == "ByPass" or rule.override_block
    if not bypass and not rule.security:
        yield Tier.ALLOW, here
        return
    authenticated = Opaque("IPsec", Reason("whether IPsec authenticates the packets as '{name}' asks",
                                           name=rule.name), usual=False)
    secured = here._replace(conditions=(*here.conditions, authenticated))
    yield (Tier.BYPASS if bypass else Tier.SECURE), secured
    if not bypass:
        plain = Opaque("IPsec block", Reason("whether '{name}' blocks what IPsec does not authenticate",
                                             name=rule.name), usual=True)
        yield Tier.PLAIN, here._replace(action=Action.DENY, conditions=(*here.conditions, plain))


# What it matches


_Services = tuple[tuple[Service, ...], tuple[Condition, ...]]


def _products(rule: WindowsRule, host: str) -> Iterator[
        tuple[AddressSet, AddressSet, tuple[Service, ...], tuple[Condition, ...]]]:
    """Yield what is surely meant, and each keyword on its own."""
    inbound = rule.direction == "In"
    local = address_sets.alternatives(rule.local_addresses, "destination" if inbound else "source", host)
    remote = address_sets.alternatives(rule.remote_addresses, "source" if inbound else "destination", host)
    if _ignores_remote(rule):
        remote = [(ANY, ())]
    sources, destinations = (remote, local) if inbound else (local, remote)
    for (s, s_open), (d, d_open), (v, v_open), on in product(
            sources, destinations, _services(rule), _interfaces(rule)):
        yield s, d, v, (*s_open, *d_open, *v_open, *on)


def _ignores_remote(rule: WindowsRule) -> bool:
    """Local-only mapping: an allow rule is open to all (MS-FASP 2.2.35)."""
    return rule.local_only_mapping and rule.action != "Block"


def _interfaces(rule: WindowsRule) -> list[tuple[Condition, ...]]:
    if rule.direction == "In":
        return [(OnInterface("in", name),) for name in rule.interfaces] or [()]
    return [(OnInterface("out", name),) for name in rule.interfaces] or [()]


def _services(rule: WindowsRule) -> Sequence[_Services]:
    if rule.protocol is None:
        return [(ANY_SERVICES, ())]
    if is_icmp(rule.protocol):
        return [_icmp_types(rule, rule.protocol)]
    return _by_ports(rule.protocol, rule.direction, rule.local_ports,
                     () if _ignores_remote(rule) else rule.remote_ports)


@lru_cache(maxsize=4096)
def _by_ports(protocol: int, way: Direction, local: tuple[str, ...],
              remote: tuple[str, ...]) -> Sequence[_Services]:
    near = port_sets.alternatives(local, way, local=True)
    far = port_sets.alternatives(remote, way, local=False)
    found: list[_Services] = []
    for (here, here_open), (there, there_open) in product(near, far):
        ends = (there, here) if way == "In" else (here, there)
        found.append(((service(protocol, *ends),), (*here_open, *there_open)))
    return found


def _icmp_types(rule: WindowsRule, protocol: int) -> _Services:
    try:
        types = tuple(_icmp(protocol, each) for each in rule.icmp)
    except ValueError:
        return (service(protocol),), (Opaque(f"ICMP types of '{rule.name}'",
                                             Reason("which ICMP types {icmp} are",
                                                    icmp=joined(", ", rule.icmp))),)
    return types or (service(protocol),), ()


def _icmp(protocol: int, written: str) -> Service:
    kind, _, code = written.partition(":")
    return service(protocol, *(ANY_PORT if each == "*" else IntervalSet.of((int(each), int(each)))
                               for each in (kind, code or "*")))

"""The parts of a rule in words: which packets it is for, what else it tests, what it does to them."""

from __future__ import annotations

from typing import assert_never

from aclproof.linter.reports.language.language import Words, message
from aclproof.linter.reports.writing.wording import address_words, few, ports
from aclproof.parsers.model.addresses import ANY, ANY4, ANY6, AddressSet
from aclproof.parsers.model.conditions import Condition, Membership
from aclproof.parsers.model.effects import (
    ChangeHopLimit,
    CopyMark,
    Divert,
    Effect,
    SetMark,
    TrackIn,
    Translate,
    Untrack,
)
from aclproof.parsers.model.packets import icmp_kind
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.model.services import ANY_PORT, ANY_PROTOCOL, PROTOCOL_NAMES, Service, is_icmp

_MOST = 4
"""So many networks of a rule are read out."""


_EVERYWHERE = ((ANY, message("any address")), (ANY4, message("any IPv4 address")),
               (ANY6, message("any IPv6 address")))


def packets_of(rule: Rule, words: Words) -> str:
    """Say which packets a rule is for."""
    services = few([_service(service, words) for service in dict.fromkeys(rule.services)], _MOST, words)
    source, destination = _addresses(rule.sources, words), _addresses(rule.destinations, words)
    return words("{services} from {source} to {destination}", services=services, source=source,
                       destination=destination)


def _addresses(addresses: AddressSet, words: Words) -> str:
    for known, word in _EVERYWHERE:
        if addresses == known:
            return words(word)
    return few(address_words(addresses), _MOST, words)


def _service(service: Service, words: Words) -> str:
    if service.protocols == ANY_PROTOCOL:
        return words("any protocol")
    numbers = [number for low, high in service.protocols.ranges for number in range(low, high + 1)]
    names = "/".join(PROTOCOL_NAMES.get(number, str(number)).upper() for number in numbers)
    if all(map(is_icmp, numbers)):
        kinds = [words.sentence(icmp_kind(numbers[0], kind)) for kind, _ in service.source_ports.ranges]
        return names if service.source_ports == ANY_PORT else f"{names} {few(kinds, _MOST, words)}"
    if service.destination_ports != ANY_PORT:
        names = words("{protocol} port {ports}", protocol=names,
                      ports=ports(service.destination_ports, words=words))
    if service.source_ports == ANY_PORT:
        return names
    return words("{packets}, source port {ports}", packets=names,
                 ports=ports(service.source_ports, words=words))


def condition_met(condition: Condition, words: Words) -> str:
    """Say what a rule tests besides addresses and services, where the packet meets it."""
    because = words.sentence(condition.because).partition(";")[0]
    if isinstance(condition, Membership):
        return words("It asks {because}: this one is as it has to be.", because=because)
    if getattr(condition, "negated", False):
        return words("It asks {because}: no, as it has to be.", because=because)
    return words("It asks {because}: yes, as it has to be.", because=because)


def effect_of(effect: Effect, words: Words) -> str:
    """Say what a rule does to the packet besides deciding."""
    match effect:
        case SetMark(whose="packet"):
            return words("It marks the packet.")
        case SetMark():
            return words("It marks the connection.")
        case CopyMark():
            return words("It copies a mark between the packet and its connection.")
        case Untrack():
            return words("It keeps the packet out of connection tracking.")
        case TrackIn():
            return words("It says in which zone the packet is tracked.")
        case ChangeHopLimit():
            return words("It changes the hop limit (TTL) of the packet.")
        case Translate(end="destination"):
            return words("It translates where the packet goes to.")
        case Translate():
            return words("It translates where the packet comes from, on leaving.")
        case Divert(because=because):
            return words("It takes the packet off its way: {because}.", because=words.sentence(because))
        case _:
            assert_never(effect)

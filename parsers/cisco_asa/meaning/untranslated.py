"""What translation leaves open for packets that no line is known to translate exactly, as rules.

Translation permits nothing. But a packet whose destination a line may rewrite is seen by the lists with
another address, so what they say about it does not count. And a packet to the *real* address of a host that
is translated towards the side it comes from fails the reverse path check (message 305013), unless an identity
rule exempts it. Both leave a packet open, with the line; the first line that matches decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from aclproof.parsers.cisco_asa.meaning.alternatives import ANY_SERVICES
from aclproof.parsers.cisco_asa.meaning.nat import Nat
from aclproof.parsers.cisco_asa.words.unresolved import Addresses
from aclproof.parsers.model.addresses import ANY, AddressSet
from aclproof.parsers.model.conditions import Condition, Opaque
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import ANY_PORT, Service, service


@dataclass(frozen=True, slots=True)
class Effect:
    """What one line leaves open for packets from one interface to another; None is any."""

    entry: str | None
    leave: str | None
    rules: tuple[Rule, ...]


def effects(lines: Iterable[Nat]) -> list[Effect]:
    """For each line, in the device's order, the effects that it leaves open."""
    return list(dict.fromkeys(effect for each in lines for effect in _effects(each)))


def between(found: Iterable[Effect], entry: str, leave: str) -> list[Rule]:
    """The rules for packets from one interface to another."""
    return [rule for each in found if each.entry in (None, entry) and each.leave in (None, leave)
            for rule in each.rules]


def without_pool(lines: Sequence[Nat], entry: str, leave: str) -> list[Rule]:
    """Hosts that a dynamic line translates, but not towards there: before 8.3, from high to low level.

    Such a connection is refused (message 305006), unless an exemption or a static line goes before.
    """
    between_them = [nat for nat in lines if nat.behind == entry and nat.towards in (None, leave)]
    if any(nat.kind == "old dynamic" and nat.towards for nat in between_them):
        return []
    found: list[Rule] = []
    for nat in between_them:
        if (nat.kind == "exemption" and not nat.because) or nat.kind == "old static":
            found.append(_exempt(nat.real.known, nat.far.known, nat.line))
        elif nat.kind == "old dynamic":
            found.append(_maybe_denied(_whole(nat.real), ANY, nat.line, "", Reason(
                "whether a translation exists: {reason}", reason=nat.because)))
    return found if any(rule.action is Action.DENY for rule in found) else []


def _effects(nat: Nat) -> Iterator[Effect]:
    real, mapped, line = nat.real, nat.mapped, nat.line
    match nat.kind:
        case "unread":
            reason = Reason("which addresses this line translates: {because}", because=nat.because)
            yield Effect(nat.behind, nat.towards, _either(ANY, ANY_SERVICES, line, reason))
            yield Effect(nat.towards, nat.behind, _either(ANY, ANY_SERVICES, line, reason))
        case "control":
            reason = Reason("whether a translation exists: with nat-control only translated traffic passes")
            yield Effect(None, None, (_maybe_denied(ANY, ANY, line, "", reason),))
        case "old dynamic":
            yield Effect(None, nat.behind, (_to_the_real(ANY, _whole(real), line),))
        case "old static" if nat.mapped != nat.real or nat.ports:
            touched = _whole(mapped) | _whole(real)
            yield Effect(nat.towards, None, _either(touched, ANY_SERVICES, line))
        case "object" | "twice":
            yield from _new(nat)
        case "exemption" | "old static":  # nothing is translated
            return


def _new(nat: Nat) -> Iterator[Effect]:
    line, far = nat.line, _whole(nat.far)
    if nat.dialled != nat.far:
        yield Effect(nat.behind, None, _either(_whole(nat.dialled), ANY_SERVICES, line,
                                               sources=_whole(nat.real)))
    elif nat.kind == "twice":
        yield Effect(nat.behind, nat.towards, (_exempt(nat.real.known, nat.far.known, line),))
    if nat.one_way:
        return
    if nat.identity:
        yield Effect(nat.towards, nat.behind, (_exempt(nat.far.known, nat.real.known, line),))
        return
    asked = answered = ANY_SERVICES
    if nat.ports:
        asked, answered = ((service(nat.ports.protocol, ANY_PORT, IntervalSet.of((port, port))),)
                           for port in (nat.ports.mapped, nat.ports.real))
    if nat.static:
        yield Effect(nat.towards, None, _either(_whole(nat.mapped), asked, line, sources=far))
    yield Effect(nat.towards, nat.behind, (_to_the_real(far, _whole(nat.real), line, answered),))


def _either(destinations: AddressSet, services: tuple[Service, ...], line: int, reason: str = "",
            sources: AddressSet = ANY) -> tuple[Rule, ...]:
    """Leave packets open both ways: the lists see another address than theirs."""
    unresolved: tuple[Condition, ...] = (Opaque("", reason or Reason(
        "which address the access lists see: the destination is translated by this line")),)
    return tuple(Rule(action, sources, destinations, services, line, unresolved)
                 for action in (Action.PERMIT, Action.DENY))


def _maybe_denied(sources: AddressSet, destinations: AddressSet, line: int, key: str, reason: str,
                  services: tuple[Service, ...] = ANY_SERVICES) -> Rule:
    return Rule(Action.DENY, sources, destinations, services, line, (Opaque(key, reason),))


def _to_the_real(sources: AddressSet, destinations: AddressSet, line: int,
                 services: tuple[Service, ...] = ANY_SERVICES) -> Rule:
    """Packets to the real address of a host that is translated towards where they come from."""
    reason = Reason("whether the packets carry the real address: this line translates the destination "
                     "towards them, and a packet to the real one fails the reverse path check")
    return _maybe_denied(sources, destinations, line, f"real address dialled, line {line}", reason, services)


def _exempt(sources: AddressSet, destinations: AddressSet, line: int) -> Rule:
    """An identity rule: nothing is translated, and no later rule is tried."""
    return Rule(Action.RETURN, sources, destinations, ANY_SERVICES, line)


def _whole(addresses: Addresses) -> AddressSet:
    """Everything that may be meant."""
    return ANY if addresses.opens else addresses.known

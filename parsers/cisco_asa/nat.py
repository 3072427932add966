"""Address translation, as far as it decides whether a packet passes and which address the lists see.

Translation permits nothing. But an ASA undoes it for the destination before it looks at a list (8.3 and
later; before that release lists hold mapped addresses), so what a list says of a mapped destination counts
neither way. And a packet to the *real* address of a host that is translated towards the side it comes from
fails the reverse path check (message 305013), unless an identity rule exempts it. Both leave a packet open,
with the line; rules are tried in the device's order, and the first that matches decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from parsers.cisco_asa import literals
from parsers.cisco_asa.alternatives import ANY_SERVICES
from parsers.cisco_asa.objects import Objects
from parsers.cisco_asa.words import Addresses, Wrong
from parsers.model.addresses import ANY, ANY4, NOWHERE, AddressSet
from parsers.model.conditions import Condition, Opaque
from parsers.model.intervals import IntervalSet
from parsers.model.rules import Action, Rule
from parsers.model.services import Service, service

NatLine = tuple[int, list[str], str]
"""Line number, words, and the name of the object that the line stands in, or ''."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one translation means for packets from one interface to another; None is any."""

    entry: str | None
    leave: str | None
    rules: tuple[Rule, ...]


def effects(objects: Objects, lines: Iterable[NatLine], *, old: bool) -> list[Effect]:
    """Read all translations in the order in which the device tries them; `old` is before 8.3."""
    found: list[Effect] = []
    for number, words, inside in sorted(lines, key=_section):
        try:
            found += _effects(objects, words, inside, number, old)
        except (Wrong, IndexError, ValueError):
            because = "which addresses this line translates: it could not be read"
            found.append(Effect(None, None, _either(ANY, ANY_SERVICES, number, because)))
    return found


def between(found: Iterable[Effect], entry: str, leave: str) -> list[Rule]:
    """The rules for packets from one interface to another."""
    return [rule for each in found if each.entry in (None, entry) and each.leave in (None, leave)
            for rule in each.rules]


def _section(line: NatLine) -> int:
    """Twice NAT first, then object NAT (static before dynamic), then what is marked after-auto."""
    _, words, inside = line
    if inside:
        return 1 if "static" in words else 2
    return 3 if "after-auto" in words else 0


def _effects(objects: Objects, words: list[str], inside: str, line: int, old: bool) -> Iterator[Effect]:
    if "inactive" in words:
        return
    if words[0] == "nat-control":
        because = "whether a translation exists: with nat-control only translated traffic passes"
        yield Effect(None, None, (_maybe_denied(ANY, ANY, line, "", because),))
    elif words[0] == "static":
        yield from _old_static(objects, words, line)
    elif inside:
        yield from _object_nat(objects, words, inside, line)
    elif old:
        yield from _old_dynamic(objects, words, line)
    else:
        yield from _twice_nat(objects, words, line)


def _pair(word: str) -> tuple[str | None, str | None]:
    """Read `(real,mapped)`; any is None."""
    real, comma, mapped = word.strip("()").partition(",")
    if not comma:
        raise Wrong("expected two interfaces in parentheses")
    return (None if real == "any" else real), (None if mapped == "any" else mapped)


def _either(destinations: AddressSet, services: tuple[Service, ...], line: int, because: str = "",
            sources: AddressSet = ANY) -> tuple[Rule, ...]:
    """Leave packets open both ways: the lists see another address than theirs."""
    reason = because or "which address the access lists see: the destination is translated by this line"
    open_: tuple[Condition, ...] = (Opaque("", reason),)
    return tuple(Rule(action, sources, destinations, services, line, open_)
                 for action in (Action.PERMIT, Action.DENY))


def _maybe_denied(sources: AddressSet, destinations: AddressSet, line: int, key: str, because: str,
                  services: tuple[Service, ...] = ANY_SERVICES) -> Rule:
    return Rule(Action.DENY, sources, destinations, services, line, (Opaque(key, because),))


def _untranslated(sources: AddressSet, destinations: AddressSet, line: int,
                  services: tuple[Service, ...] = ANY_SERVICES) -> Rule:
    """Packets to the real address of a host that is translated towards where they come from."""
    because = ("whether the packets carry the real address: this line translates the destination towards "
               "them, and a packet to the real one fails the reverse path check")
    return _maybe_denied(sources, destinations, line, f"real address dialled, line {line}", because, services)


def _exempt(sources: AddressSet, destinations: AddressSet, line: int) -> Rule:
    """An identity rule: nothing is translated, and no later rule is tried."""
    return Rule(Action.RETURN, sources, destinations, ANY_SERVICES, line)


def _object_nat(objects: Objects, words: list[str], inside: str, line: int) -> Iterator[Effect]:
    """`nat (real,mapped) static MAPPED [service PROTO REAL MAPPED]` or `dynamic ...` in an object."""
    behind, towards = _pair(words[1])
    real = objects.network(inside)
    if "static" not in words:
        yield Effect(towards, behind, (_untranslated(ANY, _whole(real), line),))
        return
    mapped = _mapped(objects, words[words.index("static") + 1], towards, real)
    asked = answered = ANY_SERVICES
    if "service" in words:
        protocol, real_port, mapped_port = words[words.index("service") + 1:][:3]
        number = literals.protocol(protocol)
        asked, answered = ((service(number, destination=literals.ports("eq", (port,), number)),)
                           for port in (mapped_port, real_port))
    if not mapped.opens and mapped.known == real.known:
        yield Effect(towards, behind, (_exempt(ANY, real.known, line),))
        return
    yield Effect(towards, None, _either(_whole(mapped), asked, line))
    yield Effect(towards, behind, (_untranslated(ANY, _whole(real), line, answered),))


def _twice_nat(objects: Objects, words: list[str], line: int) -> Iterator[Effect]:
    """`nat (a,b) source static|dynamic REAL MAPPED [destination static MAPPED REAL]`."""
    behind, towards = _pair(words[1])
    at = words.index("source")
    kind, real_word, mapped_word = words[at + 1:at + 4]
    real = _mapped(objects, real_word, towards, Addresses(NOWHERE))
    far_mapped = far_real = Addresses(ANY)
    if "destination" in words:
        mapped_far_word, real_far_word = words[words.index("destination") + 2:][:2]
        far_real = _mapped(objects, real_far_word, towards, Addresses(NOWHERE))
        far_mapped = _mapped(objects, mapped_far_word, behind, far_real)
    if far_mapped != far_real:
        yield Effect(behind, None, _either(_whole(far_mapped), ANY_SERVICES, line, sources=_whole(real)))
    else:
        yield Effect(behind, towards, (_exempt(real.known, far_real.known, line),))
    if "unidirectional" in words:
        return
    sources = _whole(far_real)
    if kind != "static":
        yield Effect(towards, behind, (_untranslated(sources, _whole(real), line),))
        return
    mapped = _mapped(objects, mapped_word, towards, real)
    if mapped == real and not real.opens:
        yield Effect(towards, behind, (_exempt(far_real.known, real.known, line),))
        return
    yield Effect(towards, None, _either(_whole(mapped), ANY_SERVICES, line, sources=sources))
    yield Effect(towards, behind, (_untranslated(sources, _whole(real), line),))


def _old_static(objects: Objects, words: list[str], line: int) -> Iterator[Effect]:
    """`static (real,mapped) MAPPED REAL [netmask M]`, or with `tcp MAPPED PORT REAL PORT`."""
    _, towards = _pair(words[1])
    rest = words[2:]
    mapped, real = (rest[1], rest[3]) if rest[0] in ("tcp", "udp") else (rest[0], rest[1])
    if mapped == real:
        return
    mask = rest[rest.index("netmask") + 1] if "netmask" in rest else "255.255.255.255"
    touched = NOWHERE
    for address in (mapped, real):
        if address == "interface":
            touched |= _interface(objects, towards).known
        elif address == "access-list":
            touched |= ANY4  # policy NAT: the list's sources
        else:
            touched |= literals.network(address, mask, objects.names)
    yield Effect(towards, None, _either(touched, ANY_SERVICES, line))


def _old_dynamic(objects: Objects, words: list[str], line: int) -> Iterator[Effect]:
    """`nat (real) ID NET MASK`: connections from elsewhere to these hosts have no translation group."""
    if words[2] == "0":
        return  # identity or an exemption
    behind = words[1].strip("()")
    address, mask = words[3], words[4] if len(words) > 4 else "255.255.255.255"
    real = ANY4 if address == "access-list" else literals.network(address, mask, objects.names)
    yield Effect(None, behind, (_untranslated(ANY, real, line),))


def _whole(addresses: Addresses) -> AddressSet:
    """Everything that may be meant."""
    return ANY if addresses.opens else addresses.known


def _mapped(objects: Objects, word: str, interface: str | None, real: Addresses) -> Addresses:
    """What a mapped word stands for; one address for a whole real range means a range of the same size."""
    if word == "interface":
        return _interface(objects, interface)
    if word == "any":
        return Addresses(ANY)
    if objects.kind(word) == "network":
        return objects.network(word)
    if ":" in word:
        return Addresses(literals.network6(word if "/" in word else word + "/128"))
    first = literals.ipv4(word, objects.names)
    count = max(real.known.v4.size, 1)
    return Addresses(AddressSet(v4=IntervalSet.of((first, min(first + count - 1, 2**32 - 1)))))


def _interface(objects: Objects, name: str | None) -> Addresses:
    known = objects.interfaces.get(name or "")
    if known is None:
        raise Wrong(f"the address of interface {name} is not in the file")
    return known

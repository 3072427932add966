"""Address translation, as far as it decides which addresses the access lists speak of.

Translation permits and denies nothing by itself. But an ASA undoes it for the destination before it looks
at an access list (8.3 and later), and before that release the lists hold mapped addresses. So a packet
to an address that a static translation touches is kept undecided, with the line. Everything else about NAT
is left to the reader of the lists.
"""

from __future__ import annotations

from collections.abc import Iterator

from parsers.cisco_asa import literals
from parsers.cisco_asa.objects import Objects
from parsers.cisco_asa.words import Addresses, Wrong
from parsers.model.addresses import ANY, ANY4, NOWHERE, AddressSet
from parsers.model.conditions import Opaque
from parsers.model.intervals import IntervalSet
from parsers.model.rules import Action, Rule
from parsers.model.services import ANY_SERVICE, Service, service

_BECAUSE = "which address the access lists see: the destination is translated by this line"
_ANY = (ANY_SERVICE,)


def doubts(objects: Objects, lines: list[tuple[int, list[str], str]], *, old: bool) -> list[Rule]:
    """Rules that leave open what happens to packets for translated destinations.

    `lines` are (line number, words, name of the object that the line stands in or ''); `old` is before 8.3.
    """
    found: list[Rule] = []
    for number, words, inside in lines:
        if words[0] == "nat-control":
            found.append(_doubt(ANY, _ANY, number, "whether a translation exists: with nat-control only "
                                                   "translated traffic passes"))
            continue
        try:
            touched = list(_touched(objects, words, inside, number, old))
        except (Wrong, IndexError):
            because = "which addresses this line translates: it could not be read"
            touched = [_doubt(ANY, _ANY, number, because)]
        for rule in touched:  # the lists see another address, so what they say of this one counts neither way
            found += (rule._replace(action=Action.PERMIT), rule)
    return found


def _touched(objects: Objects, words: list[str], inside: str, line: int, old: bool) -> Iterator[Rule]:
    if words[0] == "static":
        yield from _old_static(objects, words, line)
    elif inside:
        yield from _object_nat(objects, words, inside, line)
    elif not old:
        yield from _twice_nat(objects, words, line)


def _doubt(destinations: AddressSet, services: tuple[Service, ...], line: int, because: str) -> Rule:
    return Rule(Action.DENY, ANY, destinations, services, line, (Opaque("", because),))


def _old_static(objects: Objects, words: list[str], line: int) -> Iterator[Rule]:
    """`static (real,mapped) MAPPED REAL [netmask M]`, or with `tcp MAPPED PORT REAL PORT`."""
    rest = words[2:]
    if rest[0] in ("tcp", "udp"):
        mapped, real = rest[1], rest[3]
    else:
        mapped, real = rest[0], rest[1]
    if mapped == real:
        return
    mask = rest[rest.index("netmask") + 1] if "netmask" in rest else "255.255.255.255"
    touched = NOWHERE
    for address in (mapped, real):
        if address == "interface":
            touched |= _interface(objects, words[1]).known
        elif address not in ("access-list", *rest[2:3]) or address == real:
            touched |= literals.network(address, mask, objects.names)
    yield _doubt(touched, _ANY, line, _BECAUSE)


def _object_nat(objects: Objects, words: list[str], inside: str, line: int) -> Iterator[Rule]:
    """`nat (real,mapped) static MAPPED [service PROTO REAL MAPPED]` in an object."""
    if "static" not in words:
        return  # a dynamic translation is made for the source; nobody connects to it
    at = words.index("static") + 1
    real = objects.network(inside)
    mapped = _mapped(objects, words[at], words[1], real)
    services = _ANY
    if "service" in words:
        protocol, _, port = words[words.index("service") + 1:][:3]
        number = literals.protocol(protocol)
        services = (service(number, destination=literals.ports("eq", (port,), number)),)
    if mapped.opens:
        yield _doubt(ANY4, services, line, _BECAUSE)
    elif mapped.known != real.known:
        yield _doubt(mapped.known, services, line, _BECAUSE)


def _twice_nat(objects: Objects, words: list[str], line: int) -> Iterator[Rule]:
    """`nat (a,b) source static REAL MAPPED [destination static MAPPED REAL]`."""
    pairs = []
    for word, order in (("source", (0, 1)), ("destination", (1, 0))):
        if word in words and words[words.index(word) + 1] == "static":
            at = words.index(word) + 2
            pairs.append((words[at + order[0]], words[at + order[1]]))
    for real_word, mapped_word in pairs:
        if real_word == mapped_word:
            continue
        real = _mapped(objects, real_word, words[1], Addresses(NOWHERE))
        mapped = _mapped(objects, mapped_word, words[1], real)
        if mapped.opens:
            yield _doubt(ANY4, _ANY, line, _BECAUSE)
        elif mapped.known != real.known:
            yield _doubt(mapped.known, _ANY, line, _BECAUSE)


def _mapped(objects: Objects, word: str, interfaces: str, real: Addresses) -> Addresses:
    """What a mapped word stands for; one address for a whole real range means a range of the same size."""
    if word == "interface":
        return _interface(objects, interfaces)
    if word == "any":
        return Addresses(ANY)
    if objects.kind(word) == "network":
        return objects.network(word)
    if ":" in word:
        return Addresses(literals.network6(word if "/" in word else word + "/128"))
    first = literals.ipv4(word, objects.names)
    count = max(real.known.v4.size, 1)
    return Addresses(AddressSet(v4=IntervalSet.of((first, min(first + count - 1, 2**32 - 1)))))


def _interface(objects: Objects, pair: str) -> Addresses:
    """The address of the mapped interface in `(real,mapped)`."""
    name = pair.strip("()").partition(",")[2]
    known = objects.interfaces.get(name)
    if known is None:
        raise Wrong(f"the address of interface {name} is not in the file")
    return known

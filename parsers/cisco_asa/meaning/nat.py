"""The lines of address translation, read into one form, in the order in which the device tries them.

Twice NAT goes first, then object NAT (static before dynamic, then the fewest real addresses, then the
lowest, then the object's name), then what is marked after-auto (Cisco CLI guide, NAT rule order). Before
8.3: `old_nat`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, Protocol

from msgspec import Struct
from msgspec.structs import replace

from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.objects import Objects
from aclproof.parsers.cisco_asa.words.unresolved import Addresses, LineError
from aclproof.parsers.model.addresses import ANY, NOWHERE, AddressSet, join
from aclproof.parsers.model.effects import OTHER_PORTS
from aclproof.parsers.model.intervals import IntervalSet, Range
from aclproof.parsers.model.services import ANY_SERVICE, Service
from aclproof.reason import Reason

NatLine = tuple[int, list[str], str]
"""Line number, words, and the name of the object that the line is in, or ''."""

Kind = Literal["object", "twice", "old static", "policy dynamic", "old dynamic", "identity", "exemption",
               "pool", "control", "unread"]
"""`identity` is `nat (IF) 0 NET MASK`: its hosts keep their addresses, and nobody else opens connections to
them. `pool` is a `global` line by itself: no host has its addresses."""

ALL = Addresses(ANY)
NONE = Addresses(NOWHERE)
_INTERFACE6 = "interface ipv6"
"""Two words of a line as one: the other address of an interface."""


class Ports(Struct, frozen=True):
    """One port of a translated service, before and after the translation."""

    protocol: int
    real: int
    mapped: int


class Nat(Struct, frozen=True):
    """One line: hosts behind one interface appear with other addresses towards another; None is any."""

    kind: Kind
    line: int
    behind: str | None = None
    towards: str | None = None
    static: bool = False
    real: Addresses = ALL
    mapped: Addresses = NONE
    """Of a dynamic line the pool, as far as it is known."""
    dialled: Addresses = ALL
    """What the hosts connect to, where the line translates that as well."""
    far: Addresses = ALL
    """What it really is."""
    ports: Ports | None = None
    """Of the hosts, where the line is for one of their services."""
    far_ports: Ports | None = None
    """Of those to whom they connect, where it is for one of theirs."""
    one_way: bool = False
    by_route: bool = False
    """Whether the line leaves the way out to the routes, whatever interface it names."""
    no_proxy_arp: bool = False
    outside: bool = False
    """Of a dynamic line before 8.3: whether it also holds towards higher security levels."""
    pooled: bool = True
    """Of a dynamic line before 8.3: whether there is a `global` line for it towards there."""
    besides: frozenset[str] = frozenset()
    """Of one without a `global` line: the interfaces for which it has one."""
    services: tuple[Service, ...] = (ANY_SERVICE,)
    """Of a dynamic line before 8.3: of the packets that it is for, as they come from its hosts."""
    because: str = ""
    """Why the line does not show exactly what becomes of a packet."""
    other_ports: Range = OTHER_PORTS
    """From which a dynamic line takes another port."""


class Reader(Protocol):
    """Reads the words of one line; LineError, IndexError or ValueError where it cannot."""

    def __call__(self, words: list[str], inside: str, line: int) -> Iterable[Nat]:
        """Return what the line does, in order."""
        ...


def read(lines: Iterable[NatLine], reader: Reader) -> list[Nat]:
    """Read all lines, in the device's order."""
    found: list[Nat] = []
    sections: dict[int, tuple[int, str]] = {}
    order: dict[int, list[int]] = {}
    """Of each section the lines as they were entered; some say before which one."""
    for number, whole, inside in lines:
        words = whole[:whole.index("description")] if "description" in whole else whole
        sections[number] = section, _ = _section(words, inside), inside
        ordered = order.setdefault(section, [])
        place = _place(words)
        ordered.insert(len(ordered) if place is None else place, number)
        if "inactive" not in words:
            try:
                found += reader(words, inside, number)
            except (LineError, IndexError, ValueError):
                found.append(_unread(words, number, inside))
    rank = {number: at for entered in order.values() for at, number in enumerate(entered)}
    return sorted(found, key=lambda each: (sections[each.line][0], *_within(each), sections[each.line][1],
                                           rank[each.line]))


def _place(words: list[str]) -> int | None:
    """Before which line of its section a line is entered, counted from 0: `nat (in,out) 1 source ...`."""
    at = 3 if words[2:3] == ["after-auto"] else 2
    entered = len(words) > at + 1 and words[at + 1] == "source" and words[at].isdecimal()
    return max(int(words[at]) - 1, 0) if entered else None


def _unread(words: list[str], line: int, inside: str) -> Nat:
    """A line of which no more than its interfaces can be read, if these; twice NAT may change both ends."""
    reason = Reason("it could not be read")
    behind = towards = None
    if words[1:] and words[1].startswith("(") and words[1].endswith(")"):
        behind, towards = interfaces(words[1]) if "," in words[1] else (words[1].strip("()"), None)
    return Nat("unread", line, behind, towards, bool(inside) or words[0] == "static", because=reason)


def _section(words: list[str], inside: str) -> int:
    if inside:
        return 1 if "static" in words else 2
    return 3 if "after-auto" in words else 0


def _within(nat: Nat) -> tuple[int, int, int]:
    """The order inside a section: object NAT and regular dynamic NAT by addresses, the rest by the file."""
    known = nat.real.known.v4 or nat.real.known.v6
    by_address = (known.size, known.lowest if known else 0)
    match nat.kind:
        case "object":
            return 0, *by_address
        case "exemption":
            return 0, 0, 0
        case "policy dynamic":
            return 2, 0, 0
        case "old dynamic" | "identity":  # the best match
            return 3, *by_address
        case _:
            return 1, 0, 0


class NewNat(Struct, frozen=True):
    """Reads the lines of 8.3 and later."""

    objects: Objects
    identity_by_route: bool = False
    """Whether routes decide where a line sends packets that keep their addresses: up to 8.3."""

    def __call__(self, words: list[str], inside: str, line: int) -> Iterator[Nat]:
        """Read a `nat` line, in an object or by itself."""
        reader = _object if inside else _twice
        found = reader(self.objects, _with_families(words), inside, line)
        kept = found.static and found.mapped == found.real and found.dialled == found.far
        by_route = kept and self.identity_by_route
        because = found.because
        if "route-lookup" in words:
            by_route = True
            if not kept:
                because = because or Reason("'route-lookup' is for lines that keep addresses")
        yield replace(found, by_route=by_route, because=because, no_proxy_arp="no-proxy-arp" in words)


def _with_families(words: list[str]) -> list[str]:
    """Take `interface ipv6` for one word: it is the other address of an interface."""
    pairs = zip(words, [*words[1:], ""], strict=True)
    joined = [_INTERFACE6 if pair == ("interface", "ipv6") else pair[0] for pair in pairs]
    return [word for before, word in zip(["", *joined], joined, strict=False)
            if (before, word) != (_INTERFACE6, "ipv6")]


def interfaces(word: str) -> tuple[str | None, str | None]:
    """Read `(real,mapped)`; any is None, and so is what a line leaves out."""
    if word in ("static", "dynamic", "source"):
        return None, None
    real, comma, mapped = word.strip("()").partition(",")
    if not comma:
        raise LineError(Reason("expected two interfaces in parentheses"))
    return (None if real == "any" else real), (None if mapped == "any" else mapped)


def _object(objects: Objects, words: list[str], inside: str, line: int) -> Nat:
    """`nat (real,mapped) static MAPPED [service PROTO REAL MAPPED]` or `dynamic ...` in an object."""
    behind, towards = interfaces(words[1])
    real = objects.network(inside)
    if "static" not in words:
        chosen = words[words.index("dynamic") + 1:]
        return Nat("object", line, behind, towards, real=real, mapped=pool(objects, chosen, towards),
                   other_ports=_other_ports(chosen))
    mapped = mapped_addresses(objects, words[words.index("static") + 1], towards, real,
                              masked=not objects.definitions[inside].ranged)
    ports = None
    if "service" in words:
        protocol, real_port, mapped_port = words[words.index("service") + 1:][:3]
        number = literals.protocol(protocol)
        ports = Ports(number, literals.port(real_port, number), literals.port(mapped_port, number))
    return Nat("object", line, behind, towards, True, real, mapped, ports=ports)


def _twice(objects: Objects, words: list[str], inside: str, line: int) -> Nat:
    """`nat (a,b) source static|dynamic REAL MAPPED [destination static DIALLED FAR]`."""
    behind, towards = interfaces(words[1])
    at = words.index("source")
    kind, real_word, *mapped_words = words[at + 1:]
    static = kind == "static"
    real = mapped_addresses(objects, real_word, towards, NONE)
    mapped = mapped_addresses(objects, mapped_words[0], towards, real) if static else pool(
        objects, mapped_words, towards)
    dialled = far = ALL
    if "destination" in words:
        dialled_word, far_word = words[words.index("destination") + 2:][:2]
        far = mapped_addresses(objects, far_word, towards, NONE)
        dialled = mapped_addresses(objects, dialled_word, behind, far)
    of_hosts, of_far, reason = None, None, ""
    if "service" in words:
        from aclproof.parsers.cisco_asa.meaning.nat_services import services

        of_hosts, of_far = services(objects, words[words.index("service") + 1:][:2], static=static)
        reason = "" if of_hosts or of_far else Reason("its services are not one port for another")
    return Nat("twice", line, behind, towards, static, real, mapped, dialled, far, of_hosts, of_far,
               "unidirectional" in words, because=reason, other_ports=_other_ports(mapped_words))


def _other_ports(words: list[str]) -> Range:
    return (1, OTHER_PORTS[1]) if "include-reserve" in words else OTHER_PORTS


def pool(objects: Objects, words: list[str], interface: str | None) -> Addresses:
    """What a dynamic translation may choose from; NOWHERE where the line does not show them."""
    words = words[1:] if words[:1] == ["pat-pool"] else words
    try:
        if "-" in words[0] and objects.kind(words[0]) is None:
            first, last = words[0].split("-")
            found = Addresses(literals.between(first, last, objects.names))
        else:
            found = mapped_addresses(objects, words[0], interface, NONE)
        spare = join(mapped_addresses(objects, word, interface, NONE).known for word in words[1:]
                     if word in ("interface", _INTERFACE6))
    except (LineError, ValueError, IndexError):
        return NONE
    return Addresses(found.known | spare, found.opens)


def mapped_addresses(objects: Objects, word: str, interface: str | None, real: Addresses, *,
                     masked: bool = True) -> Addresses:
    """The addresses of a mapped word; one address for several real ones stands for as many.

    The mask of a real network holds for it as well; where they are not `masked`, it is the first one.
    """
    if word == "interface":
        return own_address(objects, interface)
    if word == _INTERFACE6:
        return Addresses(AddressSet(v6=_own_addresses(objects, interface).known.v6))
    if word == "any":
        return ALL
    if objects.kind(word) == "network":
        return objects.network(word)
    if ":" in word:
        return Addresses(literals.network6(word if "/" in word else word + "/128"))
    first = literals.ipv4(word, objects.names)
    count = max(real.known.v4.size, 1)
    if masked and count.bit_count() == 1 and real.known.v4 and real.known.v4.lowest % count == 0:
        first -= first % count
    return Addresses(AddressSet(v4=IntervalSet.of((first, min(first + count - 1, 2**32 - 1)))))


def own_address(objects: Objects, name: str | None) -> Addresses:
    """The firewall's address of IPv4 at an interface; LineError where the file has none of any family."""
    return Addresses(AddressSet(v4=_own_addresses(objects, name).known.v4))


def _own_addresses(objects: Objects, name: str | None) -> Addresses:
    known = objects.interfaces.get(name or "")
    if known is None:
        raise LineError(Reason("the address of interface {name} is not in the file", name=name))
    return known

"""The lines of address translation, read into one form, in the order in which the device tries them.

Twice NAT goes first, then object NAT (static before dynamic, then the fewest real addresses, then the
lowest, then the object's name), then what is marked after-auto (Cisco CLI guide, NAT rule order). Before
8.3: exemptions, statics, then dynamic pairs of `nat` and `global`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.objects import Objects
from aclproof.parsers.cisco_asa.words.unresolved import Addresses, LineError
from aclproof.parsers.model.addresses import ANY, ANY4, NOWHERE, AddressSet
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.model.rules import Action, Chain
from aclproof.parsers.model.services import TCP, UDP

NatLine = tuple[int, list[str], str]
"""Line number, words, and the name of the object that the line is in, or ''."""

Kind = Literal["object", "twice", "old static", "old dynamic", "exemption", "control", "unread"]

_ALL = Addresses(ANY)
_NONE = Addresses(NOWHERE)


@dataclass(frozen=True, slots=True)
class Ports:
    """One port of a translated service, before and after the translation."""

    protocol: int
    real: int
    mapped: int


@dataclass(frozen=True, slots=True)
class Nat:
    """One line: hosts behind one interface appear with other addresses towards another; None is any."""

    kind: Kind
    line: int
    behind: str | None = None
    towards: str | None = None
    static: bool = False
    real: Addresses = _ALL
    mapped: Addresses = _NONE
    """Of a dynamic line the pool, as far as it is known."""
    dialled: Addresses = _ALL
    """What the hosts connect to, where the line translates that as well."""
    far: Addresses = _ALL
    """What it really is."""
    ports: Ports | None = None
    one_way: bool = False
    because: str = ""
    """Why the line does not show exactly what becomes of a packet."""

    @property
    def identity(self) -> bool:
        """Whether the hosts keep their addresses."""
        return self.static and self.mapped == self.real and not self.real.opens and self.ports is None


def read(objects: Objects, lines: Sequence[NatLine], pools: Sequence[tuple[list[str], int]],
         lists: Mapping[str, Chain], *, old: bool, interfaces: Collection[str] = (),
         broken: Collection[int] = ()) -> list[Nat]:
    """Read all lines, in the device's order; `old` is before 8.3, `pools` are its `global` lines.

    `interfaces` are the names that the file gives; `broken` are lines that may go on in the next one.
    """
    found: list[Nat] = []
    for number, words, inside in lines:
        if not inside and "inactive" in words[words.index("source") + 4 if "source" in words else 3:]:
            continue
        try:
            read_ones = list(_read(objects, words, inside, number, pools, lists, old))
        except (LineError, IndexError, ValueError):
            read_ones = []
        if number in broken or not (read_ones or _exempts_nothing(words)):
            found.append(_unread(number, words, interfaces))
        else:
            found += [each if _between_known(each, interfaces) else _unread(number, words, interfaces)
                      for each in read_ones]
    sections = {number: (_section(words, inside), inside) for number, words, inside in lines}
    return sorted(found, key=lambda each: (sections[each.line][0], *_within(each), sections[each.line][1]))


def _exempts_nothing(words: list[str]) -> bool:
    """Whether a line names a list that is empty, so that it is read and means nothing."""
    return words[2:4] == ["0", "access-list"]


def _between_known(nat: Nat, interfaces: Collection[str]) -> bool:
    return not interfaces or {nat.behind, nat.towards} <= {None, *interfaces}


def _unread(line: int, words: list[str], interfaces: Collection[str]) -> Nat:
    """Make what stands for a line that could not be read: anything between its interfaces is open."""
    reason = Reason("it could not be read")
    place = words[1] if len(words) > 1 else ""
    if not (place.startswith("(") and place.endswith(")")):
        return Nat("unread", line, because=reason)
    names = (*place[1:-1].split(","), "any")[:2]
    unknown = [each for each in names if each not in (*interfaces, "any")]
    if unknown:
        reason = Reason("no interface in this file has the name {name}", name=unknown[0])
    behind, towards = (each if each in interfaces else None for each in names)
    return Nat("unread", line, behind, towards, because=reason)


def _section(words: list[str], inside: str) -> int:
    if inside:
        return 1 if "static" in words else 2
    return 3 if "after-auto" in words else 0


def _within(nat: Nat) -> tuple[int, int, int]:
    """The order inside a section: object NAT goes by its addresses, the rest by the file."""
    match nat.kind:
        case "object":
            known = nat.real.known.v4 or nat.real.known.v6
            return 0, known.size, known.lowest if known else 0
        case "exemption":
            return 0, 0, 0
        case "old dynamic":
            return 2, 0, 0
        case _:
            return 1, 0, 0


def _read(objects: Objects, words: list[str], inside: str, line: int,
          pools: Sequence[tuple[list[str], int]], lists: Mapping[str, Chain], old: bool) -> Iterator[Nat]:
    if words[0] == "nat-control":
        yield Nat("control", line)
    elif words[0] == "static":
        yield _old_static(objects, words, line)
    elif inside:
        yield _object(objects, words, inside, line)
    elif not old:
        yield _twice(objects, words, line)
    elif words[2] == "0":
        yield from _exemption(objects, words, line, lists)
    else:
        yield from _old_dynamic(objects, words, line, pools)


def _pair(word: str) -> tuple[str | None, str | None]:
    """Read `(real,mapped)`; any is None, and so is what a line leaves out."""
    if word in ("static", "dynamic", "source"):
        return None, None
    real, comma, mapped = word[1:-1].partition(",")
    if not comma or word[0] != "(" or word[-1] != ")":
        raise LineError(Reason("expected two interfaces in parentheses"))
    return (None if real == "any" else real), (None if mapped == "any" else mapped)


def _object(objects: Objects, words: list[str], inside: str, line: int) -> Nat:
    """`nat (real,mapped) static MAPPED [service PROTO REAL MAPPED]` or `dynamic ...` in an object."""
    behind, towards = _pair(words[1])
    real = objects.network(inside)
    if "static" not in words:
        pool = words[words.index("dynamic") + 1:]
        return Nat("object", line, behind, towards, real=real, mapped=_pool(objects, pool, towards))
    mapped = _mapped(objects, words[words.index("static") + 1], towards, real)
    ports = None
    if "service" in words:
        protocol, real_port, mapped_port = words[words.index("service") + 1:][:3]
        number = literals.protocol(protocol)
        ports = Ports(number, literals.port(real_port, number), literals.port(mapped_port, number))
    return Nat("object", line, behind, towards, True, real, mapped, ports=ports)


def _twice(objects: Objects, words: list[str], line: int) -> Nat:
    """`nat (a,b) source static|dynamic REAL MAPPED [destination static DIALLED FAR]`."""
    behind, towards = _pair(words[1])
    at = words.index("source")
    kind, real_word, *mapped_words = words[at + 1:]
    static = kind == "static"
    real = _mapped(objects, real_word, towards, _NONE)
    mapped = _mapped(objects, mapped_words[0], towards, real) if static else _pool(
        objects, mapped_words, towards)
    dialled = far = _ALL
    if "destination" in words:
        dialled_word, far_word = words[words.index("destination") + 2:][:2]
        far = _mapped(objects, far_word, towards, _NONE)
        dialled = _mapped(objects, dialled_word, behind, far)
    reason = Reason("it translates a service") if "service" in words else ""
    return Nat("twice", line, behind, towards, static, real, mapped, dialled, far,
               one_way="unidirectional" in words, because=reason)


def _old_static(objects: Objects, words: list[str], line: int) -> Nat:
    """`static (real,mapped) MAPPED REAL [netmask M]`, or with `tcp MAPPED PORT REAL PORT`."""
    behind, towards = _pair(words[1])
    rest = words[2:]
    ports = None
    if rest[0] in ("tcp", "udp"):
        protocol = TCP if rest[0] == "tcp" else UDP
        mapped, real = rest[1], rest[3]
        if real != "access-list":
            ports = Ports(protocol, literals.port(rest[4], protocol), literals.port(rest[2], protocol))
    else:
        mapped, real = rest[0], rest[1]
    mask = rest[rest.index("netmask") + 1] if "netmask" in rest else "255.255.255.255"

    def ends(word: str) -> Addresses:
        if word == "interface":
            return _interface(objects, towards)
        return Addresses(literals.network(word, mask, objects.names))

    if real == "access-list":  # policy NAT: its list says for whom
        return Nat("old static", line, behind, towards, True, Addresses(ANY4), ends(mapped),
                   because=Reason("a list decides for whom it holds"))
    return Nat("old static", line, behind, towards, True, ends(real), ends(mapped), ports=ports)


def _exemption(objects: Objects, words: list[str], line: int, lists: Mapping[str, Chain]) -> Iterator[Nat]:
    """`nat (real) 0 access-list NAME`, or `nat (real) 0 NET MASK`: nothing is translated."""
    behind = words[1].strip("()")
    if words[3] != "access-list":
        yield _kept(line, behind, Addresses(_old_network(objects, words)), _ALL)
        return
    chain = lists.get(words[4])
    for rule in chain.rules if chain else ():
        exact = rule.action is Action.PERMIT and not rule.conditions
        yield _kept(line, behind, Addresses(rule.sources), Addresses(rule.destinations),
                    "" if exact else Reason("access-list {name} does not tell for which packets it holds",
                                            name=words[4]))


def _kept(line: int, behind: str, real: Addresses, far: Addresses, reason: str = "") -> Nat:
    return Nat("exemption", line, behind, None, True, real, real, far, far, because=reason)


def _old_dynamic(objects: Objects, words: list[str], line: int,
                 pools: Sequence[tuple[list[str], int]]) -> Iterator[Nat]:
    """`nat (real) ID NET MASK`, with `global (mapped) ID POOL` for each interface that it holds for."""
    behind = words[1].strip("()")
    listed = words[3] == "access-list"
    real = Addresses(ANY4 if listed else _old_network(objects, words))
    reason = Reason("a list decides for whom it holds") if listed else ""
    for pool, _ in pools:
        if pool[2] == words[2]:
            towards = pool[1].strip("()")
            mapped = _pool(objects, pool[3:], towards)
            yield Nat("old dynamic", line, behind, towards, real=real, mapped=mapped, because=reason)
    yield Nat("old dynamic", line, behind, real=real,
              because=Reason("there is no 'global' line with number {number} for the interface they leave "
                             "by", number=words[2]))


def _old_network(objects: Objects, words: list[str]) -> AddressSet:
    address, mask = words[3], words[4] if len(words) > 4 else "255.255.255.255"
    return ANY4 if address in ("0", "0.0.0.0") else literals.network(address, mask, objects.names)


def _pool(objects: Objects, words: list[str], interface: str | None) -> Addresses:
    """What a dynamic translation may choose from; NOWHERE where the line does not show them."""
    words = words[1:] if words[:1] == ["pat-pool"] else words
    try:
        if "-" in words[0] and objects.kind(words[0]) is None:
            first, last = words[0].split("-")
            found = Addresses(literals.between(first, last, objects.names))
        else:
            found = _mapped(objects, words[0], interface, _NONE)
        spare = _interface(objects, interface) if "interface" in words[1:] else _NONE
    except (LineError, ValueError, IndexError):
        return _NONE
    return Addresses(found.known | spare.known, found.opens)


def _mapped(objects: Objects, word: str, interface: str | None, real: Addresses) -> Addresses:
    """The addresses of a mapped word; one address for a whole real range means a range of the same size."""
    if word == "interface":
        return _interface(objects, interface)
    if word == "any":
        return _ALL
    if objects.kind(word) == "network":
        return objects.network(word)
    if ":" in word:
        return Addresses(literals.network6(word if "/" in word else word + "/128"))
    first = literals.ipv4(word, objects.names)
    count = max(real.known.v4.size, 1)
    if count.bit_count() == 1 and real.known.v4 and real.known.v4.lowest % count == 0:
        first -= first % count  # the real network's mask holds for the mapped address as well
    return Addresses(AddressSet(v4=IntervalSet.of((first, min(first + count - 1, 2**32 - 1)))))


def _interface(objects: Objects, name: str | None) -> Addresses:
    known = objects.interfaces.get(name or "")
    if known is None:
        raise LineError(Reason("the address of interface {name} is not in the file", name=name))
    return known

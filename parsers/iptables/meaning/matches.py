"""What the tests of a rule mean: sets of packets where they are known, open conditions where not.

What a match means follows iptables-extensions(8); the traps are those that a live kernel showed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from aclproof.parsers.iptables.ipset import packets
from aclproof.parsers.iptables.ipset.read import IpSet
from aclproof.parsers.iptables.text import addresses, names, states
from aclproof.parsers.iptables.text.words import RuleError, Test
from aclproof.parsers.model.addresses import ANY, ANY4, ANY6, AddressSet, Family, single
from aclproof.parsers.model.conditions import (
    CameWith,
    Condition,
    HasMark,
    InState,
    IsItself,
    IsReply,
    Membership,
    OnInterface,
    Opaque,
    Side,
)
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.model.services import (
    ANY_PORT,
    ANY_PROTOCOL,
    ANY_SERVICE,
    ICMP,
    ICMP6,
    SCTP,
    TCP,
    UDP,
    Service,
)

Product = tuple[AddressSet, AddressSet, tuple[Service, ...]]
"""Sources, destinations and services: the packets between them."""

_DCCP, _UDPLITE = 33, 136
_WITH_PORTS = IntervalSet.of(*((n, n) for n in (TCP, UDP, _DCCP, SCTP, _UDPLITE)))
_MULTICAST = {Family.V4: (0xE0000000, 0xEFFFFFFF), Family.V6: (0xFF << 120, (1 << 128) - 1)}
_EVERYONE = (1 << 32) - 1
"""255.255.255.255, the one broadcast address that does not depend on a network."""


class Meaning:
    """What is left of all packets while the tests of one rule are read, and what stays open."""

    def __init__(self, family: Family, sets: Mapping[str, IpSet]) -> None:
        self.family, self.sets = family, sets
        self.sources = self.destinations = ANY4 if family is Family.V4 else ANY6
        self.services: Sequence[Service] = (ANY_SERVICE,)
        self.choices: list[Product] = []
        """Alternatives that no single product can express; empty for none."""
        self.conditions: list[Condition] = []

    def products(self) -> list[Product]:
        """The packets that match, where no condition stays open."""
        whole = (self.sources, self.destinations, tuple(self.services))
        met = [_meet(whole, choice) for choice in self.choices] if self.choices else [whole]
        return [each for each in met if all(each)]

    def ends(self, side: Side, found: AddressSet) -> None:
        """Keep only packets with one end among these."""
        if side == "source":
            self.sources &= found
        else:
            self.destinations &= found

    def meet(self, wanted: Sequence[Service]) -> None:
        """Keep only packets of these services."""
        self.services = _common(self.services, wanted)


def understand(tests: Sequence[Test], family: Family, sets: Mapping[str, IpSet]) -> Meaning:
    """Read all tests of a rule; RuleError when one of them is no test."""
    meaning = Meaning(family, sets)
    for module, group in groupby(tests, key=lambda test: test.module):
        together = list(group)
        reader = _READERS.get(module)
        if reader is None:
            meaning.conditions.append(_open(together))
            continue
        for test in together:
            try:
                reader(meaning, test)
            except addresses.OpaqueAddressError as error:
                meaning.conditions.append(Opaque(str(test), str(error)))
    return meaning


def _open(tests: Sequence[Test]) -> Condition:
    """A match that depends on more than the packet's head: one condition with all of its text."""
    module = tests[0].module
    own = (str(test).removeprefix(f"-m {module}").removesuffix("--").strip() for test in tests)
    key = " ".join((module, *own)).strip()
    return Opaque(key, Reason("whether '{key}' holds", key=key))


def _meet(one: Product, two: Product) -> Product:
    return one[0] & two[0], one[1] & two[1], tuple(_common(one[2], two[2]))


def _common(services: Sequence[Service], others: Sequence[Service]) -> list[Service]:
    met = others
    if len(services) != 1 or services[0] is not ANY_SERVICE:
        met = [Service(one.protocols & two.protocols, one.source_ports & two.source_ports,
                       one.destination_ports & two.destination_ports) for one in services for two in others]
    return [each for each in met if each.protocols and each.source_ports and each.destination_ports]


def _value(test: Test) -> str:
    if len(test.values) != 1:
        raise RuleError(Reason("--{name} takes one value", name=test.name))
    return test.values[0]


def _either(numbers: IntervalSet, whole: IntervalSet, test: Test) -> IntervalSet:
    return whole - numbers if test.negated else numbers


def _general(meaning: Meaning, test: Test) -> None:
    match test.name:
        case "source" | "destination":
            text = _value(test)
            if test.negated and "," in text:
                raise RuleError(Reason("a list of addresses cannot be negated"))
            side: Side = "source" if test.name == "source" else "destination"
            found = addresses.every(text, meaning.family)
            meaning.ends(side, ANY - found if test.negated else found)
        case "protocol":
            number = names.protocol(_value(test))
            if number is None and test.negated:
                raise RuleError(Reason("'! -p all' matches nothing and is refused"))
            if number is not None:
                protocols = _either(IntervalSet.of((number, number)), ANY_PROTOCOL, test)
                meaning.meet((Service(protocols),))
        case "in-interface" | "out-interface":
            name = _value(test)
            if name != "+":
                meaning.conditions.append(OnInterface("in" if test.name == "in-interface" else "out", name,
                                                      test.negated))
        case "fragment":
            if not test.negated:
                meaning.sources = AddressSet()  # tracking puts fragments together before any rule sees them
        case _:
            raise RuleError(Reason("--{name} is no test", name=test.name))


def _ports(meaning: Meaning, test: Test) -> None:
    protocol = IntervalSet.of((names.protocol(test.module) or 0,) * 2)
    match test.name:
        case "sport" | "dport":
            numbers = _either(IntervalSet.of(names.ports(_value(test))), ANY_PORT, test)
            meaning.meet((Service(protocol, numbers) if test.name == "sport" else
                          Service(protocol, ANY_PORT, numbers),))
        case "syn" | "tcp-flags":
            meaning.conditions.append(states.flags(test))
        case _:
            meaning.conditions.append(_open([test]))


def _icmp(meaning: Meaning, test: Test) -> None:
    protocol = ICMP if test.module == "icmp" else ICMP6
    only = IntervalSet.of((protocol, protocol))
    family = Family.V4 if protocol == ICMP else Family.V6
    kinds, codes = (IntervalSet.of(each) for each in names.icmp(_value(test), family))
    if not test.negated:
        meaning.meet((Service(only, kinds, codes),))
        return
    byte = IntervalSet.of((0, 255))
    meaning.meet([Service(only, ANY_PORT - kinds)] + (
        [Service(only, kinds, ANY_PORT - codes)] if byte - codes else []))


def _multiport(meaning: Meaning, test: Test) -> None:
    listed = [names.ports(each) for each in _value(test).split(",")]
    if sum(1 if low == high else 2 for low, high in listed) > _MOST_LISTED:
        raise RuleError(Reason("multiport takes {most} ports at most, a range counts as two",
                               most=_MOST_LISTED))
    numbers = _either(IntervalSet.of(*listed), ANY_PORT, test)
    match test.name:
        case "sports":
            meaning.meet((Service(_WITH_PORTS, numbers),))
        case "dports":
            meaning.meet((Service(_WITH_PORTS, ANY_PORT, numbers),))
        case _ if test.negated:  # neither of the two
            meaning.meet((Service(_WITH_PORTS, numbers, numbers),))
        case _:
            meaning.meet((Service(_WITH_PORTS, numbers), Service(_WITH_PORTS, ANY_PORT, numbers)))


_MOST_LISTED = 15


def _iprange(meaning: Meaning, test: Test) -> None:
    found = single(meaning.family, IntervalSet.of(addresses.between(_value(test), meaning.family)))
    meaning.ends("source" if test.name == "src-range" else "destination",
                 ANY - found if test.negated else found)


def _addrtype(meaning: Meaning, test: Test) -> None:
    """A packet between hosts is unicast; its way, or a fact, says whether it is for the firewall."""
    if test.name not in ("src-type", "dst-type"):
        meaning.conditions.append(_open([test]))
        return
    side: Side = "source" if test.name == "src-type" else "destination"
    kinds = set(_value(test).upper().split(","))
    if kinds == {"LOCAL"}:
        meaning.conditions.append(IsItself(side, test.negated))
    elif kinds <= {"BROADCAST", "MULTICAST"}:
        ranges = [_MULTICAST[meaning.family]] if "MULTICAST" in kinds else []
        if "BROADCAST" in kinds and meaning.family is Family.V4:
            ranges.append((_EVERYONE, _EVERYONE))
        found = single(meaning.family, IntervalSet.of(*ranges))
        meaning.ends(side, ANY - found if test.negated else found)
    elif kinds == {"UNICAST"} and not test.negated:
        meaning.conditions.append(IsItself(side, negated=True))
        meaning.ends(side, ANY - single(meaning.family, IntervalSet.of(_MULTICAST[meaning.family])))
    else:
        meaning.conditions.append(_open([test]))


def _pkttype(meaning: Meaning, test: Test) -> None:
    """What one host sends to another is unicast."""
    if (_value(test).lower() in ("unicast", "host")) is test.negated:
        meaning.sources = AddressSet()


def _state(meaning: Meaning, test: Test) -> None:
    """`state` and `conntrack` test the same; of the rest, what the first packet shows."""
    number = None
    match test.name:
        case "state" | "ctstate":
            meaning.conditions.append(InState(states.parse(_value(test)), test.negated))
        case "ctproto":
            number = names.protocol(_value(test))
            if number is None:
                raise RuleError(Reason("--ctproto takes a protocol"))
            meaning.meet((Service(_either(IntervalSet.of((number, number)), ANY_PROTOCOL, test)),))
        case "ctorigsrc" | "ctorigdst":
            found = addresses.every(_value(test), meaning.family).of(meaning.family)
            meaning.conditions.append(CameWith("sources" if test.name == "ctorigsrc" else "destinations",
                                               found, test.negated))
        case "ctorigsrcport" | "ctorigdstport":
            numbers = IntervalSet.of(names.ports(_value(test)))
            source = test.name == "ctorigsrcport"
            meaning.conditions.append(CameWith("source_ports" if source else "destination_ports", numbers,
                                               test.negated))
        case "ctdir":
            reply = _value(test).upper() == "REPLY"
            meaning.conditions.append(IsReply(negated=reply is test.negated))
        case _:
            meaning.conditions.append(_open([test]))


def _mark(meaning: Meaning, test: Test) -> None:
    value, _, mask = _value(test).partition("/")
    bits = names.number(mask, _EVERYONE) if mask else _EVERYONE
    wanted = names.number(value, _EVERYONE)
    if bits is None or wanted is None:
        raise RuleError(Reason("'{value}' is no mark", value=_value(test)))
    meaning.conditions.append(HasMark("packet" if test.module == "mark" else "connection", wanted, bits,
                                      test.negated))


def _set(meaning: Meaning, test: Test) -> None:
    if test.name != "match-set" or len(test.values) != 2:
        meaning.conditions.append(_open([test]))
        return
    name, directions = test.values[0], tuple(test.values[1].split(","))
    if name not in meaning.sets:
        meaning.conditions.append(_absent(name, directions, negated=test.negated))
        return
    try:
        members = packets.complement if test.negated else packets.alternatives
        found = members(name, directions, meaning.sets)
    except RuleError as error:
        meaning.conditions.append(Opaque(f"ipset {name}", str(error)))
        return
    if meaning.choices:
        found = [_meet(one, two) for one in meaning.choices for two in found]
    meaning.choices = found
    if not found:
        meaning.sources = AddressSet()


def _absent(name: str, directions: tuple[str, ...], *, negated: bool) -> Condition:
    reason = Reason("whether the packets are in ipset {name}, which is not given; export it with 'ipset "
                     "save', and name it in the site file: 'ipset: FILE'", name=name)
    if directions in (("src",), ("dst",)):
        return Membership("source" if directions == ("src",) else "destination", f"ipset {name}", reason,
                          negated)
    return Opaque(f"{'not in ' if negated else ''}ipset {name}", reason)


_READERS: Mapping[str, Callable[[Meaning, Test], None]] = {
    "": _general, "tcp": _ports, "udp": _ports, "udplite": _ports, "sctp": _ports, "dccp": _ports,
    "icmp": _icmp, "icmp6": _icmp, "multiport": _multiport, "iprange": _iprange, "addrtype": _addrtype,
    "pkttype": _pkttype, "state": _state, "conntrack": _state, "mark": _mark, "connmark": _mark, "set": _set,
    "comment": lambda meaning, test: None,
}
"""The matches whose meaning is known; every other is an open condition."""

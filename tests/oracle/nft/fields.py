"""What rules of nftables compare: fields of a packet and of its connection, with random values of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from tests.oracle.constants import Constants, Side
from tests.oracle.plan import write

STATES = ("new", "established", "related", "invalid", "untracked")
_NAMES = ("eth0", "eth1", "wan0", "eth0", "eth1", "ppp0", "lo")
_BEGINNINGS = ("eth*", "e*", "wan*", "wan0*", "et*")
_FLAG_SETS = ("syn", "syn | ack", "ack", "fin | ack", "rst", "psh | ack", "fin | psh | urg")


class Value(NamedTuple):
    """One value or range of a field, as text and as numbers; those of words are places in their list."""

    text: str
    low: int
    high: int


class Field(NamedTuple):
    """Something to compare."""

    word: str
    """How a rule calls it: `ip saddr`."""
    type: str
    """How a set calls its values: `ipv4_addr`."""
    draw: Callable[[Constants], Value]
    """Draw one value, and note its edges."""
    draw_range: Callable[[Constants], Value] | None = None
    """Draw a range or a prefix, where the field has such."""

    @property
    def header(self) -> str:
        """Of which protocol it looks at the header; `any` for what says which protocol it is."""
        first = self.word.partition(" ")[0].replace("icmpv6", "icmp")
        return "any" if self.type == "inet_proto" else \
            first if first in ("tcp", "udp", "th", "icmp") else ""

    def value(self, constants: Constants, *, ranges: bool = True) -> Value:
        """Draw a value or, where that is allowed, a range."""
        if ranges and self.draw_range and constants.chance(0.5):
            return self.draw_range(constants)
        return self.draw(constants)


def host(constants: Constants, side: Side) -> Value:
    """Draw one address."""
    base = constants.base(side)
    constants.edge_addresses(side, base, base)
    return Value(write(constants.family, base), base, base)


def addresses(constants: Constants, side: Side) -> Value:
    """Draw a prefix or a range."""
    base = constants.base(side)
    if constants.chance(0.5):
        tail = constants.rng.choice((1, 2, 3, 4, 5, 6, 8, 12, 16, 16, 16))
        low = base >> tail << tail
        high = low + (1 << tail) - 1
        text = f"{write(constants.family, low)}/{constants.bits - tail}"
    else:
        low, high = base, base + constants.rng.choice((1, 2, 3, 5, 20))
        text = f"{write(constants.family, low)}-{write(constants.family, high)}"
    constants.edge_addresses(side, low, high)
    return Value(text, low, high)


def _port(constants: Constants, side: Side) -> Value:
    port = constants.rng.choice(constants.ports)
    constants.edge_ports(side, port, port)
    return Value(str(port), port, port)


def _ports(constants: Constants, side: Side) -> Value:
    low = constants.rng.choice(constants.ports)
    high = min(65535, low + constants.rng.choice((1, 2, 100, 10_000)))
    low = min(low, high - 1)
    constants.edge_ports(side, low, high)
    return Value(f"{low}-{high}", low, high)


def _of_side(word: str, type_: str, side: Side, one: Callable[[Constants, Side], Value],
             several: Callable[[Constants, Side], Value]) -> Field:
    return Field(word, type_, lambda constants: one(constants, side),
                 lambda constants: several(constants, side))


def _words(word: str, type_: str, choices: Sequence[str]) -> Field:
    def draw(constants: Constants) -> Value:
        chosen = constants.rng.choice(choices)
        return Value(chosen, choices.index(chosen), choices.index(chosen))

    return Field(word, type_, draw)


def _mark(constants: Constants) -> Value:
    number = constants.rng.randrange(8)
    return Value(f"{number:#x}", number, number)


def _marks(constants: Constants) -> Value:
    low = constants.rng.randrange(6)
    high = low + constants.rng.randint(1, 3)
    return Value(f"{low:#x}-{high:#x}", low, high)


def _name(constants: Constants) -> Value:
    name = constants.rng.choice(_NAMES)
    return Value(f'"{name}"', _NAMES.index(name), _NAMES.index(name))


def beginning(constants: Constants) -> str:
    """Draw the beginning of names."""
    return f'"{constants.rng.choice(_BEGINNINGS)}"'


def _icmp(constants: Constants, place: int) -> Value:
    number = constants.rng.choice(constants.icmp_kinds)[place]
    return Value(str(number), number, number)


def _icmps(constants: Constants, place: int) -> Value:
    low = constants.rng.choice(constants.icmp_kinds)[place]
    high = low + constants.rng.randint(1, 4)
    return Value(f"{low}-{high}", low, high)


_SIDES: Mapping[str, Side] = {"s": "source", "d": "destination"}


@cache
def of_packets(family: int) -> Mapping[str, Field]:
    """The fields by short names, for packets of one family."""
    ip, icmp = ("ip", "icmp") if family == 4 else ("ip6", "icmpv6")
    protocols = ("tcp", "udp", "icmp" if family == 4 else "ipv6-icmp")
    found = {
        "l4proto": _words("meta l4proto", "inet_proto", (*protocols, "esp")),
        "ported": _words("meta l4proto", "inet_proto", ("tcp", "udp")),
        "protocol": _words("ip protocol" if ip == "ip" else "ip6 nexthdr", "inet_proto",
                           (*protocols, "esp")),
        "nfproto": _words("meta nfproto", "nf_proto", (f"ipv{family}",)),
        "ethertype": _words("meta protocol", "ether_type", (ip,)),
        "mark": Field("meta mark", "mark", _mark, _marks),
        "ctmark": Field("ct mark", "mark", _mark, _marks),
        "state": _words("ct state", "ct_state", STATES),
        "direction": _words("ct direction", "ct_dir", ("original", "reply")),
        "flags": _words("tcp flags", "tcp_flag", _FLAG_SETS),
        "fibd": _words("fib daddr type", "fib_addrtype", ("local", "unicast", "broadcast", "multicast")),
        "fibs": _words("fib saddr type", "fib_addrtype", ("local", "unicast")),
        "iifname": Field("iifname", "ifname", _name), "oifname": Field("oifname", "ifname", _name),
        "itype": Field(f"{icmp} type", f"{icmp}_type", lambda drawn: _icmp(drawn, 0),
                       lambda drawn: _icmps(drawn, 0)),
        "icode": Field(f"{icmp} code", f"{icmp}_code", lambda drawn: _icmp(drawn, 1),
                       lambda drawn: _icmps(drawn, 1)),
        "ctproto": _words("ct protocol", "inet_proto", protocols),
    }
    for letter, side in _SIDES.items():
        found[f"{letter}addr"] = _of_side(f"{ip} {letter}addr", f"ipv{family}_addr", side, host,
                                          addresses)
        found[f"ct{letter}addr"] = _of_side(f"ct original {ip} {letter}addr", f"ipv{family}_addr",
                                            side, host, addresses)
        for protocol in ("tcp", "udp", "th"):
            found[f"{protocol} {letter}port"] = _of_side(f"{protocol} {letter}port", "inet_service", side,
                                                         _port, _ports)
    return found


def disjoint(elements: Sequence[tuple[Value, ...]]) -> list[tuple[Value, ...]]:
    """Leave out what overlaps an element before it: a set is not to say one thing twice."""
    kept: list[tuple[Value, ...]] = []
    for element in elements:
        if not any(all(one.low <= other.high and other.low <= one.high
                       for one, other in zip(element, before, strict=True)) for before in kept):
            kept.append(element)
    return kept


def joined(element: Sequence[Value]) -> str:
    """Write the fields of one element."""
    return " . ".join(each.text for each in element)

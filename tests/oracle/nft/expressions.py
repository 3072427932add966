"""Random tests of a rule of nftables, one or two words or a whole set each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.oracle.constants import Constants, Side
from tests.oracle.nft import fields
from tests.oracle.nft.fields import STATES, Field
from tests.oracle.plan import write

_FLAGS = ("syn", "ack", "fin", "rst", "psh", "urg")
_STATUSES = ("expected", "seen-reply", "confirmed", "assured", "dnat", "snat")
_HOLES = {4: (0xFFFF00FF, 0xFFFF03FF, 0xFFFFF00F), 6: (2**128 - 1 - 0xF0, 2**128 - 1 - 0x2C0)}
CONCATENATIONS = (("saddr", "tcp dport"), ("daddr", "udp dport"), ("saddr", "daddr"), ("ported", "th dport"),
                  ("saddr", "daddr", "tcp dport"), ("tcp sport", "tcp dport"), ("iifname", "saddr"),
                  ("mark", "daddr"), ("itype", "icode"), ("ported", "daddr", "th dport"))
"""Fields that a set looks at together."""


@dataclass(slots=True)
class Scope:
    """Where a rule stands, and what it may speak of."""

    constants: Constants
    other: Constants
    """Of the other family, for tests that meet packets of this one."""
    family: str
    """Of the table."""
    hook: str
    """Of the base chain; empty in a chain that others call."""
    sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The table's sets by name, with the fields that each looks at."""
    maps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Its verdict maps."""
    callees: Sequence[str] = ()
    """Chains that a rule here may call."""
    header: str = ""
    """Of which protocol the present rule looks at the header: `tcp`, `udp`, `th`, `icmp`, or of none."""

    @property
    def fields(self) -> dict[str, Field]:
        """What may be compared here: a rule that contradicts itself is refused."""
        found = dict(fields.of_packets(self.constants.family))
        if self.hook == "postrouting":
            del found["iifname"]  # known only since Linux 5.7
        if self.family != "inet":
            del found["nfproto"]
        fitting = ("", self.header or "any")
        return {name: each for name, each in found.items() if each.header in fitting}

    def known(self, of: Mapping[str, tuple[str, ...]]) -> list[str]:
        """The sets or maps that a rule here may ask, of all."""
        return [name for name, names in of.items() if set(names) <= self.fields.keys()]


def _not(constants: Constants, probability: float = 0.25) -> str:
    return "!= " if constants.chance(probability) else ""


def test(scope: Scope, name: str) -> str:
    """Compare one field in one of the forms there are: a value, a range, a set of its own, a named one."""
    constants, found = scope.constants, scope.fields[name]
    named = [each for each in scope.known(scope.sets) if scope.sets[each] == (name,)]
    if named and constants.chance(0.4):
        return f"{found.word} {_not(constants)}@{constants.rng.choice(named)}"
    if constants.chance(0.35):
        elements = [(found.value(constants),) for _ in range(constants.rng.randint(1, 5))]
        return f"{found.word} {_not(constants)}{_braces(list(map(fields.joined, fields.disjoint(elements))))}"
    return f"{found.word} {_not(constants)}{found.value(constants).text}"


def _braces(elements: Sequence[str]) -> str:
    return f"{{ {', '.join(elements)} }}"


def concatenation(scope: Scope) -> str:
    """Compare several fields at once with a set."""
    constants, known = scope.constants, scope.fields
    names = constants.rng.choice([each for each in CONCATENATIONS if set(each) <= known.keys()])
    words = " . ".join(known[name].word for name in names)
    named = [each for each, of in scope.sets.items() if of == names]
    if named and constants.chance(0.5):
        return f"{words} {_not(constants)}@{constants.rng.choice(named)}"
    elements = drawn_elements(constants, [known[name] for name in names], constants.rng.randint(1, 6))
    return f"{words} {_not(constants)}{_braces(elements)}"


def drawn_elements(constants: Constants, of: Sequence[Field], count: int, *, ranges: bool = True
                   ) -> list[str]:
    """Draw the keys of a set; ranges only where it may have some, and none twice."""
    drawn = [tuple(each.value(constants, ranges=ranges) for each in of) for _ in range(count)]
    return [fields.joined(each) for each in fields.disjoint(drawn)]


def address(scope: Scope) -> str:
    """Test an end, also under a mask."""
    constants = scope.constants
    side: Side = constants.rng.choice(("source", "destination"))
    if constants.chance(0.12):
        return _masked(constants, side)
    return test(scope, f"{side[0]}addr")


def _masked(constants: Constants, side: Side) -> str:
    """Test some bits of an address."""
    base = constants.base(side)
    mask = constants.rng.choice(_HOLES[constants.family])
    free = ~mask & ((1 << constants.bits) - 1)
    inside = [base & mask | constants.rng.getrandbits(constants.bits) & free for _ in range(2)]
    outside = base ^ (mask & -mask)
    constants.address_edges[side] |= {each for each in (*inside, outside) if each in constants.network(side)}
    word = "ip" if constants.family == 4 else "ip6"
    return (f"{word} {side[0]}addr & {write(constants.family, mask)} {constants.rng.choice(('==', '!='))} "
            f"{write(constants.family, base & mask)}")


def of_other_family(scope: Scope) -> str:
    """Test an end as only packets of the other family have one."""
    side: Side = scope.constants.rng.choice(("source", "destination"))
    word = "ip6" if scope.constants.family == 4 else "ip"
    return f"{word} {side[0]}addr {_not(scope.constants, 0.5)}{fields.host(scope.other, side).text}"


STRANGE = "strange"
"""The header of a rule that looks at packets of the other family."""


def port(scope: Scope) -> str:
    """Test a port, also by its order."""
    constants, protocol = scope.constants, scope.header
    side: Side = constants.rng.choice(("source", "destination", "destination"))
    if constants.chance(0.15):
        number = constants.rng.choice([each for each in constants.ports if 1 < each < 65534] or [80])
        constants.edge_ports(side, number, number)
        return f"{protocol} {side[0]}port {constants.rng.choice(('<', '>', '<=', '>='))} {number}"
    return test(scope, f"{protocol} {side[0]}port")


def flags(scope: Scope) -> str:
    """Test TCP flags in one of their forms."""
    constants = scope.constants
    mask = [name for name in _FLAGS if constants.chance(0.6)] or ["syn"]
    value = [name for name in mask if constants.chance(0.4)]
    masked, valued = ",".join(mask), ",".join(value)
    anded = f"tcp flags & ({' | '.join(mask)}) {constants.rng.choice(('==', '!='))} "
    return constants.rng.choice((
        "tcp flags syn", "tcp flags == syn", "tcp flags != syn", "tcp flags syn / fin,syn,rst,ack",
        f"tcp flags {masked}", f"tcp flags ! {masked}", f"tcp flags == {' | '.join(mask)}",
        f"tcp flags {_not(constants, 0.4)}{valued or mask[0]} / {masked}" if mask[1:] else "tcp flags ack",
        anded + (" | ".join(value) or "0x0"), anded + "0x0", "tcp flags == 0x0", test(scope, "flags")))


def state(scope: Scope) -> str:
    """Test the state of the connection: as bits, or as one of a set."""
    constants = scope.constants
    chosen = [each for each in STATES if constants.chance(0.4)] or ["new"]
    return constants.rng.choice((
        f"ct state {','.join(chosen)}", f"ct state {','.join(chosen)}", f"ct state != {chosen[0]}",
        f"ct state ! {chosen[0]}", f"ct state {_not(constants)}{_braces(chosen)}",
        f"ct state {chosen[0]}", f"ct state != {','.join(chosen)}"))


def connection(scope: Scope) -> str:
    """Test what else tracking knows."""
    constants = scope.constants
    chosen = constants.rng.sample(_STATUSES, constants.rng.randint(1, 2))
    one = chosen[0]
    if scope.header in ("tcp", "udp") and constants.chance(0.5):
        return _original_port(scope)
    named = ("direction", "ctsaddr", "ctdaddr", *(() if scope.header else ("ctproto",)))
    return constants.rng.choice((
        *(test(scope, name) for name in named), f"ct status {','.join(chosen)}", f"ct status ! {one}",
        f"ct status & {one} {constants.rng.choice(('==', '!='))} {one}"))


def _original_port(scope: Scope) -> str:
    constants = scope.constants
    side: Side = constants.rng.choice(("source", "destination"))
    number = constants.rng.choice(constants.ports)
    constants.edge_ports(side, number, number)
    name = {"source": "src", "destination": "dst"}[side]
    return f"meta l4proto {scope.header} ct original proto-{name} {_not(constants)}{number}"


def mark(scope: Scope) -> str:
    """Test the mark of the packet or of its connection, or some of its bits."""
    constants = scope.constants
    which = constants.rng.choice(("meta", "ct"))
    if constants.chance(0.4):
        mask = constants.rng.choice((0x1, 0x3, 0x6))
        word = constants.rng.choice(("&", "and"))
        how = constants.rng.choice(("==", "!="))
        return f"{which} mark {word} {mask:#x} {how} {constants.rng.randrange(8) & mask:#x}"
    if constants.chance(0.2):
        return f"{which} mark {constants.rng.choice(('<', '>', '<=', '>='))} {constants.rng.randint(1, 6)}"
    return test(scope, "mark" if which == "meta" else "ctmark")


def interface(scope: Scope) -> str:
    """Test an interface by its name, the beginning of one, several of them, or its number."""
    constants = scope.constants
    ways = {"prerouting": "i", "input": "i", "output": "o", "postrouting": "o"}.get(scope.hook, "io")
    if scope.hook in ("prerouting", "input") and constants.chance(0.1):
        return f'oifname {_not(constants, 0.5)}"eth0"'  # there is none yet
    way = constants.rng.choice(ways)
    if constants.chance(0.12):
        return f'{way}if {_not(constants)}{constants.rng.choice(_BY_NUMBER)}'
    if constants.chance(0.3):
        return f"{way}ifname {_not(constants)}{fields.beginning(constants)}"
    if constants.chance(0.25):
        return f'{way}ifname {_not(constants)}{{ "ppp0", "lo", {fields.beginning(constants)} }}'
    return test(scope, f"{way}ifname")


_BY_NUMBER = ('"eth0"', '"eth1"', '"lo"', '{ "eth0", "wan0" }')


def protocol(scope: Scope) -> str:
    """Test which protocol it is, of either layer."""
    names = [each for each in _PROTOCOLS if each in scope.fields]
    return test(scope, scope.constants.rng.choice(names)) if names else mark(scope)


_PROTOCOLS = ("l4proto", "l4proto", "protocol", "protocol", "nfproto", "ethertype")


def icmp(scope: Scope) -> str:
    """Test the type of ICMP, its code, or both."""
    chosen = scope.constants.rng.choice((("itype",), ("itype",), ("icode",), ("itype", "icode")))
    return " ".join(test(scope, name) for name in chosen)


def local(scope: Scope) -> str:
    """Ask what the routing table says of an end."""
    constants = scope.constants
    if constants.chance(0.6):
        return f"fib {constants.rng.choice(('daddr', 'saddr'))} type {_not(constants)}local"
    return test(scope, constants.rng.choice(("fibd", "fibs")))


_ANYWHERE: Sequence[tuple[int, Callable[[Scope], str]]] = (
    (40, address), (14, state), (8, connection), (12, mark), (12, interface), (10, protocol), (8, local),
    (14, concatenation))
_OF_HEADER: Mapping[str, Sequence[tuple[int, Callable[[Scope], str]]]] = {
    "": (), "tcp": ((60, port), (40, flags)), "udp": ((80, port),), "th": ((80, port),),
    "icmp": ((100, icmp),)}


def several(scope: Scope, count: int) -> list[str]:
    """Draw some tests, which do not contradict each other, and note whose header they look at."""
    constants = scope.constants
    scope.header = constants.rng.choices(tuple(_OF_HEADER), (40, 25, 15, 12, 10))[0] if count else ""
    if scope.family == "inet" and count and constants.chance(0.03):
        scope.header = STRANGE
        return [of_other_family(scope), mark(scope)]
    choices = (*_ANYWHERE, *_OF_HEADER[scope.header])
    weights = [weight for weight, _ in choices]
    found = [draw(scope) for _, draw in constants.rng.choices(choices, weights, k=count)]
    return [constants.rng.choice(_PORTED), *found] if scope.header == "th" else found


_PORTED = ("meta l4proto { tcp, udp }", "meta l4proto { tcp, udp }", "meta l4proto tcp", "meta l4proto udp")
"""Which protocols `th` then means."""

"""Random tests of a rule, as `iptables-save` writes them or a person would."""

from __future__ import annotations

from collections.abc import Callable

from tests.oracle.constants import Constants, Side
from tests.oracle.judge import HOP_LIMITS
from tests.oracle.plan import write

_LETTER = {"source": "s", "destination": "d"}
_SHORT = {"source": "src", "destination": "dst"}
STATES = ("NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED")
_FLAGS = ("SYN", "ACK", "FIN", "RST", "PSH", "URG")
_NAMES = ("eth0", "eth1", "wan0", "eth0", "eth1", "eth+", "e+", "wan+", "wan0+", "ppp0", "et", "lo")
_HOLES = {4: (0xFF0000FF, 0xFFFF03FF, 0xFFFF000F), 6: (2**128 - 1 - 0xF0, 2**128 - 1 - 0x2C0)}


def _not(constants: Constants, probability: float = 0.2) -> str:
    return "! " if constants.chance(probability) else ""


def address(constants: Constants, side: Side) -> str:
    """Test one side: a host, a network, or bits under a mask with holes."""
    base = constants.base(side)
    if constants.chance(0.12):
        return f"{_not(constants)}-{_LETTER[side]} {_holes(constants, side, base)}"
    tail = constants.rng.choice((0, 0, 1, 2, 3, 4, 5, 6, 8, 12, 16, constants.bits - 3, constants.bits))
    low = base >> tail << tail
    constants.edge_addresses(side, low, low + (1 << tail) - 1)
    shown = base if constants.chance(0.2) else low  # host bits are cleared by iptables
    negation = _not(constants) if tail < constants.bits else ""  # nothing but everything: refused by nft
    return f"{negation}-{_LETTER[side]} {write(constants.family, shown)}/{constants.bits - tail}"


def _holes(constants: Constants, side: Side, base: int) -> str:
    mask = constants.rng.choice(_HOLES[constants.family])
    free = ~mask & ((1 << constants.bits) - 1)
    inside = [base & mask | constants.rng.getrandbits(constants.bits) & free for _ in range(2)]
    outside = base ^ (mask & -mask)
    constants.address_edges[side] |= {each for each in (*inside, outside) if each in constants.network(side)}
    return f"{write(constants.family, base & mask)}/{write(constants.family, mask)}"


def address_range(constants: Constants, side: Side) -> str:
    """Test one side with `iprange`."""
    low, high = sorted((constants.base(side), constants.base(side) + constants.rng.randrange(4)))
    constants.edge_addresses(side, low, high)
    ends = f"{write(constants.family, low)}-{write(constants.family, high)}"
    return f"-m iprange {_not(constants)}--{_SHORT[side]}-range {ends}"


def _ports(constants: Constants, side: Side) -> tuple[int, int]:
    low = constants.rng.choice(constants.ports)
    high = low if constants.chance(0.5) else min(65535, low + constants.rng.choice((1, 2, 100, 70000)))
    if constants.chance(0.1):
        low = 0
    constants.edge_ports(side, low, high)
    return low, high


def port(constants: Constants, side: Side, protocol: str) -> str:
    """Test a port or a range of ports, in one of its spellings."""
    low, high = _ports(constants, side)
    text = f"{low}" if low == high else f"{low or ''}:{high if high < 65535 or low == 0 else ''}"
    negation = _not(constants) if (low, high) != (0, 65535) else ""  # nft forgets a range of all ports
    return f"-m {protocol} {negation}--{_LETTER[side]}port {text}"


def multiport(constants: Constants) -> str:
    """Test up to six ports or ranges, of the source, of the destination, or of either."""
    option, sides = constants.rng.choice(_MULTIPORT)
    parts = []
    for _ in range(constants.rng.randint(1, 6)):
        low, high = _ports(constants, sides[0])
        for side in sides[1:]:
            constants.edge_ports(side, low, high)
        parts.append(f"{low}" if low == high else f"{low}:{high}")
    return f"-m multiport {_not(constants, 0.3)}--{option} {','.join(parts)}"


_MULTIPORT: tuple[tuple[str, tuple[Side, ...]], ...] = (
    ("sports", ("source",)), ("dports", ("destination",)), ("ports", ("source", "destination")))


def flags(constants: Constants) -> str:
    """Test TCP flags."""
    if constants.chance(0.4):
        return f"-m tcp {_not(constants, 0.4)}--syn"
    mask = [name for name in _FLAGS if constants.chance(0.6)] or ["SYN"]
    value = [name for name in mask if constants.chance(0.3)] or ["NONE"]
    return f"-m tcp {_not(constants)}--tcp-flags {','.join(mask)} {','.join(value)}"


def icmp(constants: Constants) -> str:
    """Test an ICMP type, with or without its code."""
    kind, code = constants.rng.choice(constants.icmp_kinds)
    text = f"{kind}/{code}" if constants.chance(0.5) else f"{kind}"
    if constants.family == 6:
        return f"-m icmp6 {_not(constants)}--icmpv6-type {text}"
    return f"-m icmp {_not(constants)}--icmp-type {'any' if constants.chance(0.1) else text}"


def state(constants: Constants, extra: tuple[str, ...] = ()) -> str:
    """Test the state of the connection, in one of the two ways that mean the same."""
    chosen = [each for each in (*STATES, *extra) if constants.chance(0.3)] or ["NEW"]
    if constants.chance(0.3) and not set(chosen) & set(extra):
        return f"-m state {_not(constants)}--state {','.join(chosen)}"
    return f"-m conntrack {_not(constants)}--ctstate {','.join(chosen)}"


def connection(constants: Constants, own: tuple[str, ...] = ()) -> str:
    """Test several things of a connection in one match: in raw, and of what is untracked, there is none."""
    chosen = constants.rng.sample(("proto", "dir", "origsrc", "origdst", "status", "replsrc", "repldst",
                                   *own),
                                  constants.rng.choice((1, 1, 2)))
    words = [_OF_CONNECTION[each](constants) for each in chosen]
    if constants.chance(0.6):
        words.insert(0, f"{_not(constants)}--ctstate {constants.rng.choice((*STATES, 'NEW', 'NEW', 'NEW'))}")
    return f"-m conntrack {' '.join(words)}"


def _status(constants: Constants) -> str:
    chosen = [each for each in ("EXPECTED", "SEEN_REPLY", "CONFIRMED") if constants.chance(0.4)] or ["NONE"]
    return f"{_not(constants)}--ctstatus {','.join(chosen)}"


def _end(constants: Constants, side: Side, name: str) -> str:
    return f"{_not(constants)}--{name} {write(constants.family, constants.base(side))}"


def _original_port(constants: Constants, side: Side) -> str:
    low, high = _ports(constants, side)
    return f"{_not(constants)}--ctorig{_SHORT[side]}port {low if low == high else f'{low}:{high}'}"


_OF_CONNECTION: dict[str, Callable[[Constants], str]] = {
    "proto": lambda constants: f"{_not(constants)}--ctproto {constants.rng.choice((1, 6, 17, 50, 58))}",
    "dir": lambda constants: f"--ctdir {constants.rng.choice(('ORIGINAL', 'REPLY'))}",
    "status": _status,
    "origsrc": lambda constants: _end(constants, "source", "ctorigsrc"),
    "origdst": lambda constants: _end(constants, "destination", "ctorigdst"),
    "replsrc": lambda constants: _end(constants, "destination", "ctreplsrc"),
    "repldst": lambda constants: _end(constants, "source", "ctrepldst"),
    "srcport": lambda constants: _original_port(constants, "source"),
    "dstport": lambda constants: _original_port(constants, "destination"),
}


def hop_limit(constants: Constants) -> str:
    """Test the hop limit, which comes as it was sent or as a rule has left it."""
    name = "ttl" if constants.family == 4 else "hl"
    how, number = constants.rng.choice(("eq", "lt", "gt")), constants.rng.choice(HOP_LIMITS)
    return f"-m {name} {_not(constants) if how == 'eq' else ''}--{name}-{how} {number}"


def address_type(constants: Constants) -> str:
    """Ask what the routing table says of an address: several kinds at once."""
    kinds = ["UNSPEC", "UNICAST", "LOCAL", "MULTICAST"]
    if constants.family == 4:
        kinds += ["BROADCAST", "ANYCAST", "BLACKHOLE", "UNREACHABLE", "PROHIBIT", "THROW"]
    chosen = constants.rng.sample(kinds, constants.rng.randint(1, 3))
    side = constants.rng.choice(("src", "dst"))
    return f"-m addrtype {_not(constants, 0.4)}--{side}-type {','.join(chosen)}"


def plain(constants: Constants, chain: str) -> str:
    """Ask what plain packets of a small network all answer alike."""
    no = _not(constants)
    ways = {"PREROUTING": ("in",), "INPUT": ("in",), "OUTPUT": ("out",), "POSTROUTING": ("out",),
            "FORWARD": ("in", "out")}.get(chain, ())
    choices = [f"-m policy --dir {way} --pol {kind}" for way in ways for kind in ("none", "ipsec")]
    choices += [f"-m helper {no}--helper ftp", f"-m quota {no}--quota 0", f"-m length {no}--length 0:65535",
                f"-m recent {no}--set --name seen", f"-m pkttype {no}--pkt-type unicast",
                f"-m pkttype {no}--pkt-type multicast"]
    if chain in ("INPUT", "FORWARD"):
        choices.append(f"-m physdev {no}--physdev-is-bridged")
    if constants.family == 6:
        header = constants.rng.choice(_HEADERS)
        choices += [f"-m rt {no}--rt-type 0", f"-m hbh {no}--hbh-len 8", "-m frag --fragfirst",
                    f"-m ipv6header {no}--header {header} --soft", f"-m ipv6header {no}--header {header}"]
    return constants.rng.choice(choices)


_HEADERS = ("route", "prot", "hop,prot", "frag", "esp", "esp,prot", "none")


def interface(constants: Constants, ways: str) -> str:
    """Test an interface by its name or the beginning of its name."""
    return f"{_not(constants)}-{constants.rng.choice(ways)} {constants.rng.choice(_NAMES)}"


def mark(constants: Constants) -> str:
    """Test the mark of the packet or of its connection."""
    value, mask = constants.rng.randrange(8), constants.rng.choice((0xFFFFFFFF, 0x1, 0x3, 0x6))
    module = constants.rng.choice(("mark", "connmark"))
    return f"-m {module} {_not(constants)}--mark {value & mask:#x}/{mask:#x}"


def local(constants: Constants) -> str:
    """Ask whether an address belongs to the firewall."""
    return f"-m addrtype {_not(constants)}--{constants.rng.choice(('src', 'dst'))}-type LOCAL"


def member(constants: Constants) -> str:
    """Test membership in one of the sets."""
    names = sorted(constants.sets)
    name = constants.rng.choices(names, [1 + constants.sets[each].count(",") for each in names])[0]
    kind = constants.sets[name]
    wanted = kind.count(",") + 1
    if constants.chance(0.15):
        wanted = 3 - wanted  # too few: never; too many: the rest is ignored
    words = ",".join(constants.rng.choice(("src", "dst")) for _ in range(max(1, wanted)))
    exceptions = " --return-nomatch" if constants.chance(0.3) else ""
    return f"-m set {_not(constants)}--match-set {name} {words}{exceptions}"


def of_protocol(constants: Constants, protocol: str) -> str:
    """Test what only this protocol has."""
    choices: dict[str, list[Callable[[], str]]] = {
        "tcp": [lambda: port(constants, "source", "tcp"), lambda: port(constants, "destination", "tcp"),
                lambda: port(constants, "destination", "tcp"), lambda: multiport(constants),
                lambda: flags(constants),
                lambda: connection(constants, ("srcport", "dstport"))],
        "udp": [lambda: port(constants, "source", "udp"), lambda: port(constants, "destination", "udp"),
                lambda: multiport(constants)],
        "icmp": [lambda: icmp(constants), lambda: connection(constants, ("dstport",))],
        "ipv6-icmp": [lambda: icmp(constants), lambda: connection(constants, ("dstport",))],
    }
    return constants.rng.choice(choices[protocol])() if protocol in choices else ""

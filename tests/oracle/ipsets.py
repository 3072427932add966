"""Random sets for the match `set`, in the form of `ipset save`."""

from __future__ import annotations

from collections.abc import Iterator

from tests.oracle.constants import Constants
from tests.oracle.plan import write

TYPES = ("hash:net", "hash:ip", "hash:ip,port", "bitmap:port", "list:set", "hash:net,port")


def create(constants: Constants, tag: str) -> str:
    """Make a few sets; their names end in `tag`, because a namespace keeps them."""
    lines: list[str] = []
    for kind in TYPES:
        name = f"{kind.replace(':', '-').replace(',', '-')}-{tag}"
        lines.append(f"create {name} {kind}{_options(constants, kind)}")
        if constants.chance(0.9):  # else it stays empty
            lines += (f"add {name} {each}" for each in dict.fromkeys(_entries(constants, kind)))
        constants.sets[name] = kind
    return "\n".join(lines) + "\n"


def _options(constants: Constants, kind: str) -> str:
    if kind == "bitmap:port":
        return " range 0-65535"
    if kind == "list:set":
        return " size 8"
    return f" family inet{6 if constants.family == 6 else ''} hashsize 1024 maxelem 65536"


def _entries(constants: Constants, kind: str) -> Iterator[str]:
    match kind:
        case "hash:net":
            yield from _networks(constants)
        case "hash:ip":
            yield from (_host(constants) for _ in range(4))
        case "hash:ip,port":
            yield from (f"{_host(constants)},{_service(constants)}" for _ in range(40))
        case "hash:net,port":
            yield from (f"{_network(constants)},{_service(constants)}" for _ in range(16))
        case "bitmap:port":
            yield from (str(_port(constants)) for _ in range(4))
        case _:
            yield from (name for name, other in constants.sets.items() if other in ("hash:net", "hash:ip"))


def _networks(constants: Constants) -> Iterator[str]:
    """Networks, and smaller ones in them that are excepted, and hosts in those that are not."""
    for _ in range(3):
        base = _base(constants)
        for tail, word in ((6, ""), (3, " nomatch"), (1, "")):
            if constants.chance(0.7):
                yield f"{_cidr(constants, base, tail)}{word}"


def _base(constants: Constants) -> int:
    return constants.base(constants.rng.choice(("source", "destination")))


def _host(constants: Constants) -> str:
    return write(constants.family, _base(constants))


def _network(constants: Constants) -> str:
    return _cidr(constants, _base(constants), constants.rng.choice((0, 2, 5, 10)))


def _cidr(constants: Constants, base: int, tail: int) -> str:
    low = base >> tail << tail
    for side in constants.bases:
        constants.edge_addresses(side, low, low + (1 << tail) - 1)
    return f"{write(constants.family, low)}/{constants.bits - tail}"


def _port(constants: Constants) -> int:
    chosen = constants.rng.choice(constants.ports)
    for side in constants.bases:
        constants.edge_ports(side, chosen, chosen)
    return chosen


def _service(constants: Constants) -> str:
    if constants.chance(0.15):
        kind, code = constants.rng.choice(constants.icmp_kinds)
        return f"{'icmp' if constants.family == 4 else 'icmpv6'}:{kind}/{code}"
    return f"{constants.rng.choice(('tcp', 'udp'))}:{_port(constants)}"

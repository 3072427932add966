"""Random rulesets over a small site, and changes of them that keep their meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network
from itertools import product
from random import Random

from msgspec import Struct
from msgspec.structs import replace

CLIENTS, SITE_SERVER, POINTS = "10.1.0.0/29", "10.2.0.10/32", ("10.2.0.11/32", "10.2.0.12/32")
_CLIENT_NETWORKS = (CLIENTS, CLIENTS, "10.1.0.0/30", "10.1.0.4/30", "10.1.0.3/32", "10.1.0.0/16")
_SERVER_NETWORKS = (SITE_SERVER, *POINTS, "10.2.0.8/29", "10.2.0.0/24", "10.2.0.12/30")
_TCP_PORTS = ((445, 445), (135, 135), (80, 80), (49152, 65535), (49152, 57343), (57344, 65535), (80, 445),
              (1, 65535))
_UDP_PORTS = ((135, 135), (1, 1023))
Ports = tuple[tuple[int, int], ...]


class Entry(Struct, frozen=True):
    """One rule, in no vendor's words; an empty tuple of networks or ports is any."""

    permit: bool
    protocol: str
    """`tcp`, `udp`, `echo` (of requests) or `any`."""
    sources: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    ports: Ports = ()
    condition: int | None = None
    """The number of something that it tests besides and that a configuration does not settle."""


_NEEDED = (
    Entry(True, "tcp", (SITE_SERVER,), (CLIENTS,), ((135, 135), (445, 445), (49152, 65535))),
    Entry(True, "udp", (SITE_SERVER,), (CLIENTS,), ((135, 135),)),
    Entry(True, "echo", (SITE_SERVER,), (CLIENTS,)), Entry(True, "tcp", (CLIENTS,), POINTS, ((80, 80),)))
"""What the site needs."""


def entries(random: Random, most: int = 5) -> list[Entry]:
    """Return a list that stops some of what is needed, often by one entry, and lets some pass."""
    needed = [each for each in _NEEDED if random.random() < 0.9]
    drawn = [entry(random) for _ in range(random.randint(1, most))]
    if random.random() < 0.7:
        return [*drawn, *needed]
    found = [*drawn, *needed]
    random.shuffle(found)
    return found


def entry(random: Random, *, permit: bool | None = None) -> Entry:
    """Return any entry."""
    ends = [_networks(random, _CLIENT_NETWORKS), _networks(random, _SERVER_NETWORKS)]
    if random.random() < 0.6:
        ends.reverse()
    protocol = random.choice(("tcp", "tcp", "tcp", "udp", "echo", "any"))
    pool = {"tcp": _TCP_PORTS, "udp": _UDP_PORTS}.get(protocol, ())
    ports = tuple(sorted(random.sample(pool, random.choice((0, 1, 1, 2))))) if pool else ()
    permits = random.random() < 0.5 if permit is None else permit
    return Entry(permits, protocol, ends[0], ends[1], _apart(ports))


def _apart(ports: Ports) -> Ports:
    """Ranges that do not overlap: of two that do, the first."""
    found: list[tuple[int, int]] = []
    for low, high in ports:
        if all(high < other_low or other_high < low for other_low, other_high in found):
            found.append((low, high))
    return tuple(found)


def _networks(random: Random, pool: Sequence[str]) -> tuple[str, ...]:
    return tuple(random.sample(pool, random.choice((0, 1, 1, 2)))) if random.random() < 0.9 else ()


def expanded(entry: Entry) -> Iterator[Entry]:
    """Yield the entry with one network and one range of ports at a time."""
    for source, destination, ports in product(entry.sources or ("",), entry.destinations or ("",),
                                              entry.ports or ((),)):
        yield replace(entry, sources=(source,) if source else (),
                      destinations=(destination,) if destination else (), ports=(ports,) if ports else ())


def split(random: Random, entry: Entry) -> list[Entry]:
    """Return two entries that together are this one: halves of a network, or of a range of ports."""
    offers: list[list[Entry]] = []
    for end in ("sources", "destinations"):
        known: tuple[str, ...] = getattr(entry, end)
        for at, network in enumerate(known or ("0.0.0.0/0",)):
            if not network.endswith("/32"):
                halves = [str(half) for half in IPv4Network(network).subnets()]
                offers.append([replace(entry, **{end: (*known[:at], half, *known[at + 1:])})
                               for half in halves])
    every: Ports = ((0, 65535),) if entry.protocol in ("tcp", "udp") else ()
    for at, (low, high) in enumerate(entry.ports or every):
        if low < high:
            cut = random.randint(low, high - 1)
            offers.append([replace(entry, ports=(*entry.ports[:at], half, *entry.ports[at + 1:]))
                           for half in ((low, cut), (cut + 1, high))])
    return random.choice(offers) if offers else [entry]


def disjoint(one: Entry, other: Entry) -> bool:
    """Whether no packet matches both."""
    if "any" not in (one.protocol, other.protocol) and one.protocol != other.protocol:
        return True
    for mine, others in ((one.sources, other.sources), (one.destinations, other.destinations)):
        if mine and others and not any(IPv4Network(a).overlaps(IPv4Network(b))
                                       for a, b in product(mine, others)):
            return True
    return bool(one.ports and other.ports) and not any(
        a[0] <= b[1] and b[0] <= a[1] for a, b in product(one.ports, other.ports))


def reordered(random: Random, found: Sequence[Entry]) -> list[Entry]:
    """Return the list with neighbours exchanged that have the same action, or no packet in common."""
    result = list(found)
    for _ in range(3 * len(result)):
        at = random.randrange(max(len(result) - 1, 1))
        pair = result[at:at + 2]
        if len(pair) == 2 and (disjoint(*pair) or (
                pair[0].permit == pair[1].permit and pair[0].condition is pair[1].condition is None)):
            result[at:at + 2] = pair[::-1]
    return result

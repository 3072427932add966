"""Next hops that the firewall cannot ask for: by ARP it learns only what is in a network of the interface."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from aclproof.parsers.cisco_asa.features.rows.ways import GATEWAY
from aclproof.parsers.cisco_asa.meaning.hardware import hardware, name_of
from aclproof.parsers.cisco_asa.meaning.network import Network
from aclproof.parsers.cisco_asa.meaning.passages.passage import Passage, stopped
from aclproof.parsers.cisco_asa.meaning.passages.routes import best, of_route
from aclproof.parsers.cisco_asa.text.sections import Section
from aclproof.parsers.model.addresses import Family, write
from aclproof.parsers.model.firewall import Interface, Route
from aclproof.parsers.model.intervals import IntervalSet

Line = tuple[list[str], int]


def passages(network: Network, sections: Iterable[Section], flat: Mapping[str, Sequence[Line]]
             ) -> Iterator[Passage]:
    """Ask of each next hop in no network of its interface whether packets reach it.

    Not with `arp permit-nonconnected` (CR, since 8.4(5)) or an ARP entry of its own, nor of a tunnel, which asks
    for no neighbour. A route to the firewall's own address has it ask for each destination (CR, route).
    """
    said = [words for words, _ in flat.get("arp", ())]
    if ["arp", "permit-nonconnected"] in said:
        return
    entries = {word for words in said for word in words}
    tunnels = {name_of(each) for each in sections if hardware(each).startswith("tunnel")}
    for route in network.routes:
        place = network.found.get(route.interface)
        if (place is None or route.interface in tunnels or _reaches(route, place, network)
                or not best(route, network.routes)):
            continue
        gateway = write(Family.V4, route.gateway or 0)
        if gateway in entries:
            continue
        addresses = of_route(route, network.routes)
        asked = {"gateway": gateway, "interface": route.interface, "line": route.line}
        yield Passage(stopped(GATEWAY, route.line, destinations=addresses, **asked), leave=route.interface)
        yield Passage(stopped(GATEWAY, route.line, addresses, **asked), entry=route.interface)


def _reaches(route: Route, place: Interface, network: Network) -> bool:
    if not route.gateway or route.family is not Family.V4:
        return True
    near = {place.name, place.bridge} - {""}
    own = [network.found[name] for name in near if name in network.found]
    if any(each.dynamic for each in own) or not any(each.addresses.v4 for each in own):
        return True  # its networks are not in the file
    return bool(IntervalSet.of((route.gateway, route.gateway)) & _networks(near, network))


def _networks(names: Collection[str], network: Network) -> IntervalSet:
    return IntervalSet.union(each.addresses for each in network.routes if each.interface in names
                             and each.family is Family.V4 and each.gateway is None and not each.metric)

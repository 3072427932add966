"""By which interface an address is reached: the longest prefix, then the lowest metric, found by an index."""

from __future__ import annotations

import random
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import pytest

from aclproof.linter.site.site import SiteFirewall
from aclproof.linter.trace.interfaces import interface_towards
from aclproof.parsers.model.addresses import NOWHERE, Family
from aclproof.parsers.model.firewall import Firewall, Interface, Route
from aclproof.parsers.source import from_bytes

_NETWORKS = {Family.V4: ("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.1.2.3/32",
                         "10.1.3.0/24", "192.0.2.0/25"),
             Family.V6: ("::/0", "fd00::/16", "fd00:1::/64", "fd00:1::7/128")}
_ADDRESSES = {Family.V4: ("10.1.2.3", "10.1.2.4", "10.1.3.1", "10.2.0.1", "192.0.2.1", "198.51.100.1"),
              Family.V6: ("fd00:1::7", "fd00:1::8", "fd00:2::1", "2001:db8::1")}
_Network = IPv4Network | IPv6Network


def _route(network: _Network, family: Family, interface: str, metric: int) -> Route:
    return Route(family, int(network.network_address), network.prefixlen, interface, 1, metric)


@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize("seed", range(20))
def test_the_longest_prefix_then_the_lowest_metric(family: Family, seed: int) -> None:
    draw = random.Random(seed)
    metrics = list(range(1, 20))
    draw.shuffle(metrics)  # no two routes are equally good
    chosen = [(ip_network(text), draw.choice("abc"), metrics.pop())
              for text in draw.choices(_NETWORKS[family], k=draw.randrange(1, 9))]
    source = from_bytes(b"line\n", "fw.cfg")
    firewall = Firewall(
        "fw", "cisco-asa", "", source, (), {}, tuple(Interface(name, 0, NOWHERE, 1) for name in "abc"),
        tuple(_route(network, family, name, metric) for network, name, metric in chosen))
    for text in _ADDRESSES[family]:
        address = ip_address(text)
        covering = [each for each in chosen if address in each[0]]
        found = interface_towards(firewall, SiteFirewall("fw", ()), "client", family, int(address))
        if covering:
            best = max(covering, key=lambda each: (each[0].prefixlen, -each[2]))
            assert (found.interface, found.because, found.certain) == (best[1], "", best[0].prefixlen > 0)
        else:
            assert found.because

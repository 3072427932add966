"""Cisco ASA: lists, groups, translations and texts."""

from __future__ import annotations

from collections.abc import Iterable

from tests.bombs.bomb import Laid, bomb, checked, host, lines

HEAD = """\
ASA Version 9.12(4)
hostname fw
interface GigabitEthernet0/0
 nameif inside
 security-level 100
 ip address 10.20.0.1 255.255.0.0
interface GigabitEthernet0/1
 nameif outside
 security-level 0
 ip address 10.1.1.1 255.255.255.0
"""
_FOOT = (
    "access-group IN in interface inside",
    "access-group OUT in interface outside",
    "route outside 0.0.0.0 0.0.0.0 10.1.1.254 1",
    ": end",
)
_OUT = "access-list OUT extended permit ip any any"


def listed(entries: Iterable[str], before: Iterable[str] = (), *, then: str = "permit ip any any") -> str:
    """Write a configuration with these entries in the list of the clients."""
    return lines(
        HEAD.rstrip(),
        before,
        (f"access-list IN extended {each}" for each in entries),
        f"access-list IN extended {then}",
        _OUT,
        _FOOT,
    )


@bomb("hosts of the clients denied, one by one", 50, 5_000)
def asa_blocklist(size: int) -> Laid:
    return checked(listed(f"deny ip host {host(7 * k)} any" for k in range(size)))


@bomb("hosts denied at times of their own", 20, 1_000)
def asa_times(size: int) -> Laid:
    times = (f"time-range T{k}\n periodic daily {k % 24}:00 to {k % 24}:30" for k in range(size))
    return checked(listed((f"deny ip host {host(7 * k)} any time-range T{k}" for k in range(size)), times))


@bomb("names that DNS resolves denied", 20, 1_000)
def asa_names(size: int) -> Laid:
    names = (f"object network N{k}\n fqdn v4 h{k}.example.com" for k in range(size))
    return checked(listed((f"deny ip object N{k} any" for k in range(size)), names))


@bomb("members of one group", 100, 1_000_000)
def asa_members(size: int) -> Laid:
    members = (f" network-object host {host(2 * k)}" for k in range(size))
    return checked(listed(["permit tcp any object-group G eq 445"], ("object-group network G", *members)))


@bomb("groups of 1,000 hosts each, in an entry each", 2, 1_000)
def asa_groups(size: int) -> Laid:
    groups = (
        lines(
            f"object-group network G{k}",
            (f" network-object host {host(1_000 * k + 2 * each)}" for each in range(1_000)),
        ).rstrip()
        for k in range(size)
    )
    return checked(listed((f"deny tcp object-group G{k} any eq 80" for k in range(size)), groups))


@bomb("groups inside of each other, each twice in the next", 5, 10_000)
def asa_doubled(size: int) -> Laid:
    first = "object-group network G0\n network-object host 10.20.0.1"
    rest = (
        f"object-group network G{k}\n group-object G{k - 1}\n group-object G{k - 1}" for k in range(1, size)
    )
    return checked(listed([f"deny ip object-group G{size - 1} any"], (first, *rest)))


@bomb("entries of three groups of hosts, hosts and ports", 2, 40)
def asa_products(size: int) -> Laid:
    groups = []
    for k in range(size):
        groups += [
            f"object-group network S{k}",
            *(f" network-object host {host(2 * n + k)}" for n in range(500)),
            f"object-group network D{k}",
            *(f" network-object host {host(2 * n + k, '10.1')}" for n in range(500)),
            f"object-group service P{k} tcp",
            *(f" port-object eq {3 * n + k + 1}" for n in range(500)),
        ]
    return checked(
        listed(
            (f"deny tcp object-group S{k} object-group D{k} object-group P{k}" for k in range(size)), groups
        )
    )


@bomb("twice NAT of hosts", 20, 1_500)
def asa_nat(size: int) -> Laid:
    objects = (
        f"object network R{k}\n host {host(7 * k)}\nobject network M{k}\n host {host(k, '172.21')}"
        for k in range(size)
    )
    rules = (f"nat (inside,outside) source static R{k} M{k}" for k in range(size))
    return checked(listed([], (*objects, *rules)))


@bomb("NAT of the hosts that it translates to", 20, 5_000)
def asa_nat_both(size: int) -> Laid:
    objects = (f"object network R{k}\n host {host(k)}" for k in range(size + 1))
    rules = (
        f"nat (inside,outside) source dynamic R{k} R{k + 1} destination static R{k + 1} R{k}"
        for k in range(size)
    )
    return checked(listed([], (*objects, *rules)))


@bomb("interfaces with a list each", 10, 2_000)
def asa_interfaces(size: int) -> Laid:
    each = (
        f"interface GigabitEthernet1/0.{k + 2}\n nameif if{k}\n security-level 50\n"
        f" ip address {host(256 * k + 1, '10.100')} 255.255.255.0\n"
        f"access-list L{k} extended deny tcp any any eq 445\naccess-group L{k} in interface if{k}"
        for k in range(size)
    )
    return checked(listed([], each))


@bomb("routes to hosts of the clients", 20, 50_000)
def asa_routes(size: int) -> Laid:
    routes = (
        f"route {('inside', 'outside')[k % 2]} {host(k)} 255.255.255.255 {('10.20.0.9', '10.1.1.9')[k % 2]} 1"
        for k in range(size)
    )
    return checked(listed([], routes))


@bomb("remarks", 20, 300_000)
def asa_remarks(size: int) -> Laid:
    return checked(
        lines(
            HEAD.rstrip(),
            (f"access-list IN remark {k}" for k in range(size)),
            "access-list IN extended permit ip any any",
            _OUT,
            _FOOT,
        )
    )


@bomb("lines that cannot be read", 20, 100_000)
def asa_unread(size: int) -> Laid:
    return checked(listed(f"permit nonsense any any {k}" for k in range(size)))


@bomb("tunnels, and lines that translate what their lists have", 10, 1_000)
def asa_tunnels(size: int) -> Laid:
    hosts = (
        f"object network H{k}\n host 10.1.2.{k % 250}\n nat (outside,inside) static {host(k, '203.0')}"
        for k in range(size)
    )
    tunnels = (
        f"access-list VPN{k} extended permit ip 10.1.2.0 255.255.255.0 host {host(k, '172.16')}\n"
        f"crypto map M {k + 1} match address VPN{k}\ncrypto map M {k + 1} set peer {host(k, '198.51')}"
        for k in range(size)
    )
    return checked(listed((), (*hosts, *tunnels, "crypto map M interface inside")))


@bomb("names of addresses", 20, 100_000)
def asa_aliases(size: int) -> Laid:
    names = ("names", *(f"name {host(k)} N{k}" for k in range(size)))
    return checked(listed((f"deny ip host N{k} any" for k in range(0, size, 100)), names))


@bomb("entries that are inactive, each would permit", 20, 20_000)
def asa_inactive(size: int) -> Laid:
    return checked(
        listed(
            (f"permit tcp any host 10.1.1.11 eq {k % 65_000 + 1} inactive" for k in range(size)),
            then="deny ip any any",
        )
    )


@bomb("entries that come too late to permit", 20, 20_000)
def asa_too_late(size: int) -> Laid:
    return checked(
        listed(("deny ip any any", *(f"permit tcp host {host(k)} any eq 80" for k in range(size))))
    )


@bomb("the header of one object, again and again", 20, 100_000)
def asa_repeated(size: int) -> Laid:
    return checked(
        listed(["deny ip object N any"], (f"object network N\n host {host(k)}" for k in range(size)))
    )


@bomb("one line of 50 MB", 100, 50_000_000)
def asa_long_line(size: int) -> Laid:
    return checked(listed([f"permit ip any any {'x' * size}"]))


@bomb("blanks in one line", 100, 1_000_000)
def asa_blanks(size: int) -> Laid:
    return checked(listed([f"permit ip any{' ' * size}any"]))

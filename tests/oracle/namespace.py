"""A network namespace of one's own with a firewall in it: the side of the kernel.

Packets are written to TUN devices; the kernel filters them before `write` returns, so whatever can be read
afterwards was accepted, and nothing has to be waited for. The namespace ends with the process.
"""

from __future__ import annotations

import fcntl
import os
import socket
import struct
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from tests.oracle import routing
from tests.oracle.connections import ConnectionTable
from tests.oracle.network import configure, leave, run
from tests.oracle.plan import DEVICES, LOOPBACK, PLANS, BackEnd, Hook, write
from tests.oracle.probes import ESP, ICMP, ICMP6, TCP, UDP, Probe
from tests.oracle.wire import craft, tag_of

_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x1, 0x1000
_IPV6_HDRINCL = 36
_AT_ONCE = 64
"""Packets in flight: fewer than any queue holds."""
_LARGEST = 2048

_BEFORE = {
    "net/ipv4/conf/default/rp_filter": 0,
    "net/ipv6/conf/all/forwarding": 0,  # a router joins a multicast group, and says so on the wire
    "net/ipv6/conf/default/accept_ra": 0,
    "net/ipv6/conf/default/addr_gen_mode": 1,  # no link-local address: nothing is sent of its own accord
}
_AFTER = {
    "net/ipv4/ip_forward": 1,
    "net/ipv4/conf/all/rp_filter": 0,
    "net/ipv4/conf/all/accept_local": 1,
    "net/ipv6/conf/all/forwarding": 1,
}


_TRACKING = {"net/netfilter/nf_conntrack_checksum": 0}
"""There from the first rule on that needs connections."""


class Namespace:
    """The kernel as a firewall. This process enters the namespace for good."""

    def __init__(self) -> None:
        leave()
        configure(_BEFORE)
        self._devices = {name: _tun(name) for name in DEVICES}
        run("ip -batch -", "\n".join(routing.links()))
        configure(_AFTER)
        for family in PLANS:
            run(f"ip -{family} -batch -", "\n".join(routing.routes(family)))
        self._senders = {4: _raw(socket.AF_INET, socket.IPPROTO_RAW),
                         6: _raw(socket.AF_INET6, socket.IPPROTO_RAW)}
        self._senders[6].setsockopt(socket.IPPROTO_IPV6, _IPV6_HDRINCL, 1)
        self._listeners = [_raw(socket.AF_INET, each) for each in (ICMP, TCP, UDP, ESP)]
        self._listeners += [_raw(socket.AF_INET6, each) for each in (ICMP6, TCP, UDP, ESP)]
        self._connections = ConnectionTable()

    def load(self, back_end: BackEnd, family: int, text: str) -> None:
        """Load rules in the save form; CommandError says why the kernel does not want them."""
        run(f"{_tables(family)}-{back_end}-restore -w", text)  # others may hold the lock
        configure(_TRACKING)

    def load_native(self, text: str) -> None:
        """Replace all rules of nftables, those of its iptables too; CommandError as above."""
        run("nft -f -", f"flush ruleset\n{text}")
        if Path("/proc/sys", *_TRACKING).exists():
            configure(_TRACKING)

    def native(self, options: str = "") -> str:
        """Read all rules of nftables back, as text or (`-j`) as JSON."""
        return run(f"nft {options} list ruleset")

    def add_sets(self, text: str) -> None:
        """Load sets in the form of `ipset save`."""
        run("ipset restore", text)

    def saved_sets(self, names: Iterable[str]) -> str:
        """Read sets back."""
        return "".join(run(f"ipset save {name}") for name in names)

    def enter(self, script: str) -> None:
        """Carry out commands of a shell; CommandError for the first that fails."""
        run("sh -e", script)

    def listed(self, back_end: BackEnd, family: int, table: str) -> str:
        """Read the rules of a table back as people list them."""
        return run(f"{_tables(family)}-{back_end} -t {table} -L -n -v")

    def saved(self, back_end: BackEnd, family: int) -> str:
        """Read the rules back with their counters."""
        return run(f"{_tables(family)}-{back_end}-save -c")

    def send(self, hook: Hook, ways: Iterable[tuple[str, Probe]]) -> list[bool]:
        """Send packets by an interface each (from the firewall itself: by `lo`); tell which passed.

        All connections are forgotten first. A packet passes when it comes out where its hook ends.
        """
        return [packet is not None for packet in self.deliver(hook, ways)]

    def deliver(self, hook: Hook, ways: Iterable[tuple[str, Probe]]) -> list[bytes | None]:
        """Send packets likewise; return each as it came out, None where it did not."""
        self._connections.flush()
        shots = list(ways)
        found: list[bytes | None] = [None] * len(shots)
        for start in range(0, len(shots), _AT_ONCE):
            for tag, (way, probe) in enumerate(shots[start:start + _AT_ONCE], start):
                self._shoot(way, probe, craft(probe, tag))
            for packet in self._arrived(hook):
                tag = tag_of(packet)
                if not start <= tag < start + _AT_ONCE:
                    raise RuntimeError(f"a packet came out that nobody sent: tag {tag}")
                found[tag] = packet
        return found

    def _shoot(self, way: str, probe: Probe, packet: bytes) -> None:
        if way != LOOPBACK:
            os.write(self._devices[way], packet)
            return
        with suppress(PermissionError):  # dropped, and said so; it will not come out either
            self._senders[probe.family].sendto(packet, (write(probe.family, probe.destination), 0))

    def _arrived(self, hook: Hook) -> list[bytes]:
        if hook == "input":
            ends = [each.fileno() for each in self._listeners]
        else:
            ends = list(self._devices.values())
        return [packet for end in ends for packet in _waiting(end)]


def _tables(family: int) -> str:
    return "iptables" if family == 4 else "ip6tables"


def _tun(name: str) -> int:
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH", name.encode(), _IFF_TUN | _IFF_NO_PI))
    return device


def _waiting(end: int) -> Iterator[bytes]:
    """Read what has come, packet by packet."""
    while True:
        try:
            yield os.read(end, _LARGEST)
        except BlockingIOError:
            return


def _raw(family: int, protocol: int) -> socket.socket:
    made = socket.socket(family, socket.SOCK_RAW | socket.SOCK_NONBLOCK, protocol)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**20)
    return made

"""Exceptions of Windows XP and Server 2003, as `netsh firewall` makes them.

An exception for a port has no program, and one for ICMP no scope. The ports of RPC can only be opened by
'remote administration': that lets svchost.exe and lsass.exe open any port (TechNet cc737332).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclproof.parsers.model.addresses import Family, networks
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import ANY_PORT, ICMP, PROTOCOL_NAMES, TCP, UDP
from aclproof.parsers.permits import Candidate, MissingPermit, NotWritable
from aclproof.parsers.windows.meaning.listeners import RPC
from aclproof.reason import Reason

_MOST_PORTS, _ECHO = 20, 8
_IN_REMOTE_ADMINISTRATION = ((TCP, 135), (TCP, 445))


def candidates(missing: Sequence[MissingPermit], title: str) -> Iterator[Candidate | NotWritable]:
    """Yield remote administration where RPC needs it, with all that it opens; then ports and ICMP types."""
    rpc = next((each for each in missing if each.listener == RPC and each.box.protocol == TCP), None)
    if rpc:
        yield _remote_administration(rpc, [each for each in missing if _goes_with(each, rpc)])
        return
    for permit in missing:
        if permit.outward or permit.box.family is not Family.V4:
            yield NotWritable((permit,), Reason("its firewall filters only what comes in over IPv4"))
        elif permit.box.protocol == ICMP:
            yield _icmp(permit)
        elif permit.box.destination_ports.size > _MOST_PORTS:
            yield NotWritable((permit,), Reason("an exception is for one port, and these are too many"))
        else:
            lines = tuple(_port(permit, port, title) for low, high in permit.box.destination_ports.ranges
                          for port in range(low, high + 1))
            yield Candidate(lines, (permit,), len(lines), besides=(_from(permit.box, ICMP),))


def _goes_with(permit: MissingPermit, rpc: MissingPermit) -> bool:
    """Whether remote administration for the one opens the other as well; with TCP 445 comes the ping."""
    box = permit.box
    if box.protocol == ICMP:
        return box.sources == rpc.box.sources and permit.port == _ECHO
    ports = IntervalSet.of(*((port, port) for protocol, port in _IN_REMOTE_ADMINISTRATION
                             if protocol == box.protocol))
    return permit is rpc or (box.sources == rpc.box.sources and permit.profile == rpc.profile
                             and box.destination_ports <= ports)


def _remote_administration(rpc: MissingPermit, permits: Sequence[MissingPermit]) -> Candidate:
    command = f"netsh firewall set service type=REMOTEADMIN mode=ENABLE {_scope(rpc)}"
    besides = tuple(_from(rpc.box, protocol) for protocol in (TCP, UDP, ICMP))
    note = Reason("this opens every port of svchost.exe and lsass.exe, and pings, for these addresses: this "
                  "Windows has no narrower exception for RPC")
    return Candidate((command,), tuple(permits), 1, (note,), besides=besides)


def _icmp(permit: MissingPermit) -> Candidate:
    kind = permit.box.source_ports.lowest
    command = f"netsh firewall set icmpsetting type={kind} mode=ENABLE profile={_profile(permit)}"
    whole = tuple(Box(family, ICMP, IntervalSet.of((0, family.last)), IntervalSet.of((0, family.last)),
                      permit.box.source_ports, ANY_PORT) for family in Family)
    note = Reason("this opens it for every address: this Windows has no scope for ICMP")
    return Candidate((command,), (permit,), 1, (note,), besides=whole)


def _port(permit: MissingPermit, port: int, title: str) -> str:
    name = PROTOCOL_NAMES[permit.box.protocol].upper()
    return (f'netsh firewall add portopening protocol={name} port={port} name="{title} {name} {port}" '
            f"mode=ENABLE {_scope(permit)}")


def _scope(permit: MissingPermit) -> str:
    addresses = ",".join(address if length == 32 else f"{address}/{length}"
                         for address, length in networks(Family.V4, permit.box.sources.ranges))
    return f"scope=CUSTOM addresses={addresses} profile={_profile(permit)}"


def _profile(permit: MissingPermit) -> str:
    return "ALL" if not permit.profile else "DOMAIN" if permit.profile == "domain" else "STANDARD"


def _from(box: Box, protocol: int) -> Box:
    """All packets of a protocol from the same addresses, to whatever the computer is called."""
    return Box(box.family, protocol, box.sources, IntervalSet.of((0, box.family.last)), ANY_PORT, ANY_PORT)

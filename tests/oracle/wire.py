"""Probes as bytes: whole IP packets with right checksums, and a tag by which they are known again."""

from __future__ import annotations

from struct import pack, unpack

from tests.oracle.probes import ICMP, ICMP6, TCP, UDP, Probe

TAG = 4
"""Bytes at the end of every packet: its number in the batch."""

_OURS = 0xAC1 << 20
"""What every tag begins with: other packets may end in a small number too."""

_HOPS = 64


def craft(probe: Probe, tag: int) -> bytes:
    """Make the packet."""
    tag |= _OURS
    size = {4: 4, 6: 16}[probe.family]
    source, destination = (end.to_bytes(size, "big") for end in (probe.source, probe.destination))
    body = _body(probe, tag)
    at = _CHECKSUM.get(probe.protocol)
    if at is not None:
        ends = b"" if probe.protocol == ICMP else source + destination
        pseudo = ends and ends + pack("!HH", probe.protocol, len(body))
        body = body[:at] + pack("!H", _checksum(pseudo + body)) + body[at + 2:]
    if probe.family == 6:
        return pack("!IHBB", 6 << 28, len(body), probe.protocol, _HOPS) + source + destination + body
    header = pack("!BBHHHBBH", 0x45, 0, 20 + len(body), 0, 0x4000, _HOPS, probe.protocol, 0)
    check = _checksum(header + source + destination)
    return header[:10] + pack("!H", check) + source + destination + body


def tag_of(packet: bytes) -> int:
    """Read the tag back, of a packet or of its body; a packet from elsewhere has none, or a strange one."""
    return int(unpack("!I", packet[-TAG:])[0]) ^ _OURS if len(packet) >= 8 + TAG else -1


def ends_of(packet: bytes) -> tuple[int, int, int, int]:
    """Read the addresses and ports of a packet of IPv4 that `craft` made; of ICMP its type and code."""
    source, destination, first, second = unpack("!12xIIHH", packet[:24])
    return (source, destination, *divmod(first, 256)) if packet[9] == ICMP else (
        source, destination, first, second)


_CHECKSUM = {TCP: 16, UDP: 6, ICMP: 2, ICMP6: 2}
"""Where the checksum is in the body."""


def _body(probe: Probe, tag: int) -> bytes:
    ports = probe.source_port, probe.destination_port
    match probe.protocol:
        case 6:
            return pack("!HHIIBBHII", *ports, 1, 1, 0x50, probe.flags, 1024, 0, tag)
        case 17:
            return pack("!HHHHI", *ports, 8 + TAG, 0, tag)
        case 1 | 58:
            return pack("!BBHHHI", *ports, 0, probe.identifier, 1, tag)
        case _:
            return pack("!III", 0x1000, 1, tag)


def _checksum(data: bytes) -> int:
    total: int = sum(unpack(f"!{len(data) // 2}H", data))  # everything here has an even length
    total = (total & 0xFFFF) + (total >> 16)
    total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF

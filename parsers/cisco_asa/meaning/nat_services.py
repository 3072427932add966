"""One port for another: what two service objects at the end of a line of twice NAT mean."""

from __future__ import annotations

from aclproof.parsers.cisco_asa.meaning.nat import Ports
from aclproof.parsers.cisco_asa.words.objects import Objects
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model.services import ANY_PORT, TCP, UDP


def services(objects: Objects, names: list[str], *, static: bool) -> tuple[Ports | None, Ports | None]:
    """The ports of the hosts and of the other side, one of them, where two objects name them.

    Guide, "Configuring Twice NAT": the first object has the real source port or the mapped destination port.
    A dynamic line does not look at source ports.
    """
    try:
        (first, protocol), (second, other) = (_one_service(objects, name) for name in names)
    except (LineError, ValueError):
        return None, None
    if protocol != other:
        return None, None
    source, destination = ((one, two) for one, two in zip(first, second, strict=True))
    if None not in source and destination == (None, None) and static:
        return Ports(protocol, source[0] or 0, source[1] or 0), None
    if None not in destination and (source == (None, None) or not static):
        return None, Ports(protocol, destination[1] or 0, destination[0] or 0)
    return None, None


def _one_service(objects: Objects, name: str) -> tuple[tuple[int | None, int | None], int]:
    """The source and the destination port of an object, None for any, and its protocol.

    ValueError where it names more than one.
    """
    found = objects.service(name)
    (only,) = found.known
    axes = only.source_ports, only.destination_ports
    one_each = all(axis == ANY_PORT or axis.size == 1 for axis in axes)
    if found.opens or not one_each or only.protocols.size != 1 or only.protocols.lowest not in (TCP, UDP):
        raise ValueError(name)
    source, destination = (None if axis == ANY_PORT else axis.lowest for axis in axes)
    return (source, destination), only.protocols.lowest

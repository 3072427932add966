"""What an object or a group stands for, in a form that is equal for the same meaning."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from aclproof.parsers.cisco_asa.words.members import Definition, Ref
from aclproof.parsers.cisco_asa.words.objects import Objects
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model import products
from aclproof.parsers.model.services import ICMP, ICMP6

_Read = TypeVar("_Read")


def content(objects: Objects, each: Definition) -> Hashable:
    """Return it, groups within groups taken apart; () for nothing, None where it cannot be told."""
    if each.doubtful:
        return None
    if not each.members:
        return ()
    match each.kind:
        case "network":
            addresses = objects.network(each.name)
            opens = frozenset(addresses.opens)
            return (addresses.known, opens) if addresses.known or opens else ()
        case "service":
            services = objects.service(each.name)
            axes = [(one.protocols, one.source_ports, one.destination_ports) for one in services.known]
            return (products.canonical(axes), frozenset(services.opens)) if axes or services.opens else ()
        case "ports":
            ports = _known(lambda: objects.port_group(each.name, each.protocols))
            return ports if ports is None else (each.protocols, ports) if ports else ()
        case "protocol":
            protocols = _known(lambda: objects.protocol_group(each.name))
            return protocols if protocols is None or protocols else ()
        case "icmp-type":
            of_both = tuple(_icmp_types(objects, each.name, protocol) for protocol in (ICMP, ICMP6))
            return None if of_both == (None, None) else of_both if any(of_both) else ()
        case "user" | "security":
            return None if any(isinstance(member, Ref) for member in each.members) else \
                frozenset(member for member in each.members if isinstance(member, str))


def _icmp_types(objects: Objects, name: str, protocol: int) -> Hashable:
    """Its types for one protocol; None where a word is none of them."""
    found = _known(lambda: objects.icmp_group(name, protocol))
    return None if found is None else products.canonical(found)


def _known(read: Callable[[], _Read]) -> _Read | None:
    try:
        return read()
    except LineError:
        return None

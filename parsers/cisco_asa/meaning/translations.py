"""The lines of address translation as the model's table: which end of which packets becomes what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from aclproof.parsers.cisco_asa.meaning.alternatives import ANY_SERVICES
from aclproof.parsers.cisco_asa.meaning.nat import Nat
from aclproof.parsers.cisco_asa.words.unresolved import Addresses
from aclproof.parsers.model.addresses import ANY, AddressSet
from aclproof.parsers.model.effects import End, Translate
from aclproof.parsers.model.firewall import Translation
from aclproof.parsers.model.intervals import IntervalSet, Range
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.model.services import ANY_PORT, service


def table(lines: Iterable[Nat], interfaces: Collection[str]) -> tuple[Translation, ...]:
    """Write every line for both directions, in the device's order; `interfaces` are those in use."""
    return tuple(_to_one_in_use(each, interfaces) for nat in lines for each in _entries(nat))


def _to_one_in_use(entry: Translation, interfaces: Collection[str]) -> Translation:
    """Keep an entry; a device has none towards an interface without a name, so that one is not certain."""
    if entry.leave in (None, *interfaces):
        return entry
    return replace(entry, because=Reason("interface {name} is not in use", name=entry.leave))


def _entries(nat: Nat) -> Iterator[Translation]:
    if nat.kind == "control":
        return
    if nat.kind == "unread":
        yield Translation("source", nat.line, nat.behind, nat.towards, because=nat.because)
        yield Translation("source", nat.line, nat.towards, nat.behind, because=nat.because)
        yield Translation("destination", nat.line, nat.towards, because=nat.because)
        yield Translation("destination", nat.line, nat.behind, because=nat.because)
        return
    yield from _from_behind(nat)
    if nat.static and not nat.one_way and nat.kind != "exemption":
        yield from _from_outside(nat)


def _from_behind(nat: Nat) -> Iterator[Translation]:
    """Connections that the hosts open: they get other addresses, and what they dial may, too.

    A line for one service is left out: it is for those who connect to the service, and a new connection from
    the service's own port is none that a program opens.
    """
    if nat.ports:
        return
    sources, destinations = _whole(nat.real), _whole(nat.dialled)
    effect, reason = _source(nat)
    yield Translation("source", nat.line, nat.behind, nat.towards, sources, destinations, effect=effect,
                      because=nat.because or reason)
    if nat.dialled.known != ANY or nat.far.known != ANY:
        effect, reason = _shift("destination", nat.dialled, nat.far)
        yield Translation("destination", nat.line, nat.behind, nat.towards, sources, destinations,
                          effect=effect, because=nat.because or reason)


def _source(nat: Nat) -> tuple[Translate | None, str]:
    if nat.static:
        return _shift("source", nat.real, nat.mapped)
    pool = nat.mapped.known.v4.ranges
    if nat.mapped.opens or len(pool) != 1 or nat.mapped.known.v6 or nat.mapped.known == ANY:
        return None, Reason("the addresses that it picks from are not one range")
    return Translate("source", pool[0]), ""


def _from_outside(nat: Nat) -> Iterator[Translation]:
    """Connections to the hosts, under the addresses by which they are known there."""
    sources, destinations = _whole(nat.far), _whole(nat.mapped)
    effect, reason = _shift("destination", nat.mapped, nat.real)
    services = ANY_SERVICES
    if nat.ports:
        port = nat.ports.mapped
        services = (service(nat.ports.protocol, ANY_PORT, IntervalSet.of((port, port))),)
        if not reason:
            low, high = _ranges(nat.real.known)[0]
            effect = Translate("destination", (low, high), (nat.ports.real, nat.ports.real))
            reason = "" if low == high else Reason("it has several real hosts")
    yield Translation("destination", nat.line, nat.towards, nat.behind, sources, destinations, services,
                      effect, nat.because or reason)
    if nat.dialled.known != ANY or nat.far.known != ANY:
        effect, reason = _shift("source", nat.far, nat.dialled)
        yield Translation("source", nat.line, nat.towards, nat.behind, sources, destinations, effect=effect,
                          because=nat.because or reason)


def _shift(end: End, before: Addresses, after: Addresses) -> tuple[Translate | None, str]:
    """One address for one address; None without a reason where each keeps its own."""
    if before.opens or after.opens:
        return None, Reason("not all of its addresses are in the file")
    if before.known == after.known:
        return None, ""
    old, new = _ranges(before.known), _ranges(after.known)
    if len(old) != 1 or len(new) != 1 or old[0][1] - old[0][0] != new[0][1] - new[0][0]:
        return None, Reason("its addresses are not two ranges of one size")
    return Translate(end, new[0], offset=new[0][0] - old[0][0]), ""


def _ranges(addresses: AddressSet) -> tuple[Range, ...]:
    return addresses.v4.ranges + addresses.v6.ranges


def _whole(addresses: Addresses) -> AddressSet:
    return ANY if addresses.opens else addresses.known

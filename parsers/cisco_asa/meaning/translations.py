"""The lines of address translation as the model's table: which end of which packets becomes what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import permutations

from msgspec import Struct
from msgspec.structs import replace

from aclproof.parsers.cisco_asa.meaning.alternatives import ANY_SERVICES
from aclproof.parsers.cisco_asa.meaning.nat import Nat
from aclproof.parsers.cisco_asa.words.unresolved import Addresses
from aclproof.parsers.model.addresses import ANY, ANY4, NOWHERE, AddressSet
from aclproof.parsers.model.effects import End, Translate
from aclproof.parsers.model.firewall import Interface, Opener, Translation
from aclproof.parsers.model.intervals import IntervalSet, Range
from aclproof.parsers.model.services import ANY_PORT, Service, service
from aclproof.reason import Reason


def table(lines: Sequence[Nat], interfaces: Sequence[Interface], *,
          required: str = "") -> tuple[Translation, ...]:
    """Write every line for both directions, in the device's order; `interfaces` are those in use.

    `required` says why only what a line translates or exempts passes; empty where that is not so.
    """
    used = {each.name: each for each in interfaces}
    found = [_to_one_in_use(entry, used) for nat in lines for entry in _entries(nat, used)]
    control = next((nat.line for nat in lines if nat.kind == "control"), 0)
    if control and not required:
        required = Reason("with nat-control only what a line translates or exempts passes (message 305005)")
    if required:
        found += _refusals(lines, interfaces, control, required)
    return tuple(_above_refusals(found))


def _above_refusals(found: Sequence[Translation]) -> list[Translation]:
    """Write lines of which it is not known whom they are for once more, for those whom a line below refuses
    if this one is not for them: these it may refuse."""
    refused: dict[tuple[str | None, str | None], AddressSet] = {}
    below = dict(refused)
    """Whom the lines below the whole line refuse, which may have several entries."""
    line, written = 0, list[Translation]()
    for each in reversed(found):
        written.append(each)
        if each.end == "destination":
            continue
        if each.line != line:
            line, below = each.line, dict(refused)
        sure = each.because in ("", UNKNOWN_POOL)
        ways = [way for way in refused if each.entry in (None, way[0]) and each.leave in (None, way[1])]
        if each.refuses:
            way = each.entry, each.leave
            refused[way] = refused.get(way, NOWHERE) | each.sources
        elif not sure:
            written += (replace(each, entry=way[0], leave=way[1], sources=both, refuses=each.because)
                        for way in ways if (both := below.get(way, NOWHERE) & each.sources))
        elif each.destinations >= ANY4 and each.services == ANY_SERVICES:
            refused |= {way: refused[way] - each.sources for way in ways}
    return written[::-1]


def _to_one_in_use(entry: Translation, used: Mapping[str, Interface]) -> Translation:
    """Keep an entry; a device has none towards an interface without a name, so that one is not certain."""
    if entry.leave is None or entry.leave in used:
        return entry
    return replace(entry, because=_not_in_use(entry.leave))


def _not_in_use(interface: str | None) -> Reason:
    return Reason("interface {name} is not in use", name=interface or "any")


def _entries(nat: Nat, used: Mapping[str, Interface]) -> Iterator[Translation]:
    match nat.kind:
        case "control":
            return
        case "unread":
            ways = ((nat.behind, nat.towards), (nat.towards, nat.behind))
            ends: tuple[End, End] = ("source", "destination")
            for way, end in ((way, end) for way in dict.fromkeys(ways) for end in ends):
                if not nat.static or (way, end) in zip(ways, ends, strict=True):
                    yield Translation(end, nat.line, *way, because=nat.because)
        case "pool":
            yield Translation("source", nat.line, None, nat.towards, NOWHERE, opened_by="hosts",
                              mapped=nat.mapped.known)
        case "policy dynamic" | "old dynamic" | "identity":
            yield from _old_dynamic(nat, used)
        case _:
            yield from _from_behind(nat)
            if nat.static and not nat.one_way and nat.kind != "exemption":
                yield from _from_outside(nat)


# What a line says

UNKNOWN_POOL = Reason("the addresses that it picks from are not one range")
"""Why it is not known what becomes of the sources of a dynamic line; whom it is for is known."""


def _from_behind(nat: Nat) -> Iterator[Translation]:
    """Connections that the hosts open: they get other addresses, and what they dial may, too.

    A line for one service of the hosts is for those who connect to it: a new connection from the service's
    own port is none that a program opens.
    """
    sources, destinations = _whole(nat.real), _whole(nat.dialled)
    effect, reason = _source(nat)
    if effect and not nat.static:  # its pool is of IPv4
        sources = AddressSet(v4=sources.v4)
    opened_by: Opener = "both" if nat.static and not nat.one_way else "hosts"
    services = ANY_SERVICES
    if nat.ports:
        opened_by = "hosts" if nat.one_way else "others"
        services = (_service(nat.ports.protocol, source=nat.ports.real),)
    elif nat.far_ports:
        services = (_service(nat.far_ports.protocol, destination=nat.far_ports.mapped),)
    mapped = NOWHERE if opened_by == "both" or nat.mapped.known in (nat.real.known, ANY) else nat.mapped.known
    yield Translation("source", nat.line, nat.behind, nat.towards, sources, destinations, services, effect,
                      nat.because or reason, opened_by, mapped=mapped, other_ports=nat.other_ports)
    if _both_ends(nat):
        effect, reason = _shift("destination", nat.dialled, nat.far,
                                nat.far_ports.real if nat.far_ports else None)
        yield Translation("destination", nat.line, nat.behind, nat.towards, sources, destinations, services,
                          effect, nat.because or reason, by_route=nat.by_route,
                          mapped=nat.dialled.known if nat.dialled != nat.far and effect else NOWHERE)


def _from_outside(nat: Nat) -> Iterator[Translation]:
    """Connections to the hosts, under the addresses by which they are known there.

    A line for one service of the other side is for the hosts, who connect to it: see `_from_behind`.
    """
    sources, destinations = _whole(nat.far), _whole(nat.mapped)
    opened_by: Opener = "both"
    services = ANY_SERVICES
    if nat.far_ports:
        opened_by, services = "others", (_service(nat.far_ports.protocol, source=nat.far_ports.real),)
    elif nat.ports:
        services = (_service(nat.ports.protocol, destination=nat.ports.mapped),)
    effect, reason = _shift("destination", nat.mapped, nat.real, nat.ports.real if nat.ports else None)
    mapped = nat.mapped.known if nat.mapped.known != nat.real.known else NOWHERE
    yield Translation("destination", nat.line, nat.towards, nat.behind, sources, destinations, services,
                      effect, nat.because or reason, mapped=mapped, by_route=nat.by_route)
    if _both_ends(nat):
        effect, reason = _shift("source", nat.far, nat.dialled,
                                nat.far_ports.mapped if nat.far_ports else None)
        yield Translation("source", nat.line, nat.towards, nat.behind, sources, destinations, services,
                          effect, nat.because or reason, opened_by)


def _both_ends(nat: Nat) -> bool:
    """Whether a line decides about the other side's addresses as well."""
    named = nat.kind in ("twice", "exemption") and nat.dialled.known != ANY
    return named or nat.dialled != nat.far or nat.far_ports is not None


def _source(nat: Nat) -> tuple[Translate | None, str]:
    """What becomes of the hosts' own addresses; None without a reason where each keeps its own."""
    if nat.static:
        return _shift("source", nat.real, nat.mapped, nat.ports.mapped if nat.ports else None)
    pool = nat.mapped.known.v4.ranges
    if nat.mapped.opens or len(pool) != 1 or nat.mapped.known.v6 or nat.mapped.known == ANY:
        return None, UNKNOWN_POOL
    return Translate("source", pool[0]), ""


def _shift(end: End, before: Addresses, after: Addresses, port: int | None) -> tuple[Translate | None, str]:
    """One address for one address, with this port; None without a reason where each keeps its own."""
    if before.opens or after.opens:
        return None, Reason("not all of its addresses are in the file")
    old, new = _ranges(before.known), _ranges(after.known)
    ports = None if port is None else (port, port)
    if old == new:
        return Translate(end, new[0], ports, offset=0) if ports else None, ""
    if len(old) != 1 or len(new) != 1 or old[0][1] - old[0][0] != new[0][1] - new[0][0]:
        return None, Reason("its addresses are not two ranges of one size")
    if bool(before.known.v4) != bool(after.known.v4):
        return None, Reason("it translates between IPv4 and IPv6")
    return Translate(end, new[0], ports, offset=new[0][0] - old[0][0]), ""


def _ranges(addresses: AddressSet) -> tuple[Range, ...]:
    return addresses.v4.ranges + addresses.v6.ranges


def _service(protocol: int, source: int | None = None, destination: int | None = None) -> Service:
    ports = (ANY_PORT if port is None else IntervalSet.of((port, port)) for port in (source, destination))
    return service(protocol, *ports)


def _whole(addresses: Addresses) -> AddressSet:
    """Everything that may be meant."""
    return ANY if addresses.opens else addresses.known


# Before 8.3


def _old_dynamic(nat: Nat, used: Mapping[str, Interface]) -> Iterator[Translation]:
    """A `nat` line, towards each interface that it holds for: all of its own security level and below.

    Its hosts must have an address to leave with by each of them, and with `outside` also by those above
    (guide to 8.2, "NAT and Same Security Level Interfaces", "Managing Global Pools").
    """
    if not used and nat.kind != "identity":  # a listing, which does not show by which they leave
        yield Translation("source", nat.line, nat.behind, None, _whole(nat.real), _whole(nat.dialled),
                          nat.services, because=_not_in_use(nat.behind), opened_by="hosts")
    behind = used.get(nat.behind or "")
    for leave in used.values():
        if behind is None or leave is behind or nat.towards not in (None, leave.name):
            continue
        if leave.name in nat.besides:
            continue
        known = nat.outside or (behind.level is not None and leave.level is not None)
        if known and not nat.outside and (behind.level or 0) < (leave.level or 0):
            continue
        because = nat.because or ("" if known else _UNKNOWN_LEVEL)
        effect, refuses = None, ""
        if not nat.pooled:
            refuses = Reason("there is no 'global' line for interface {name} with the number of this one, so "
                             "these hosts get no address to leave with (message 305006)", name=leave.name)
        elif nat.kind != "identity":
            effect, reason = _source(nat)
            because = because or reason
        yield Translation("source", nat.line, behind.name, leave.name, _whole(nat.real), _whole(nat.dialled),
                          nat.services, effect, because=because, opened_by="hosts", refuses=refuses)


_UNKNOWN_LEVEL = Reason("a security level that it depends on could not be read")


class _Needs(Struct, frozen=True):
    """Which ways need a translation: down, and from interfaces with a dynamic line also to equals or up."""

    between_equals: frozenset[str]
    upwards: frozenset[str]

    def holds(self, entry: Interface, leave: Interface) -> bool:
        if entry.level is None or leave.level is None:
            return True
        if entry.level == leave.level:
            return entry.name in self.between_equals
        return entry.level > leave.level or entry.name in self.upwards


def _refusals(lines: Iterable[Nat], interfaces: Sequence[Interface], control: int,
              reason: str) -> Iterator[Translation]:
    """Entries at the end of the table that refuse what no line before them translates or exempts.

    Guide to 8.2, "NAT Control": from higher to lower levels; from an interface with dynamic NAT also to its
    equals, and from one with outside dynamic NAT to every other. IPv6 is not translated.
    """
    dynamic = [nat for nat in lines if nat.kind in ("old dynamic", "policy dynamic")]
    needs = _Needs(frozenset(nat.behind or "" for nat in dynamic),
                   frozenset(nat.behind or "" for nat in dynamic if nat.outside))
    for entry, leave in permutations(interfaces, 2):
        if needs.holds(entry, leave):
            unknown = entry.level is None or leave.level is None
            yield Translation("source", control or entry.line, entry.name, leave.name, ANY4,
                              because=_UNKNOWN_LEVEL if unknown else "", refuses=reason)

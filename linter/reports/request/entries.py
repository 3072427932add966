"""The entries of a port request in words: every form for people lays out these."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from aclproof.linter.demands.port_request import Flow, PortRequest
from aclproof.linter.reports.language.language import Words, message
from aclproof.linter.reports.writing.wording import cited, condition, pack_file, ports
from aclproof.parsers.model.addresses import Family, networks
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import icmp_kind
from aclproof.parsers.model.services import ANY_PORT, ICMP, ICMP6, TCP, UDP, is_icmp

PROTOCOLS = {TCP: "TCP", UDP: "UDP", ICMP: "ICMP", ICMP6: "ICMPv6"}


class Entry(Struct, frozen=True):
    """One permit to be made, ready to be laid out."""

    number: int
    service: str
    """`TCP 445`, `ICMP echo request (type 8, code 0)`."""
    source_roles: str
    sources: tuple[str, ...]
    """Networks with their prefix length; so are `destinations`."""
    destination_roles: str
    destinations: tuple[str, ...]
    family: str
    protocol: str
    source_ports: str
    """Empty for ICMP."""
    destination_ports: str
    icmp: str
    """Type and code, `8/0`; empty for other protocols."""
    direction: str
    answers: str
    needed: str
    """How surely it is needed."""
    port_choice: str
    through: tuple[str, ...]
    methods: tuple[str, ...]
    requirements: tuple[str, ...]
    why: tuple[str, ...]
    references: tuple[str, ...]
    notes: tuple[str, ...]
    assumed: tuple[str, ...]
    """`setting value`."""


def entries(request: PortRequest, words: Words) -> list[Entry]:
    """Put every flow into words, numbered from 1."""
    return [_entry(request, flow, number, words) for number, flow in enumerate(request.flows, 1)]


def _entry(request: PortRequest, flow: Flow, number: int, words: Words) -> Entry:
    box, icmp = flow.box, is_icmp(flow.box.protocol)
    sources, destinations = (roles(request, names, words) for names in (flow.sources, flow.destinations))
    methods = {each.id: words.of(each.title) for each in request.pack.methods}
    return Entry(
        number, service(flow, words), sources, cidrs(box.family, box.sources), destinations,
        cidrs(box.family, box.destinations), f"IPv{box.family.value}", PROTOCOLS[box.protocol],
        "" if icmp else _ports(box.source_ports, words), "" if icmp else _ports(box.destination_ports, words),
        f"{box.source_ports.lowest}/{box.destination_ports.lowest}" if icmp else "",
        words("the first packet goes from {source} to {destination}", source=sources,
              destination=destinations),
        _answers(flow, words), _needed(flow, words), _port_choice(flow, words), flow.through,
        tuple(methods[each] for each in flow.methods), tuple(each.id for each in flow.requirements),
        tuple(dict.fromkeys(words.of(each.why).strip() for each in flow.requirements)),
        tuple(dict.fromkeys(cited(each.citation, words) for each in flow.requirements)),
        _notes(flow, words),
        tuple(f"{name} {request.assumed[name]}" for name in flow.assumed))


def roles(request: PortRequest, names: tuple[str, ...], words: Words) -> str:
    """Write the titles of roles."""
    return ", ".join(words.of(request.role(name).title) for name in names)


def cidrs(family: Family, numbers: IntervalSet) -> tuple[str, ...]:
    """Write addresses as networks, single hosts too: `10.1.1.10/32`."""
    return tuple(f"{address}/{length}" for address, length in networks(family, numbers.ranges))


def service(flow: Flow, words: Words) -> str:
    """Write the service of a flow, in full."""
    box = flow.box
    name = PROTOCOLS[box.protocol]
    if is_icmp(box.protocol):
        kind, code = box.source_ports.lowest, box.destination_ports.lowest
        return words("{protocol} {name} (type {kind}, code {code})", protocol=name,
                     name=words.sentence(icmp_kind(box.protocol, kind)), kind=kind, code=code)
    return f"{name} {_ports(box.destination_ports, words)}"


def _ports(numbers: IntervalSet, words: Words) -> str:
    return words("any") if numbers == ANY_PORT else ports(numbers, len(numbers.ranges), words)


def _answers(flow: Flow, words: Words) -> str:
    back = flow.answers
    if is_icmp(back.protocol):
        return words("the {protocol} echo reply (type {kind}, code 0) has to come back: let the firewall "
                     "follow ICMP (Cisco ASA: inspect icmp), or permit it the other way",
                     protocol=PROTOCOLS[back.protocol], kind=back.source_ports.lowest)
    if back.protocol == TCP:
        return words("stateful: they pass with the session. A filter without state also needs TCP from port "
                     "{ports} back to any port, for established connections only",
                     ports=_ports(back.source_ports, words))
    return words("stateful: they pass with the session. A filter without state also needs UDP from port "
                 "{ports} back to any port", ports=_ports(back.source_ports, words))


def _needed(flow: Flow, words: Words) -> str:
    if flow.severity == "warning":
        return words("optional: no method fails by it")
    return words("required")


def _port_choice(flow: Flow, words: Words) -> str:
    if is_icmp(flow.box.protocol):
        return words("no port")
    if not flow.settings:
        return words("fixed, no other port is possible")
    names = ", ".join(flow.settings)
    if flow.port_may_change:
        return words("this site's choice (setting {names}); another port may be agreed on", names=names)
    return words("follows from this site's settings ({names})", names=names)


def _notes(flow: Flow, words: Words) -> tuple[str, ...]:
    notes = [words.quoted(each.citation.note) for each in flow.requirements if each.citation.note]
    if flow.path.unordered:
        notes.append(words.sentence(flow.path.doubt))
    if any(each.listener == "mapped-rpc" for each in flow.requirements):
        notes.append(" ".join((words(_RPC_RANGE), words(_RPC_FOLLOWED))))
    if any(each.listener == "rpc-server" for each in flow.requirements):
        notes.append(" ".join(_rpc_ports(flow, words)))
        notes.append(words("RPC carries addresses inside its data: between these computers nothing should "
                           "translate the address of the one that listens."))
    return tuple(dict.fromkeys(notes))


_RPC_RANGE = message("Windows picks one port of this range for each RPC service, so the range has to be open "
                     "as a whole.")
_RPC_FOLLOWED = message("A firewall that follows MS-RPC over TCP 135 (Cisco ASA from 9.4 on: inspect dcerpc) "
                        "opens the port by itself; iptables cannot.")


def _rpc_ports(flow: Flow, words: Words) -> Iterator[str]:
    yield words(_RPC_RANGE)
    if flow.settings:
        yield words("It can be made smaller on the clients: a range of their own for RPC (netsh int ipv4 set "
                    "dynamicport, or Ports under HKLM\\Software\\Microsoft\\Rpc\\Internet), or a fixed port "
                    "for WMI (winmgmt -standalonehost: TCP 24158); then set {names} and print this again.",
                    names=", ".join(flow.settings))
    yield words(_RPC_FOLLOWED)


def preamble(words: Words) -> tuple[str, ...]:
    """Write what holds for every entry."""
    return (
        words("Each entry is one permit. It names who sends the first packet of a connection, to whom, and "
              "to which port; nothing has to be opened in the other direction where the firewall keeps "
              "sessions."),
        words("Source ports are not fixed: permit any."),
        words("Addresses are those that the computers send from and dial. Where a firewall on the way "
              "translates them, enter what it sees."),
        words("Entries that are required belong together: with one of them closed, the methods that it names "
              "do not work."))


def overview(entry: Entry) -> str:
    """Write an entry on one line: which service, from whom to whom."""
    way = f"  ({' -> '.join(entry.through)})" if entry.through else ""
    return f"{entry.service}, {entry.family}: {entry.source_roles} -> {entry.destination_roles}{way}"


def heading(request: PortRequest, words: Words) -> dict[str, str]:
    """Write what the request is about: label to text."""
    methods = {each.id: words.of(each.title) for each in request.pack.methods}
    rows = {words("For"): words.of(request.pack.title),
            words("Methods"): ", ".join(methods[each] for each in request.assessed) or words("none"),
            words("Based on"): "; ".join(f"{words.quoted(each.page.edition)}, {each.page.url}"
                                         for each in request.pack.each),
            words("Pack"): pack_file(request.pack, words),
            words("Site file"): request.site_file}
    return {label: text for label, text in rows.items() if text}


def remarks(request: PortRequest, words: Words) -> list[tuple[str, tuple[str, ...]]]:
    """Write what the request assumes and what it leaves out: title and lines."""
    titles = {each.id: words.of(each.title) for each in request.pack.methods}
    found = [
        (words("Assumed by default"),
         tuple(f"{name} {value}" for name, value in request.assumed.items())),
        (words("Not requested: needed only under another condition"),
         tuple(f"{each.id}  {words.of(each.title)} ({condition(each.when, words)})"
               for each in (other.requirement for other in request.not_needed if not other.reason))),
        (words("Not requested: it passes no firewall"),
         tuple(f"{each.requirement.id}  {words.of(each.requirement.title)}: {words.sentence(each.reason)}"
               for each in request.not_needed if each.reason)),
        (words("Methods that this request is not for"),
         tuple(f"{titles[name]}: {words.sentence(reason)}" for name, reason in request.left_out.items()))]
    return [(title, lines) for title, lines in found if lines]

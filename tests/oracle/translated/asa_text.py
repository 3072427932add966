"""A policy as an ASA prints it, or as somebody typed it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random

from tests.oracle.plan import write
from tests.oracle.translated.asa_policy import (
    NETWORKS,
    OWN,
    Anybody,
    Block,
    Ends,
    Entry,
    Host,
    Itself,
    Member,
    Message,
    Named,
    Policy,
    Ports,
    Remark,
    Service,
    Span,
)


def text(policy: Policy, more: Sequence[str] = ()) -> str:
    """Write it and what comes after it, with the ends of lines that there are; it is no cut file."""
    end = Random(policy.seed).choice(("\n", "\n", " \n", "\r\n"))
    return end.join([*_lines(policy), *more, "timeout xlate 3:00:00"]) + end


def _lines(policy: Policy) -> Iterator[str]:
    yield from (f"ASA Version {policy.release}", "hostname judged")
    yield from (f"name {write(4, number)} {alias}" for number, alias in policy.aliases.items())
    for number, name in enumerate(NETWORKS):
        yield from _interface(policy, number, name)
    yield from (f"same-security-traffic permit {each}" for each in sorted(policy.options))
    words = _Words(policy.aliases)
    for name, literal in policy.objects.items():
        yield from (f"object network {name}", f" {words.alone(literal)}")
    for name, service in policy.services.items():
        yield from (f"object service {name}", f" service {_service(service)}")
    pick = Random(policy.seed)
    again: list[str] = []
    for group in _groups(policy, words):
        yield from group[:2]
        if len(group) > 2 and pick.random() < 0.3:
            again += [group[0], *group[2:]]  # opened once more: what is added is added
        else:
            yield from group[2:]
    yield from again
    for name, entries in policy.lists.items():
        yield from _list(pick, name, [words.entry(each) for each in entries], name in policy.out_of_order)
    yield from (f"access-group {name} {way} interface {interface}"
                for (interface, way), name in policy.bound.items())
    if policy.everywhere:
        yield f"access-group {policy.everywhere} global"


def _interface(policy: Policy, number: int, name: str) -> Iterator[str]:
    long = OWN[name][6]
    yield from (f"interface GigabitEthernet0/{number}", f" nameif {name}",
                f" security-level {policy.levels[name]}",
                f" ip address {write(4, OWN[name][4])} {write(4, 0xFFFF0000)}",
                f" ipv6 address {write(6, long)}/{NETWORKS[name][6].cidr.partition('/')[2]}", "!")


def _list(pick: Random, name: str, entries: list[str], shuffled: bool) -> Iterator[str]:
    order = list(range(len(entries)))
    if shuffled:
        pick.shuffle(order)
    written: list[int] = []
    for at in order:
        place = sum(each < at for each in written)
        line = f"line {place + 1} " if place < len(written) or (shuffled and pick.random() < 0.3) else ""
        written.append(at)
        entry = entries[at].removeprefix("extended ") if pick.random() < 0.1 else entries[at]
        yield f"access-list {name} {line}{entry}"


def _groups(policy: Policy, words: _Words) -> Iterator[list[str]]:
    """Yield the header and the members of each."""
    for name, members in policy.groups.items():
        yield [f"object-group network {name}", *(f" {words.member(each)}" for each in members)]
    for name, services in policy.service_groups.items():
        yield [f"object-group service {name}", *(
            f" {_inner(each)}" if isinstance(each, Named) else f" service-object {_service(each)}"
            for each in services)]
    for name, (protocol, ports) in policy.port_groups.items():
        yield [f"object-group service {name} {protocol}", *(
            f" {_inner(each)}" if isinstance(each, Named) else f" port-object {_ports(each)}"
            for each in ports)]
    for kind, word, groups in (("protocol", "protocol", policy.protocol_groups),
                               ("icmp-type", "icmp", policy.message_groups)):
        for name, numbers in groups.items():
            yield [f"object-group {kind} {name}", *(
                f" {_inner(each)}" if isinstance(each, Named) else f" {word}-object {each.word}"
                for each in numbers)]


def _inner(member: Named) -> str:
    """What is named inside a group of services."""
    return f"group-object {member.name}" if member.kind == "object-group" else \
        f"service-object object {member.name}"


class _Words:
    """How addresses are written where some have a name."""

    def __init__(self, aliases: Mapping[int, str]) -> None:
        self._aliases = aliases

    def _address(self, family: int, number: int) -> str:
        return self._aliases.get(number, "") or write(family, number)

    def _block(self, block: Block) -> str:
        if block.family == 6:
            return f"{write(6, block.base)}/{block.mask.bit_count()}"
        return f"{self._address(4, block.base)} {write(4, block.mask)}"

    def alone(self, literal: Host | Block | Span) -> str:
        """Inside an object."""
        match literal:
            case Host(family, number):
                return f"host {self._address(family, number)}"
            case Span(family, low, high):
                return f"range {write(family, low)} {write(family, high)}"
            case Block():
                return f"subnet {self._block(literal)}"

    def member(self, member: Member) -> str:
        """Inside a group."""
        match member:
            case Named("object-group", name):
                return f"group-object {name}"
            case Named(_, name):
                return f"network-object object {name}"
            case Block():
                return f"network-object {self._block(member)}"
            case Host() | Span():
                return f"network-object {self.alone(member)}"

    def ends(self, ends: Ends) -> str:
        """In a line of a list."""
        match ends:
            case Anybody(family):
                return f"any{family or ''}"
            case Itself(interface):
                return f"interface {interface}"
            case Named(kind, name):
                return f"{kind} {name}"
            case Block():
                return self._block(ends)
            case Host() | Span():
                return self.alone(ends)

    def entry(self, entry: Entry | Remark) -> str:
        """Everything behind the name of the list."""
        if isinstance(entry, Remark):
            return f"remark {entry.text}"
        service = entry.service
        words = [
            "extended", "permit" if entry.permit else "deny",
            f"{service.kind} {service.name}" if isinstance(service, Named) else service.protocol.word,
            self.ends(entry.source), _slot(entry.source_ports), self.ends(entry.destination),
            _slot(entry.destination_ports), _slot(entry.message), entry.tail,
            "inactive" if entry.inactive else ""]
        return " ".join(filter(None, words))


def _slot(value: Ports | Message | Named | None) -> str:
    match value:
        case None:
            return ""
        case Named(kind, name):
            return f"{kind} {name}"
        case Message(kind_of, code):
            return kind_of.word if code < 0 else f"{kind_of.word} {code}"
        case Ports():
            return _ports(value)


def _ports(ports: Ports) -> str:
    high = f" {ports.high.word}" if ports.operator == "range" else ""
    return f"{ports.operator} {ports.low.word}{high}"


def _service(service: Service) -> str:
    words = [service.protocol.word]
    words += [f"{side} {_ports(ports)}" for side, ports in (("source", service.source),
                                                            ("destination", service.destination)) if ports]
    return " ".join([*words, *filter(None, [_slot(service.message)])])

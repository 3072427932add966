"""A policy as rules of nftables: every group multiplied out, every operator as nft writes it, in order.

It knows the policy as plain data only. What decides is in the words of Cisco's guide: the list on the way in,
then the list for all interfaces, then nothing passes; without any of them the security levels; a list on the
way out must permit as well; interfaces of one level need the option. Of the last one other sources say that
a list which permits is enough (docs/decisions/0005): that is another world.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from tests.oracle.plan import write
from tests.oracle.translated.asa_policy import (
    DEVICES,
    OWN,
    Anybody,
    Block,
    Ends,
    Entry,
    Host,
    Itself,
    Message,
    Named,
    Number,
    Policy,
    Ports,
    Remark,
    Service,
    Span,
)

_KEYWORD = {4: "ip", 6: "ip6"}
_ICMP = {1: (4, "icmp"), 58: (6, "icmpv6")}
_OF_PORTS = {6: "tcp", 17: "udp"}


class _Test(NamedTuple):
    """A test in nft's words, and the family of packets that it speaks of; 0 for both."""

    family: int
    words: str


_ALWAYS = _Test(0, "")


def worlds(policy: Policy) -> tuple[str, str]:
    """Write the rulesets of both worlds."""
    return _rules(Translator(policy, need_option=False)), _rules(Translator(policy, need_option=True))


def _rules(translator: Translator) -> str:
    return table(translator.chains())


def table(chains: Iterable[Sequence[str]]) -> str:
    """Write chains that have no closing brackets yet as a ruleset."""
    return "table inet asa {\n" + "\n".join("\n".join([*chain, "}"]) for chain in chains) + "\n}\n"


class Translator:
    """Writes what filters, as chains without their closing brackets."""

    def __init__(self, policy: Policy, *, need_option: bool) -> None:
        self._policy = policy
        self._need_option = need_option

    def chains(self, first: Sequence[str] = ()) -> list[list[str]]:
        """All chains; what is `first` comes before any list."""
        found = [self._forward(first), self._leaving()]
        for interface in DEVICES:
            found += [self.arriving(interface), self.goes_out(interface)]
        return found

    def _forward(self, first: Sequence[str]) -> list[str]:
        jumps = [f'iifname "{device}" goto arriving_{name}' for name, device in DEVICES.items()]
        return ["chain forward {", "type filter hook forward priority 0; policy drop;", *first, *jumps]

    def _leaving(self) -> list[str]:
        outs = [f'oifname "{DEVICES[name]}" goto out_{name}'
                for name, way in self._policy.bound if way == "out"]
        return ["chain leaving {", *outs, "accept"]

    def arriving(self, interface: str) -> list[str]:
        """What decides about packets that come in there."""
        policy = self._policy
        lines = [f"chain arriving_{interface} {{"]
        bound = [each for each in (policy.bound.get((interface, "in")), policy.everywhere) if each]
        if self._need_option or not bound:
            lines += [f'oifname "{device}" drop' for other, device in DEVICES.items()
                      if policy.equal(interface, other)]
        for name in bound:
            lines += self.entries(name, "goto leaving")
        if not bound:
            lines += [f'oifname "{DEVICES[other]}" goto leaving' for other, level in policy.levels.items()
                      if level <= policy.levels[interface]]
        return [*lines, "drop"]

    def goes_out(self, interface: str) -> list[str]:
        """What decides about packets that go out there."""
        name = self._policy.bound.get((interface, "out"))
        return [f"chain out_{interface} {{", *(self.entries(name, "accept") if name else ()), "drop"]

    def entries(self, name: str, permitted: str, denied: str = "drop") -> list[str]:
        """The rules of a list, in order."""
        return [f"{words} {permitted if entry.permit else denied}" for entry in self._policy.lists[name]
                if not isinstance(entry, Remark) and not entry.inactive for words in self._entry(entry)]

    def _entry(self, entry: Entry) -> Iterator[str]:
        """Every combination of what an entry names."""
        for service in self._services(entry.service):
            sides = [self._ports(service.protocol.value, side, ports) for side, ports in (
                ("sport", entry.source_ports or service.source),
                ("dport", entry.destination_ports or service.destination))]
            message = entry.message or service.message
            tests = (self._ends("saddr", entry.source), self._ends("daddr", entry.destination),
                     [_protocol(service.protocol.value)], *sides,
                     self._messages(service.protocol.value, message))
            for combination in product(*tests):
                families = {test.family for test in combination} - {0}
                if len(families) < 2:
                    yield " ".join(test.words for test in combination if test.words)

    def _services(self, service: Service | Named) -> Iterator[Service]:
        """The services that are meant, each of one protocol."""
        if isinstance(service, Service):
            if service.protocol.value == -2:
                yield from (service._replace(protocol=Number(each, "")) for each in _OF_PORTS)
            else:
                yield service
        elif service.name in self._policy.protocol_groups:
            for each in self._policy.protocol_groups[service.name]:
                yield from self._services(each if isinstance(each, Named) else Service(each))
        else:
            named = self._policy.services.get(service.name)
            for inner in [named] if named else self._policy.service_groups[service.name]:
                yield from self._services(inner)

    def _ends(self, side: str, ends: Ends) -> list[_Test]:
        match ends:
            case Anybody(0):
                return [_ALWAYS]
            case Anybody(family):
                return [_Test(family, f"meta nfproto ipv{family}")]
            case Host(family, number):
                return [_Test(family, f"{_KEYWORD[family]} {side} {write(family, number)}")]
            case Span(family, low, high):
                between = f"{write(family, low)}-{write(family, high)}"
                return [_Test(family, f"{_KEYWORD[family]} {side} {between}")]
            case Block(family, _, 0):
                return [_Test(family, f"meta nfproto ipv{family}")]
            case Block(family, base, mask):
                return [_Test(family, f"{_KEYWORD[family]} {side} & {write(family, mask)} == "
                                      f"{write(family, base)}")]
            case Itself(interface):
                return [test for family, number in OWN[interface].items()
                        for test in self._ends(side, Host(family, number))]
            case Named("object", name):
                return self._ends(side, self._policy.objects[name])
            case Named(_, name):
                return [test for each in self._policy.groups[name] for test in self._ends(side, each)]

    def _ports(self, protocol: int, side: str, ports: Ports | Named | None) -> list[_Test]:
        match ports:
            case None:
                return [_ALWAYS]
            case Named(_, name):
                return [test for each in self._policy.port_groups[name][1]
                        for test in self._ports(protocol, side, each)]
            case Ports("neq", low, _):  # nft 1.0.6 takes two negations in a row for "not both"
                signs = ("<",) * (low.value > 0) + (">",) * (low.value < 65535)
                return [_Test(0, f"{_OF_PORTS[protocol]} {side} {sign} {low.value}") for sign in signs]
            case Ports(operator, low, high):
                sign = {"eq": "", "lt": "< ", "gt": "> ", "range": ""}[operator]
                upper = f"-{high.value}" if operator == "range" and high.value != low.value else ""
                return [_Test(0, f"{_OF_PORTS[protocol]} {side} {sign}{low.value}{upper}")]

    def _messages(self, protocol: int, message: Message | Named | None) -> list[_Test]:
        match message:
            case None:
                return [_ALWAYS]
            case Named(_, name):
                return [test for each in self._policy.message_groups[name] for test in self._messages(
                    protocol, each if isinstance(each, Named) else Message(each))]
            case Message(kind, code):
                family, word = _ICMP[protocol]
                more = f" {word} code {code}" if code >= 0 else ""
                return [_Test(family, f"{word} type {kind.value}{more}")]


def _protocol(number: int) -> _Test:
    return _ALWAYS if number < 0 else _Test(0, f"meta l4proto {number}")

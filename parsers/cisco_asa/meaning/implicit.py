"""What decides besides the access lists, as chains of rules with open conditions (docs/decisions/0003).

Their names are in parentheses and hold a blank, which no access list's name can.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from aclproof.parsers.cisco_asa.meaning import untranslated
from aclproof.parsers.cisco_asa.meaning.alternatives import ANY_SERVICES, unread
from aclproof.parsers.cisco_asa.meaning.bindings import Bindings
from aclproof.parsers.cisco_asa.meaning.nat import Nat
from aclproof.parsers.cisco_asa.text.reader import Reader
from aclproof.parsers.model.addresses import ANY
from aclproof.parsers.model.conditions import Condition, ForListener, IsReply, Opaque
from aclproof.parsers.model.firewall import Binding, Direction, Firewall, Inspection, Interface
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.model.rules import Action, Chain, Rule
from aclproof.parsers.model.services import ANY_PORT, ICMP, ICMP6, TCP, Service

_LOOSE = "(unread lines)"
"""Lines that could not be read and may belong to any list."""
_TRANSLATION = "(nat "
_MOST_LOOSE = 20
"""Each makes everything undecided; a few suffice."""


_SHOWN_BY = "show running-config access-group"


def bound(interface: str | None, direction: Direction) -> str:
    """The chain of lists that may be bound to an interface, or everywhere (None)."""
    return f"(bound {direction} {interface or 'global'})"


def perhaps(firewall: Firewall, entry: Interface, leave: Interface) -> tuple[str, ...]:
    """The chains of lists that may be bound on the way in or out."""
    names = (bound(None, "in"), bound(entry.name, "in"), bound(leave.name, "out"))
    return tuple(name for name in names if name in firewall.chains)


def inspect(interface: str | None) -> str:
    """The chain of what inspection lets through there (None: everywhere) before any list is evaluated."""
    return f"(inspect {interface or 'global'})"


def translation(entry: str, leave: str) -> str:
    """The chain of what address translation leaves open between two interfaces."""
    return f"{_TRANSLATION}{entry} {leave})"


def pool(entry: str, leave: str) -> str:
    """The chain of hosts that have no address to leave with between two interfaces."""
    return f"(pool {entry} {leave})"


def users(interface: str) -> str:
    """The chain of users' own lists, which may win over the interface's."""
    return f"(users {interface})"


def equals(interface: str, option: str) -> str:
    """The chain that decides whether an interface may talk to one of its own level."""
    return f"({option} {interface})"


def level(interface: str) -> str:
    """The chain of a security level that could not be read."""
    return f"(level {interface})"


def ahead(firewall: Firewall, entry: Interface, leave: Interface, *, translated: bool) -> tuple[str, ...]:
    """The chains that every filter between two interfaces evaluates before its lists."""
    names = (_LOOSE, "" if translated else translation(entry.name, leave.name),
             "" if translated else pool(entry.name, leave.name), inspect(None), inspect(entry.name),
             inspect(leave.name))
    return tuple(name for name in dict.fromkeys(names) if name in firewall.chains)


def nowhere(firewall: Firewall) -> tuple[str, ...]:
    """The same for a list that is bound nowhere in the file: any two interfaces may be meant."""
    return tuple(name for name in firewall.chains
                 if name in (_LOOSE, inspect(None)) or name.startswith(_TRANSLATION))


def chains(reader: Reader, interfaces: Sequence[Interface], bindings: Bindings,
           inspected: Iterable[Inspection], translations: Sequence[Nat],
           lists: Mapping[str, Chain]) -> Iterator[Chain]:
    """Build them all."""
    yield Chain(_LOOSE, [rule for line in reader.loose[:_MOST_LOOSE]
                         for rule in unread([], line, Reason("it may be a damaged rule of any list"))],
                synthetic=True)
    yield from _translations(interfaces, translations)
    newer = reader.platform == "ASA" and (reader.version or (0, 0)) >= _DCOM_SINCE
    yield from _inspections(inspected, _dcerpc(newer, reader.version))
    yield from _perhaps_bound(bindings.perhaps, lists)
    for binding in bindings.certain:
        if binding.conditional and binding.interface:
            yield Chain(users(binding.interface), unread([], binding.line, binding.conditional),
                        synthetic=True)
    for interface in interfaces:
        yield from _levels(interface)


def _translations(interfaces: Sequence[Interface], translations: Sequence[Nat]) -> Iterator[Chain]:
    """What translation leaves open between each two interfaces."""
    effects = untranslated.effects(translations)
    for entry, leave in product(interfaces, repeat=2):
        rules = untranslated.between(effects, entry.name, leave.name)
        if rules:
            yield Chain(translation(entry.name, leave.name), rules, synthetic=True)
        down = (entry.level or 0) > (leave.level or 0)
        lacking = untranslated.without_pool(translations, entry.name, leave.name) if down else []
        if lacking:
            yield Chain(pool(entry.name, leave.name), lacking, synthetic=True)


def _perhaps_bound(bindings: Iterable[Binding], lists: Mapping[str, Chain]) -> Iterator[Chain]:
    """Lists that may be bound somewhere: then they decide there, instead of what else does."""
    jumps: dict[str, list[Rule]] = {}
    for binding in bindings:
        way = binding.direction
        target = f"(access-list {way} {binding.chain})"
        yield Chain(target, _as_filter(lists[binding.chain].rules, binding), synthetic=True)
        where = binding.interface or "global"
        question = Reason("whether access-list {name} filters what goes {way} at {interface}: line {line} "
                          "may bind it there", name=binding.chain, way=way, interface=where,
                          line=binding.line)
        doubt = Opaque(f"access-group {binding.chain} {way} {where}", question, find_out=_SHOWN_BY)
        jumps.setdefault(bound(binding.interface, way), []).append(
            Rule(Action.JUMP, ANY, ANY, ANY_SERVICES, binding.line, (doubt,), target=target))
    yield from (Chain(name, rules, synthetic=True) for name, rules in jumps.items())


def _as_filter(rules: Sequence[Rule], binding: Binding) -> list[Rule]:
    """A list with its end; on the way out what it permits has still to pass the rest."""
    if binding.direction == "out":
        rules = [rule._replace(action=Action.RETURN) if rule.action is Action.PERMIT else rule
                 for rule in rules]
    return [*rules, Rule(Action.DENY, ANY, ANY, ANY_SERVICES, binding.line)]


def _levels(interface: Interface) -> Iterator[Chain]:
    """What its security level leaves open at an interface."""
    if interface.level is None:
        reason = Reason("its security level could not be read")
        yield Chain(level(interface.name), unread([], interface.line, reason), synthetic=True)
    for option in ("inter-interface", "intra-interface"):
        reason = Reason("whether traffic between equal security levels passes: {name} has level "
                        "{level}, and 'same-security-traffic permit {option}' is not in the file",
                        name=interface.name, level=interface.level, option=option)
        unresolved = (Opaque(f"same-security-traffic {option}", reason),)
        yield Chain(equals(interface.name, option),
                    [Rule(Action.PERMIT, ANY, ANY, ANY_SERVICES, interface.line, unresolved)], synthetic=True)


_DCOM_SINCE = (9, 4)
"""The first release whose guide says that `inspect dcerpc` reads RemoteCreateInstance, by which WMI is
activated; up to 9.1 the guides say that RPC besides the endpoint mapper's own messages is not supported."""


def _dcerpc(newer: bool, version: tuple[int, int] | None) -> ForListener:
    if newer:
        return ForListener("rpc-server", "inspect dcerpc", Reason("relies on 'inspect dcerpc', which "
                                                                  "opens the port that RPC agrees on over "
                                                                  "TCP 135"), sure=True)
    reason = Reason("whether 'inspect dcerpc' opens the port that RPC agrees on: release {major}.{minor} "
                     "may miss WMI's activation, which ASA 9.4 and later read", major=version[0],
                     minor=version[1]) if version else \
        Reason("whether 'inspect dcerpc' opens the port that RPC agrees on: a release that the file does not "
               "name may miss WMI's activation, which ASA 9.4 and later read")
    return ForListener("rpc-server", "inspect dcerpc", reason)


def _inspections(inspected: Iterable[Inspection], dcerpc: ForListener) -> Iterator[Chain]:
    """Inspection as permits: echo replies of pings that went out, and RPC's dynamic ports."""
    rules: dict[str, list[Rule]] = {inspect(None): []}
    for inspection in inspected:
        protocol, line = inspection.protocol, inspection.line
        here = rules.setdefault(inspect(inspection.interface), [])
        unsure: tuple[Condition, ...] = () if inspection.certain else (
            Opaque(f"inspect {protocol}", Reason("whether the class of 'inspect {protocol}' covers it",
                                                 protocol=protocol)),)
        if protocol == "icmp":
            pairs = (_icmp(ICMP, 0), _icmp(ICMP6, 129))
            here.append(Rule(Action.PERMIT, ANY, ANY, pairs, line, (IsReply(), *unsure)))
        elif protocol == "dcerpc":
            dynamic = (Service(IntervalSet.of((TCP, TCP)), ANY_PORT, IntervalSet.of((1024, 65535))),)
            here.append(Rule(Action.PERMIT, ANY, ANY, dynamic, line, (dcerpc, *unsure)))
    return (Chain(name, found, synthetic=True) for name, found in rules.items())


def _icmp(protocol: int, kind: int) -> Service:
    return Service(IntervalSet.of((protocol, protocol)), IntervalSet.of((kind, kind)))

"""What decides besides the access lists, as chains of rules with open conditions (docs/decisions/0003).

Their names are in parentheses and hold a blank, which no access list's name can.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aclproof.parsers.cisco_asa.meaning import reverse_path
from aclproof.parsers.cisco_asa.meaning.alternatives import ANY_SERVICES, unread
from aclproof.parsers.cisco_asa.text.reader import Reader
from aclproof.parsers.model.addresses import ANY
from aclproof.parsers.model.conditions import Condition, ForListener, IsReply, Opaque
from aclproof.parsers.model.firewall import Binding, Firewall, Inspection, Interface, Translation
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.model.rules import Action, Chain, Rule
from aclproof.parsers.model.services import ANY_PORT, ICMP, ICMP6, TCP, Service

_LOOSE = "(unread lines)"
"""Lines that could not be read and may belong to any list."""
_MOST_LOOSE = 20
"""Each makes everything undecided; a few suffice."""


def inspect(interface: str | None) -> str:
    """The chain of what inspection lets through there (None: everywhere) before any list is evaluated."""
    return f"(inspect {interface or 'global'})"


def users(interface: str) -> str:
    """The chain of users' own lists, which may win over the interface's."""
    return f"(users {interface})"


def equals(interface: str, option: str) -> str:
    """The chain that decides whether an interface may talk to one of its own level."""
    return f"({option} {interface})"


def level(interface: str) -> str:
    """The chain of a security level that could not be read."""
    return f"(level {interface})"


def ahead(firewall: Firewall, entry: Interface, leave: Interface) -> tuple[str, ...]:
    """The chains that every filter between two interfaces evaluates before its lists."""
    names = (_LOOSE, inspect(None), inspect(entry.name), inspect(leave.name))
    return tuple(name for name in dict.fromkeys(names) if name in firewall.chains)


def nowhere(firewall: Firewall) -> tuple[str, ...]:
    """The same for a list that is bound nowhere in the file: any two interfaces may be meant."""
    return tuple(name for name in firewall.chains if name in (_LOOSE, inspect(None), reverse_path.ANYWHERE))


def chains(reader: Reader, interfaces: Sequence[Interface], bindings: Iterable[Binding],
           inspected: Iterable[Inspection], table: Iterable[Translation]) -> Iterator[Chain]:
    """Build them all."""
    yield Chain(_LOOSE, [rule for line in reader.loose[:_MOST_LOOSE]
                         for rule in unread([], line, Reason("it may be a damaged rule of any list"))],
                synthetic=True)
    yield from reverse_path.chains(table)
    newer = reader.platform == "ASA" and (reader.version or (0, 0)) >= _DCOM_SINCE
    yield from _inspections(inspected, _dcerpc(newer, reader.version))
    for binding in bindings:
        if binding.conditional and binding.interface:
            yield Chain(users(binding.interface), unread([], binding.line, binding.conditional),
                        synthetic=True)
    for interface in interfaces:
        yield from _levels(interface, equals_never_talk=pix6(reader))


def pix6(reader: Reader) -> bool:
    """Whether the file is from a release before 7.0: each packet needs a translation, equals never talk."""
    return reader.platform == "PIX" and (reader.version or (0, 0)) < (7, 0)


def _levels(interface: Interface, *, equals_never_talk: bool) -> Iterator[Chain]:
    """What its security level leaves open at an interface."""
    if interface.level is None:
        reason = Reason("its security level could not be read")
        yield Chain(level(interface.name), unread([], interface.line, reason), synthetic=True)
    for option in ("inter-interface", "intra-interface"):
        reason = Reason("whether traffic between equal security levels passes: {name} has level "
                        "{level}, and 'same-security-traffic permit {option}' is not in the file",
                        name=interface.name, level=interface.level, option=option)
        unresolved = (Opaque(f"same-security-traffic {option}", reason),)
        rules = [Rule(Action.PERMIT, ANY, ANY, ANY_SERVICES, interface.line, unresolved)]
        yield Chain(equals(interface.name, option), [] if equals_never_talk else rules, synthetic=True)


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

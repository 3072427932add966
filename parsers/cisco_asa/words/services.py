"""Service words: the same grammar in service objects, in groups and after the addresses of an ACE."""

from __future__ import annotations

from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.literals import OPERATORS
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.services import ANY_PORT, ANY_SERVICE, SCTP, TCP, UDP, Service, is_icmp
from aclproof.reason import Reason

TCP_UDP = (TCP, UDP)
"""What the word tcp-udp stands for."""

WITH_PORTS = frozenset({TCP, UDP, SCTP})
"""The protocols whose ports an ASA can distinguish."""


def service_words(words: list[str], *, terse: bool) -> tuple[Service, ...]:
    """Read `tcp source eq 1 destination range 2 9`, `icmp echo 0`, `47`, and where `terse` `tcp eq 443`."""
    if len(words) == 1 and words[0] in literals.ANY_PROTOCOL_WORDS:
        return (ANY_SERVICE,)
    protocols = TCP_UDP if words[0] == "tcp-udp" else (literals.protocol(words[0]),)
    rest = words[1:]
    if is_icmp(protocols[0]):
        return (icmp_service(protocols[0], rest),)
    if rest and not set(protocols) <= WITH_PORTS:
        raise LineError(Reason("{protocol} has no ports", protocol=words[0]))
    ends = {"source": ANY_PORT, "destination": ANY_PORT}
    seen: set[str] = set()
    while rest:
        end = "destination"  # ASA 8.0 to 8.2 wrote the destination port without the word
        if rest[0] in ends:
            end, rest = rest[0], rest[1:]
        elif not terse:
            raise LineError(Reason("expected source or destination, found '{word}'", word=rest[0]))
        count = arity(rest[0]) + 1
        if end in seen:
            raise LineError(Reason("a second condition on the {end} port", end=end))
        seen.add(end)
        ends[end] = port_set(rest[0], tuple(rest[1:count]), protocols)
        rest = rest[count:]
    return (Service(IntervalSet.of(*((n, n) for n in protocols)), ends["source"], ends["destination"]),)


def icmp_service(protocol: int, words: list[str]) -> Service:
    """Read `[type [code]]` after icmp or icmp6."""
    types, codes = literals.icmp_type(words[0], protocol) if words else (ANY_PORT, ANY_PORT)
    if len(words) > 1:
        code = literals.number(words[1], 255)
        if code is None or len(words) > 2:
            raise LineError(Reason("'{text}' is not an ICMP code", text=' '.join(words[1:])))
        codes = IntervalSet.of((code, code))
    return Service(IntervalSet.of((protocol, protocol)), types, codes)


def port_set(operator: str, values: tuple[str, ...], protocols: tuple[int, ...]) -> IntervalSet:
    """Read ports for one protocol or for tcp-udp, where a name of either counts."""
    if len(values) != OPERATORS.get(operator):
        raise LineError(Reason("'{operator}' needs {count} value(s)", operator=operator,
                               count=OPERATORS.get(operator, 1)))
    reason = LineError(Reason("'{operator}' is not a port operator", operator=operator))
    for protocol in protocols:
        try:
            return literals.ports(operator, values, protocol)
        except LineError as error:
            reason = error
    raise reason


def arity(operator: str) -> int:
    """Return how many values follow a port operator; LineError for another word."""
    if operator not in OPERATORS:
        raise LineError(Reason("'{operator}' is not a port operator (eq, neq, lt, gt, range)",
                               operator=operator))
    return OPERATORS[operator]

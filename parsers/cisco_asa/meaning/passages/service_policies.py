"""What service policies may stop: modules, engines on other traffic, inspection maps, limits, tcp-maps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from aclproof.parsers.cisco_asa.features.row import Doubt
from aclproof.parsers.cisco_asa.features.rows import policies as doubts
from aclproof.parsers.cisco_asa.features.rows.connections import LIMITED
from aclproof.parsers.cisco_asa.meaning.inspections import doubt_of, lines_of, map_named
from aclproof.parsers.cisco_asa.meaning.passages.passage import Passage, stopped
from aclproof.parsers.cisco_asa.meaning.policies import Line, Step
from aclproof.parsers.cisco_asa.text.sections import Section
from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.model.addresses import ANY, ANY6
from aclproof.parsers.model.conditions import ForListener
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import ANY_PORT, ICMP, ICMP6, SCTP, TCP, UDP, Service, common, service
from aclproof.reason import Reason

_MODULES = frozenset({"sfr", "cxsc", "ips", "csc"})
_DYNAMIC = (service(TCP, ANY_PORT, IntervalSet.of((1024, 65535))),)
_RPC_SERVERS = tuple(ForListener(listener, "", Reason("it listens for RPC"), sure=True)
                     for listener in ("rpc-server", "mapped-rpc"))
_NO_TCP_MAP = frozenset({"tcp-state-bypass", "sctp-state-bypass", "flow-offload"})
_WATCHES = frozenset({"monitor-only", "promiscuous"})
"""A module that only gets copies."""


def _tcp(*ports: int | tuple[int, int]) -> tuple[Service, ...]:
    return _of(TCP, *ports)


def _of(protocol: int, *ports: int | tuple[int, int]) -> tuple[Service, ...]:
    ranges = [each if isinstance(each, tuple) else (each, each) for each in ports]
    return (service(protocol, ANY_PORT, IntervalSet.of(*ranges)),)


_MODULE_SERVICES = {"csc": _tcp(21, 25, 80, 110)}
_HTTP = _tcp(80)
"""In the default inspection traffic; elsewhere the engine is given other ports on purpose."""
_WEB = _tcp(80, 443, (8000, 8999))
_ENGINES: Mapping[str, tuple[Service, ...]] = {
    # What each engine understands: its ports of the default inspection traffic (FW, default inspections),
    # and of HTTP the ports that it is commonly served on.
    "ctiqbe": _tcp(2748), "dcerpc": _tcp(135), "dns": (*_of(UDP, 53), *_tcp(53)), "esmtp": _tcp(25),
    "smtp": _tcp(25), "ftp": _tcp(21), "gtp": _of(UDP, 2123, 2152, 3386), "h323": (
        *_tcp(1720), *_of(UDP, (1718, 1719))), "http": _tcp(80, (8000, 8999)), "icmp": (
        service(ICMP), service(ICMP6)), "ils": _tcp(389), "ipsec-pass-thru": _of(UDP, 500),
    "mgcp": _of(UDP, 2427, 2727), "mmp": _tcp(5443), "netbios": _of(UDP, 137, 138), "pptp": _tcp(1723),
    "radius-accounting": _of(UDP, 1646, 1813), "rsh": _tcp(514), "rtsp": _tcp(554), "scansafe": _WEB,
    "sip": (*_tcp(5060), *_of(UDP, 5060)), "skinny": _tcp(2000), "snmp": _of(UDP, 161, 162),
    "sqlnet": _tcp(1521), "stun": (*_tcp(3478), *_of(UDP, 3478)), "sunrpc": (*_tcp(111), *_of(UDP, 111)),
    "tftp": _of(UDP, 69), "xdmcp": _of(UDP, 177), "diameter": (*_tcp(3868), service(SCTP)),
    "m3ua": (service(SCTP),)}
_ON_ALL = frozenset({"ip-options", "ipv6", "waas", "im", "lisp", "snort"})
"""Engines that look at every packet, whatever it carries."""


def passages(steps: Sequence[Step], services: Iterable[Line],
             maps: Mapping[str, Section], tcp_maps: Mapping[str, Section]) -> Iterator[Passage]:
    """What all policies in force may stop."""
    for words, line in services:
        if "fail-close" in words:
            yield Passage(stopped(doubts.FAIL_CLOSE, line, ANY6, ANY6))
    for step in steps:
        for rules in _of_step(step, maps, tcp_maps):
            yield from _at(step.interface, rules)


def _at(interface: str | None, rules: Sequence[Rule]) -> Iterator[Passage]:
    """A policy holds for what comes in by its interface and for what leaves by it."""
    if not rules:
        return
    yield Passage(rules, entry=interface)
    if interface is not None:
        yield Passage(rules, leave=interface)


def _of_step(step: Step, maps: Mapping[str, Section], tcp_maps: Mapping[str, Section]
             ) -> Iterator[list[Rule]]:
    match list(step.words):
        case ["inspect", "scansafe", *_]:
            yield _doubted(doubts.SCANSAFE, step, _WEB)
        case ["inspect", engine, *rest]:
            yield _other_traffic(step, engine)
            yield _on_dynamic_ports(step, engine)
            name = map_named(engine, rest)
            if (doubt := doubt_of(name, maps)) and engine in _ENGINES:
                own = _HTTP if engine == "http" and step.traffic.by_engine else _ENGINES[engine]
                yield _doubted(doubt, step, own, engine=engine, map=name)
        case ["set", "connection", *options]:
            yield from _settings(step, options, tcp_maps)
        case ["police", *rest] if ("conform-action", "drop") in pairwise(rest):
            yield _doubted(doubts.POLICED, step)
        case [module, *rest] if module in _MODULES and not _WATCHES & set(rest):
            yield _doubted(doubts.MODULE, step, _MODULE_SERVICES.get(module), module=module)
        case ["service-policy", name, *_]:
            yield _doubted(doubts.UNSHOWN_POLICY, step, policy=name)
        case _:
            return


def _doubted(doubt: Doubt, step: Step, services: tuple[Service, ...] | None = None,
             **said: object) -> list[Rule]:
    """The doubt for the packets of the step's class, or for those of them that have some services."""
    return _in_class(step, services, lambda rule: stopped(
        doubt, step.line, rule.sources, rule.destinations, rule.services, conditions=rule.conditions, **said))


def _in_class(step: Step, services: tuple[Service, ...] | None,
              made: Callable[[Rule], Sequence[Rule]]) -> list[Rule]:
    found: list[Rule] = []
    for rule in step.traffic.rules:
        if rule.action is Action.RETURN:
            found.append(rule._replace(line=step.line))
            continue
        kept = rule.services if services is None else tuple(common(rule.services, services))
        if kept:
            found += made(rule._replace(services=kept))
    return found


def _other_traffic(step: Step, engine: str) -> list[Rule]:
    """What is in the class, and is not on the engine's own ports."""
    if step.traffic.by_engine or engine in _ON_ALL:
        return []
    own = Rule(Action.RETURN, ANY, ANY, _ENGINES.get(engine, ()), step.line)
    return [own, *_doubted(doubts.OTHER_TRAFFIC, step, engine=engine)]


def _on_dynamic_ports(step: Step, engine: str) -> list[Rule]:
    """An RPC server on a port of the engine is taken for something else."""
    services = tuple(common(_ENGINES.get(engine, ()), _DYNAMIC)) if step.traffic.by_engine else ()
    if engine == "dcerpc" or not services:
        return []
    return [Rule(Action.DENY, ANY, ANY, services, step.line, (server, doubts.ON_DYNAMIC_PORT.opaque()))
            for server in _RPC_SERVERS]


def _settings(step: Step, options: Sequence[str], tcp_maps: Mapping[str, Section]) -> Iterator[list[Rule]]:
    for word, value in pairwise(options):
        if word in ("conn-max", "per-client-max") and literals.number(value, 2**31) != 0:
            yield _doubted(LIMITED, step, line=step.line, limit=_limit(step))
        elif word == "advanced-options" and value not in _NO_TCP_MAP:
            doubt = _of_tcp_map(tcp_maps[value]) if value in tcp_maps else doubts.UNSHOWN_TCP_MAP
            if doubt:
                yield _doubted(doubt, step, (service(TCP),), map=value)


def _limit(step: Step) -> str:
    """The limit in the file's words, which another file's line of that number does not have."""
    matches = ", ".join(step.traffic.matches)
    where = (f" of {matches}" if matches else "") + (f" at {step.interface}" if step.interface else "")
    return " ".join(step.words) + where


def _of_tcp_map(section: Section) -> Doubt | None:
    """What a tcp-map drops: options that every Windows sends, something else, or nothing."""
    found: Doubt | None = None
    for child in lines_of(section):
        if "drop" not in child.words and "drop-connection" not in child.words:
            continue
        if child.words[0] == "tcp-options" and _common_option(child.words[1:]):
            return doubts.TCP_OPTIONS
        found = doubts.TCP_MAP
    return found


def _common_option(words: Sequence[str]) -> bool:
    """The segment size is option 2, window scale 3, selective acknowledgement 4 and 5."""
    match list(words):
        case ["mss" | "selective-ack" | "window-scale", *_]:
            return True
        case ["range", low, high, *_]:
            first, last = literals.number(low, 255), literals.number(high, 255)
            return first is None or last is None or (first <= 5 and last >= 2)
        case _:
            return False

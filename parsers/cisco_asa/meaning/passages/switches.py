"""Single commands that may stop packets: protection, logging, caches, commits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from aclproof.parsers.cisco_asa.features.rows import connections as doubts
from aclproof.parsers.cisco_asa.features.rows import vpn
from aclproof.parsers.cisco_asa.meaning.alternatives import ANY_SERVICES
from aclproof.parsers.cisco_asa.meaning.passages.passage import Passage, stopped
from aclproof.parsers.cisco_asa.text.sections import Section
from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.objects import Objects
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model.addresses import ANY, NOWHERE, AddressSet
from aclproof.parsers.model.conditions import IsReply, Opaque
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.rules import Action, Chain, Rule
from aclproof.parsers.model.services import ANY_PORT, ICMP, TCP, service
from aclproof.reason import Reason

Line = tuple[list[str], int]
Lines = Mapping[str, Sequence[Line]]
"""Single-line commands by their first word."""
_NEW = (IsReply(negated=True),)
_ECHO, _ECHO_REPLY = 8, 0
_MOST_MATCHES = 10_000
"""Of groups, by one packet: more are dropped (syslog 815002)."""
_WEB_CACHE = (service(TCP, ANY_PORT, IntervalSet.of((80, 80))),)


def passages(lines: Lines, sections: Sequence[Section], lists: Mapping[str, Chain],
             objects: Objects) -> Iterator[Passage]:
    """What all of them may stop."""
    yield from _shuns(lines, objects)
    yield from _botnets(lines, sections, lists, objects)
    yield from _logging(lines.get("logging", ()))
    yield from _caches(lines.get("wccp", ()), lists)
    yield from _audit(lines.get("ip", ()))
    for words, line in lines.get("object-group-search", ()):
        groups = sum(each.kind == "network" and each.word == "object-group"
                     for each in objects.definitions.values())
        if words[1:2] == ["access-control"] and groups * groups > _MOST_MATCHES:
            yield Passage(stopped(doubts.BIG_GROUPS, line))
    for words, line in lines.get("vpnclient", ()):
        if words[1:] == ["enable"]:
            yield Passage(stopped(vpn.CALLING, line))
    for command in ("arp-inspection", "mac-learn"):
        for words, line in lines.get(command, ()):
            if len(words) > 2 and words[2] == ("enable" if command == "arp-inspection" else "disable"):
                rules = stopped(doubts.ARP, line, command=command, interface=words[1])
                yield Passage(rules, entry=words[1])
                yield Passage(rules, leave=words[1])
    for words, line in lines.get("access-list mode", ()):
        if words[-1] == "manual-commit":
            yield Passage(_uncommitted(line))


def _botnets(lines: Lines, sections: Sequence[Section], lists: Mapping[str, Chain],
             objects: Objects) -> Iterator[Passage]:
    if "dynamic-filter" in lines:
        from aclproof.parsers.cisco_asa.meaning.passages import botnet

        yield from botnet.passages(lines["dynamic-filter"], sections, lists, objects.names)


def _uncommitted(line: int) -> list[Rule]:
    others = Opaque("", Reason("which access lists are in force instead of those in the file"))
    committed = doubts.COMMITTED.opaque()
    return [Rule(Action.RETURN, ANY, ANY, ANY_SERVICES, line, (committed,)),
            *(Rule(action, ANY, ANY, ANY_SERVICES, line, (others,)) for action in
              (Action.DENY, Action.PERMIT))]


def _shuns(lines: Lines, objects: Objects) -> Iterator[Passage]:
    for words, line in lines.get("shun", ()):
        try:
            sources = literals.host(words[1], objects.names)
        except (LineError, IndexError):
            sources = ANY
        yield Passage([Rule(Action.DENY, sources, ANY, ANY_SERVICES, line)])
    scanning = [each for each in lines.get("threat-detection", ()) if each[0][1:2] == ["scanning-threat"]]
    spared = NOWHERE
    for words, _ in scanning:
        spared |= _excepted(words, objects)
    for words, line in scanning:
        if words[2:3] == ["shun"]:
            yield Passage(stopped(doubts.SHUNNED, line, ANY - spared, conditions=_NEW))
            return


def _excepted(words: Sequence[str], objects: Objects) -> AddressSet:
    """`... shun except ip-address A M`, or `except object-group NAME`."""
    match list(words[2:]):
        case ["shun", "except", "ip-address", address, mask, *_]:
            try:
                return literals.network(address, mask, objects.names)
            except LineError:
                return NOWHERE
        case ["shun", "except", "object-group", name, *_]:
            found = objects.network(name)
            return NOWHERE if found.opens else found.known
        case _:
            return NOWHERE


def _logging(lines: Iterable[Line]) -> Iterator[Passage]:
    said = {tuple(words[1:]): line for words, line in lines}
    if (("enable",) not in said and ("on",) not in said) or ("permit-hostdown",) in said:
        return
    for words, line in said.items():
        if words[:1] == ("host",) and any(word.startswith(("tcp/", "6/")) for word in words[3:]):
            yield Passage(stopped(doubts.SYSLOG, line, conditions=_NEW, host=words[2]))


def _caches(lines: Sequence[Line], lists: Mapping[str, Chain]) -> Iterator[Passage]:
    """`wccp SERVICE [redirect-list LIST]`, in force by `wccp interface IF SERVICE redirect in`."""
    chosen = {words[1]: words[words.index("redirect-list") + 1] for words, _ in lines
              if "redirect-list" in words[:-1]}
    for words, line in lines:
        if "redirect" not in words[4:]:
            continue
        interface, which = words[2], words[3]
        services = _WEB_CACHE if which == "web-cache" else (service(TCP),)
        chain = lists.get(chosen.get(which, ""))
        rules: list[Rule] = []
        for rule in chain.rules if chain else ():
            if rule.action is Action.PERMIT:
                rules += stopped(doubts.REDIRECTED, line, rule.sources, rule.destinations, rule.services,
                                 conditions=rule.conditions, service=which)
            elif rule.enabled:
                rules.append(rule._replace(action=Action.RETURN))
        yield Passage(rules or stopped(doubts.REDIRECTED, line, services=services, service=which),
                      entry=interface)


def _audit(lines: Sequence[Line]) -> Iterator[Passage]:
    """Echo and echo reply are signatures of the kind 'info': a policy that drops these stops pings."""
    actions: dict[str, bool] = {}
    places: list[tuple[str, str, int]] = []
    off: set[str] = set()
    by_default = any(words[1:4] == ["audit", "info", "action"] and _drops(words) for words, _ in lines)
    for words, line in lines:
        match words[1:]:
            case ["audit", "name", name, "info", *what]:
                actions[name] = _drops(what) if "action" in what else by_default
            case ["audit", "interface", interface, name]:
                places.append((interface, name, line))
            case ["audit", "signature", number, "disable"]:
                off.add(number)
            case _:
                continue
    kinds = [kind for kind, number in ((_ECHO, "2004"), (_ECHO_REPLY, "2000")) if number not in off]
    pings = tuple(service(ICMP, IntervalSet.of((kind, kind))) for kind in kinds)
    for interface, name, line in places:
        if actions.get(name) and pings:
            yield Passage([Rule(Action.DENY, ANY, ANY, pings, line)], entry=interface)


def _drops(words: Sequence[str]) -> bool:
    return "drop" in words or "reset" in words

"""Cut-through proxy: what a line of `aaa` matches passes only after somebody has logged in.

`aaa authentication|authorization match LIST IF SERVER`, or `include SERVICE IF INSIDE MASK [OUTSIDE MASK]
SERVER` with `exclude` for what is exempt (Cisco TAC 113363).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from aclproof.parsers.cisco_asa.features.rows.connections import LOGGED_IN
from aclproof.parsers.cisco_asa.meaning.alternatives import ANY_SERVICES
from aclproof.parsers.cisco_asa.meaning.passages.passage import Passage, stopped
from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model.addresses import ANY, ANY4
from aclproof.parsers.model.conditions import IsReply
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.rules import Action, Chain, Rule
from aclproof.parsers.model.services import ANY_PORT, ICMP, TCP, Service, service

Line = tuple[list[str], int]
_NEW = (IsReply(negated=True),)
_PORTS = {"http": 80, "https": 443, "ftp": 21, "telnet": 23, "ssh": 22}


def passages(lines: Iterable[Line], lists: Mapping[str, Chain],
             names: Mapping[str, str]) -> Iterator[Passage]:
    """Read the `aaa` lines of a file."""
    included: dict[tuple[str, str], list[Rule]] = {}
    for words, number in lines:
        match words[1:]:
            case ["authentication" | "authorization", "match", name, interface, *_]:
                yield Passage(_of_list(lists.get(name), number), entry=interface)
            case ["authentication" | "authorization" as what, "include" | "exclude" as kind, *rest]:
                rules = _of_words(rest, number, names, excluded=kind == "exclude")
                here = included.setdefault((what, rest[1] if len(rest) > 1 else ""), [])
                here[:] = [*rules, *here] if kind == "exclude" else [*here, *rules]
            case _:
                continue
    for (_, interface), found in included.items():
        yield Passage(found, entry=interface or None)


def _of_list(chain: Chain | None, line: int) -> Sequence[Rule]:
    """What a list permits needs a login; a list that is not in the file may hold anything."""
    if chain is None:
        return stopped(LOGGED_IN, line, conditions=_NEW)
    rules: list[Rule] = []
    for rule in chain.rules:
        if rule.action is Action.PERMIT:
            rules += stopped(LOGGED_IN, line, rule.sources, rule.destinations, rule.services,
                             conditions=(*_NEW, *rule.conditions))
        elif rule.enabled:
            rules.append(rule._replace(action=Action.RETURN))
    return rules


def _of_words(words: Sequence[str], line: int, names: Mapping[str, str], *, excluded: bool) -> list[Rule]:
    """`SERVICE IF INSIDE MASK [OUTSIDE MASK]`: which of the two is the source depends on the interface."""
    try:
        services = _services(words[0])
        inside = literals.network(words[2], words[3], names)
        outside = literals.network(words[4], words[5], names) if len(words) > 6 else ANY4
    except (LineError, IndexError):
        if excluded:
            return []
        services, inside, outside = ANY_SERVICES, ANY, ANY
    found: list[Rule] = []
    for sources, destinations in dict.fromkeys(((inside, outside), (outside, inside))):
        if excluded:
            found.append(Rule(Action.RETURN, sources, destinations, services, line))
        else:
            found += stopped(LOGGED_IN, line, sources, destinations, services, conditions=_NEW)
    return found


def _services(word: str) -> tuple[Service, ...]:
    """`http`, `any`, `tcp/0`, `tcp/80-90`, `udp/53`, `icmp/8`, `6/443`: port 0 is every port."""
    if word in _PORTS:
        port = _PORTS[word]
        return (service(TCP, ANY_PORT, IntervalSet.of((port, port))),)
    if word == "any":
        return (service(TCP),)
    name, _, ports = word.partition("/")
    protocol = literals.protocol(name)
    first, _, last = ports.partition("-")
    low = literals.number(first, 65535)
    high = literals.number(last or first, 65535)
    if low is None or high is None:
        raise LineError
    if high == 0 and protocol != ICMP:
        return (service(protocol),)
    of_ports = IntervalSet.of((low, high))
    return (service(protocol, of_ports) if protocol == ICMP else service(protocol, ANY_PORT, of_ports),)

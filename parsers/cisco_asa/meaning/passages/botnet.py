"""`dynamic-filter drop blacklist [interface IF] [action-classify-list LIST] [threat-level LEVELS]`.

Addresses of the file's own list are dropped for sure, those of the downloaded one perhaps. The own ones are
of the level `very-high`; the list says among which connections (FW, Botnet Traffic Filter).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from aclproof.parsers.cisco_asa.features.rows.connections import BLACKLISTED
from aclproof.parsers.cisco_asa.meaning.alternatives import ANY_SERVICES
from aclproof.parsers.cisco_asa.meaning.passages.passage import Passage, stopped
from aclproof.parsers.cisco_asa.text.sections import Section
from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.model.addresses import ANY, NOWHERE, AddressSet
from aclproof.parsers.model.rules import Action, Chain, Rule
from aclproof.parsers.model.services import ICMP, Service


def passages(lines: Sequence[tuple[list[str], int]], sections: Iterable[Section], lists: Mapping[str, Chain],
             names: Mapping[str, str]) -> Iterator[Passage]:
    """What the lines drop, or may."""
    own = _own(sections, names)
    if not any(words[1:2] == ["enable"] for words, _ in lines):
        return
    for words, line in lines:
        if words[1:3] != ["drop", "blacklist"]:
            continue
        at = words[words.index("interface") + 1] if "interface" in words[:-1] else None
        rules, called = _dropped(words, line, own, lists)
        for found in rules:
            yield Passage(found, entry=at, called=called)
            if at:
                yield Passage(found, leave=at, called=called)


def _own(sections: Iterable[Section], names: Mapping[str, str]) -> AddressSet:
    """The addresses of the file's own list."""
    own = NOWHERE
    for section in sections:
        if section.words == ["dynamic-filter", "blacklist"]:
            for child in section.children:
                if child.words[0] == "address" and len(child.words) > 2:
                    own |= literals.network(child.words[1], child.words[2], names)
    return own


def _dropped(words: Sequence[str], line: int, own: AddressSet, lists: Mapping[str, Chain]
             ) -> tuple[list[Sequence[Rule]], dict[str, Sequence[Rule]]]:
    """The rules of one line, and the chains that they jump to."""
    perhaps = stopped(BLACKLISTED, line)
    sure = bool(own) and ("threat-level" not in words or "very-high" in words)
    ends = ((own, ANY), (ANY, own)) if sure else ()
    rules = [*(Rule(Action.DENY, *each, ANY_SERVICES, line) for each in ends), *perhaps]
    if "action-classify-list" not in words:
        return [rules], {}
    chain = lists.get("".join(words[words.index("action-classify-list"):][1:2]))
    if chain is None:
        return [perhaps], {}
    name, either_way = f"(black list of line {line})", f"(black list of line {line}, either way)"
    return ([_among(chain.rules, line, name), _among(map(_answering, chain.rules), line, either_way)],
            {name: rules, either_way: perhaps})


def _among(rules: Iterable[Rule], line: int, target: str) -> list[Rule]:
    """Send what a list permits to a chain."""
    return [rule._replace(action=Action.JUMP, line=line, target=target) if rule.action is Action.PERMIT
            else rule._replace(action=Action.RETURN, line=line) for rule in rules]


def _answering(rule: Rule) -> Rule:
    """The line for what answers: whether a list is held against that as well is not documented."""
    services = tuple(each if ICMP in each.protocols else Service(
        each.protocols, each.destination_ports, each.source_ports) for each in rule.services)
    return rule._replace(sources=rule.destinations, destinations=rule.sources, services=services)

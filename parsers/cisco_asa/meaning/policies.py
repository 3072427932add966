"""Service policies in force: what is done to which class of traffic, where.

A class may be narrowed by an access list: its entries then stay rules that hold the traffic (PERMIT) or
leave it out (RETURN).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from aclproof.parsers.cisco_asa.meaning.alternatives import ANY_SERVICES
from aclproof.parsers.cisco_asa.text.sections import Section
from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model.addresses import ANY
from aclproof.parsers.model.rules import Action, Chain, Rule
from aclproof.parsers.model.services import ANY_PORT, Service, service

Line = tuple[list[str], int]

DEFAULT_TRAFFIC = "match default-inspection-traffic"
"""The class that gives each engine its own ports, and nothing else."""


class Traffic(Struct, frozen=True):
    """The packets of a class."""

    matches: tuple[str, ...]
    rules: tuple[Rule, ...]
    """Which packets it holds, as permits; those that a RETURN matches first it does not."""

    @property
    def by_engine(self) -> bool:
        """Whether each engine gets the packets on its own ports only."""
        return DEFAULT_TRAFFIC in self.matches

    @property
    def whole(self) -> bool:
        """Whether it holds every packet."""
        return self.matches == ("match any",)


class Step(Struct, frozen=True):
    """One line of a policy that is in force: what is done to a class at an interface, None for all."""

    words: Sequence[str]
    line: int
    traffic: Traffic
    interface: str | None
    policy: int
    """Which `service-policy` puts it in force."""

    @property
    def unshown(self) -> bool:
        """Whether it stands for a whole policy that is not in the file: then it is the `service-policy`."""
        return self.words[0] == "service-policy"


def answers_alone(found: Iterable[Step]) -> Mapping[str, int]:
    """Say so of TCP where sessions are bypassed: the other way may be another firewall's, which then asks its
    lists of answers (ASA CLI guide, 'TCP State Bypass')."""
    lines = [each.line for each in found if "tcp-state-bypass" in each.words]
    return {"answers-alone": lines[0]} if lines else {}


def steps(sections: Iterable[Section], services: Iterable[Line], lists: Mapping[str, Chain]) -> list[Step]:
    """Read class-map, policy-map and `service-policy` lines together, in the order of the policies."""
    classes = {"class-default": Traffic(("match any",), _ALL)}
    policies: dict[str, list[tuple[str, Section]]] = {}
    for section in sections:
        words = section.words
        if words[:3] == ["class-map", "type", "management"]:
            classes[words[-1]] = Traffic((), ())  # what the box itself gets (FW, management class map)
        elif "type" in words[:2]:
            continue
        elif words[0] == "class-map":
            classes[words[-1]] = _traffic(section, lists)
        elif words[0] == "policy-map":
            policies[words[-1]] = _actions(section)
    found: list[Step] = []
    for number, (words, line) in enumerate(services):
        place = None if words[2:3] == ["global"] else (words[3] if words[2:3] == ["interface"] else "")
        name = "".join(words[1:2])
        if name not in policies:
            found.append(Step(words, line, Traffic((), _ALL), place, number))
        for class_name, action in policies.get(name, []):
            traffic = classes.get(class_name, Traffic((), _ALL))
            if traffic.rules:
                found.append(Step(action.words, action.line or line, traffic, place, number))
    return found


def maps(sections: Iterable[Section]) -> dict[str, Section]:
    """The sections of `policy-map type inspect ENGINE NAME` and `http-map NAME`, by name."""
    return {section.words[-1]: section for section in sections
            if section.words[0] == "http-map" or section.words[:2] == ["policy-map", "type"]}


_ALL = (Rule(Action.PERMIT, ANY, ANY, ANY_SERVICES, 1),)


def _actions(section: Section) -> list[tuple[str, Section]]:
    """The lines of a policy with their class, whether they are under it or next to it.

    A `no` takes those away that begin as it says.
    """
    class_name = ""
    found: list[tuple[str, Section]] = []
    for child in section.children:
        lines: Sequence[Section] = (child, *child.children)
        if child.words[0] == "class":
            class_name, lines = child.words[-1], child.children
        elif child.words[:2] == ["no", "class"]:
            found = [each for each in found if each[0] != child.words[-1]]
            continue
        for line in lines:
            taken = line.words[1:] if line.words[0] == "no" else []
            if taken:
                found = [(name, each) for name, each in found
                         if name != class_name or each.words[:len(taken)] != taken]
            else:
                found.append((class_name, line))
    return found


def _traffic(section: Section, lists: Mapping[str, Chain]) -> Traffic:
    """What the lines of a class hold; a class of what cannot be read may hold anything, and so may one of
    several ports or lists, which no device has."""
    lines = [child.text for child in section.children]
    matches = tuple(dict.fromkeys(line for line in lines if f"no {line}" not in lines))
    held: list[tuple[Rule, ...]] = []
    for match in matches:
        words = match.split()
        if words[:2] == ["match", "access-list"] and len(words) > 2:
            chain = lists.get(words[2])
            held.append(tuple(_in_class(chain)) if chain else _ALL)
        elif words[:2] == ["match", "port"]:
            held.append((Rule(Action.PERMIT, ANY, ANY, _ports(words[2:]), 1),))
    return Traffic(matches, held[0] if len(held) == 1 else _ALL)


def _in_class(chain: Chain) -> Iterator[Rule]:
    for rule in chain.rules:
        if rule.enabled:
            yield rule if rule.action is Action.PERMIT else rule._replace(action=Action.RETURN)


def _ports(words: Sequence[str]) -> tuple[Service, ...]:
    """`tcp eq 80`, `udp range 1 5`."""
    try:
        protocol = literals.protocol(words[0])
        return (service(protocol, ANY_PORT, literals.ports(words[1], tuple(words[2:]), protocol)),)
    except (LineError, IndexError):
        return ANY_SERVICES

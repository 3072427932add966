"""What a single interface does to packets besides its lists: forwarding, tags, encapsulation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations

from aclproof.parsers.cisco_asa.features.row import Doubt
from aclproof.parsers.cisco_asa.features.rows import ways
from aclproof.parsers.cisco_asa.meaning.alternatives import ANY_SERVICES
from aclproof.parsers.cisco_asa.meaning.hardware import hardware, joined, name_of, vlan
from aclproof.parsers.cisco_asa.meaning.passages.passage import Passage, stopped
from aclproof.parsers.cisco_asa.text.sections import Section
from aclproof.parsers.model.addresses import ANY, ANY4
from aclproof.parsers.model.conditions import IsReply
from aclproof.parsers.model.rules import Action, Rule

_DOUBTS: Mapping[str, Doubt] = {
    "nve-only": ways.ENCAPSULATED, "traffic-forward": ways.ENCAPSULATED, "inline-set": ways.ENCAPSULATED,
    "asr-group": ways.TWO_WAYS, "vrf": ways.SHARED}
_NEW = (IsReply(negated=True),)


def passages(sections: Sequence[Section], *, tagging: bool, context: bool) -> Iterator[Passage]:
    """Read the `interface` sections; `tagging` where the file has anything of security group tags.

    In a `context` the VLAN is said in the system space.
    """
    names = {hardware(section): name for section in sections if (name := name_of(section))}
    for section in sections:
        name = name_of(section)
        if not name:
            continue
        yield from _of_lines(section, name, names)
        if not context and "." in hardware(section) and not vlan(section):
            rules = stopped(ways.NO_VLAN, section.line, interface=section.words[1])
            yield Passage(rules, entry=name)
            yield Passage(rules, leave=name)
        manual = [child for child in section.children if child.words == ["cts", "manual"]]
        if tagging and not manual:
            yield Passage(stopped(ways.TAGGED, section.line, interface=name), entry=name)


def down(sections: Sequence[Section], shown: Mapping[str, int]) -> Iterator[Passage]:
    """Ask of interfaces whose links a capture shows to be down, by their hardware with the line."""
    for section in sections:
        name, line = name_of(section), shown.get(hardware(section))
        if name and line:
            rules = stopped(ways.LINK_DOWN, line, interface=name)
            yield from (Passage(rules, entry=name), Passage(rules, leave=name))


def between_groups(sections: Sequence[Section]) -> Iterator[Passage]:
    """In transparent mode bridge groups never talk to each other, nor does what is in none, where there are
    any (CLI8, transparent firewall)."""
    groups = {name: (child.words[1], child.line) for section in sections if (name := name_of(section))
              for child in section.children if child.words[0] == "bridge-group" and len(child.words) > 1}
    alone = [section for section in sections if groups and (name := name_of(section)) and name not in groups
             and not hardware(section).startswith("bvi")]
    for section in alone:
        deny = Rule(Action.DENY, ANY, ANY, ANY_SERVICES, section.line)
        yield from (Passage((deny,), entry=name_of(section)), Passage((deny,), leave=name_of(section)))
    for entry, leave in permutations(groups, 2):
        if groups[entry][0] != groups[leave][0]:
            deny = Rule(Action.DENY, ANY, ANY, ANY_SERVICES, groups[entry][1])
            yield Passage((deny,), entry=entry, leave=leave)


def without_address(sections: Sequence[Section], line: int) -> Iterator[Passage]:
    """In transparent mode IPv4 passes a bridge group only where its interface has an address (CLI8,
    transparent firewall; message 322004); `line` is where the mode is said."""
    addressed = {hardware(section).removeprefix("bvi") for section in sections for child in section.children
                 if child.words[:2] == ["ip", "address"]}
    addressed -= {hardware(section).removeprefix("bvi") for section in sections
                  if any(child.words[:3] == ["no", "ip", "address"] for child in section.children)}
    for section in sections:
        group = [child.words[1] for child in section.children if child.words[0] == "bridge-group"
                 and len(child.words) > 1]
        if (name := name_of(section)) and group and group[-1] not in addressed:
            deny = Rule(Action.DENY, ANY4, ANY4, ANY_SERVICES, line)
            yield from (Passage((deny,), entry=name), Passage((deny,), leave=name))


def _of_lines(section: Section, name: str, names: Mapping[str, str]) -> Iterator[Passage]:
    for child in section.children:
        words = child.words
        if words[:3] == ["no", "forward", "interface"] and len(words) > 3:
            other = names.get(joined(words[3:]))
            if other:
                deny = Rule(Action.DENY, ANY, ANY, ANY_SERVICES, child.line, _NEW)
                yield Passage((deny,), entry=name, leave=other)
        elif words[0] in _DOUBTS and words[-1] != "default":
            rules = stopped(_DOUBTS[words[0]], child.line, command=words[0], interface=name)
            yield Passage(rules, entry=name)
            yield Passage(rules, leave=name)

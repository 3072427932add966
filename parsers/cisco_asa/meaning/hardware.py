"""Which interfaces can pass anything at all: what they are part of, or made of, has to be up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from aclproof.parsers.cisco_asa.text.sections import Section
from aclproof.parsers.cisco_asa.words import literals

_LAST_VLAN = 4095
_NUMBER = re.compile(r"[\d/.]+")
_PORTS = tuple(f"ethernet0/{number}" for number in range(8))
"""All switch ports of an ASA 5505: where they are in the file, a VLAN has no others."""


def down(sections: Sequence[Section]) -> set[str]:
    """The hardware that is down, by its own line or by what it is part of or made of.

    A subinterface is down with its interface; a Port-channel, a Redundant interface, a bridge or a VLAN of
    switch ports when all its members in the file are, and a bridge without any as well. So is a Port-channel
    or Redundant interface without members beside others of its kind with some: else they may be in the system
    space or the chassis.
    """
    names = {hardware(section) for section in sections}
    names |= {name.partition(".")[0] for name in names}
    members = _members(sections)
    for kind in ("port-channel", "redundant"):
        if any(name.startswith(kind) for name in members):
            members |= {name: [] for name in names - members.keys()
                        if name.startswith(kind) and "." not in name}
    least = {hardware(section): number for section in sections if (number := _least(section))}
    off = {hardware(section) for section in sections if _shut(section)}
    while True:
        more = {name for name in names - off if _fails(name, members, off, least.get(name, 1))}
        if not more:
            return off
        off |= more


def hardware(section: Section) -> str:
    """The name of the hardware, however it is written: `Vlan1`, `vlan 1`."""
    return joined(section.words[1:])


def name_of(section: Section) -> str:
    """The name that an interface has for the policy; empty where it has none."""
    return (names(section) or [""])[0]


def names(section: Section) -> list[str]:
    """The names that a section gives its interface; `no nameif` takes them away."""
    found: dict[str, None] = {}
    for child in section.children:
        match child.words:
            case ["nameif", name]:
                found[name] = None
            case ["no", "nameif", *_]:
                found.clear()
            case _:
                pass
    return list(found)


def names_taken(section: Section) -> list[tuple[str, int]]:
    """The names that `no nameif` takes away, each with its line."""
    found: list[tuple[str, int]] = []
    name = ""
    for child in section.children:
        if child.words[:2] == ["no", "nameif"] and name:
            found.append((name, child.line))
            name = ""
        elif child.words[0] == "nameif":
            name = child.words[-1]
    return found


def has_ipv6(section: Section) -> bool:
    """Whether an interface takes part in IPv6: it has an address, or is told to make one."""
    said = [child.words for child in section.children]
    return any(words[0] == "ipv6" and words[1:2] in (["address"], ["enable"]) for words in said)


def vlan(section: Section) -> str:
    """The VLAN of a subinterface; empty where it has none."""
    said = [child.words for child in section.children if "vlan" in (child.words[0], child.words[-1])]
    return said[-1][-1] if said and said[-1][0] == "vlan" else ""


def name_is_lost(section: Section) -> bool:
    """Whether an interface has an address and no name: a device would print `no nameif`.

    The interface of a bridge needs none.
    """
    said = [child.words[:2] for child in section.children]
    named = any("nameif" in each for each in said)
    return not named and ["ip", "address"] in said and not _shut(section) and "bvi" not in hardware(section)


def joined(words: Sequence[str]) -> str:
    """A name of hardware in one word: its number may stand apart, and PIX 6 writes more after it."""
    apart = len(words) > 1 and _NUMBER.fullmatch(words[1])
    return "".join(words[:2] if apart else words[:1]).lower()


def _shut(section: Section) -> bool:
    said = [child.words[0] for child in (*said_by_header(section), *section.children)
            if "shutdown" in child.words]
    return bool(said) and said[-1] == "shutdown"


def said_by_header(section: Section) -> tuple[Section, ...]:
    """What PIX 6 says on the header, as a line of the section: `interface ethernet0 100full shutdown`."""
    if any(word.startswith("shut") for word in section.words[2:]):
        return (Section(section.line, " shutdown", ()),)
    return ()


def _least(section: Section) -> int | None:
    """How many members a Port-channel needs to be up, where it says so (GEN, EtherChannel)."""
    said = [child.words[2] for child in section.children
            if child.words[:2] == ["port-channel", "min-bundle"] and len(child.words) > 2]
    return literals.number(said[-1], _LAST_VLAN) if said else None


def _fails(name: str, members: Mapping[str, Sequence[str]], off: set[str], least: int) -> bool:
    parent, dot, _ = name.partition(".")
    ports = members.get(name, ())
    has_any = bool(ports) or name.startswith("bvi") or name in members
    return bool(dot and parent in off) or (has_any and sum(port not in off for port in ports) < least)


def _members(sections: Sequence[Section]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for section in sections:
        name = hardware(section)
        bridges = [child for child in section.children if child.words[0] == "bridge-group"]
        for child in section.children:
            if child in bridges[:-1]:  # an interface is in one bridge
                continue
            for owner in _owners(child.words):
                if name_of(section) or not owner.startswith("bvi"):  # without a name it passes nothing
                    found.setdefault(owner, []).append(name)
            if child.words[0] == "member-interface" and len(child.words) > 1:
                found.setdefault(name, []).append(joined(child.words[1:]))
    sections_of = {hardware(section): section for section in sections}
    if all(port in sections_of for port in _PORTS):
        return found | _vlans_of_ports([sections_of[port] for port in _PORTS], sections_of)
    found.pop("vlan1", None)  # the VLAN of every port that names none
    return found


def _vlans_of_ports(ports: Sequence[Section], names: Iterable[str]) -> dict[str, list[str]]:
    """The ports of every VLAN of a switch: each is in one, unless it is a trunk."""
    found: dict[str, list[str]] = {name: [] for name in names if name.startswith("vlan")}
    for port in ports:
        for vlan in _vlans_of(port):
            found.setdefault(vlan, []).append(hardware(port))
    return found


def _vlans_of(port: Section) -> Sequence[str]:
    said = [child.words for child in port.children]
    trunk = ["switchport", "mode", "trunk"] in said
    kind = ["switchport", "trunk"] if trunk else ["switchport", "access"]
    vlans = [vlan for words in said if words[:2] == kind for vlan in _owners(words)]
    return vlans or ([] if trunk else ["vlan1"])


def _owners(words: Sequence[str]) -> Iterator[str]:
    match words:
        case ["bridge-group", number, *_]:
            yield f"bvi{number}"
        case ["channel-group", number, *_]:
            yield f"port-channel{number}"
        case ["switchport", "access", "vlan", number]:
            yield f"vlan{number}"
        case ["switchport", "trunk", "allowed", "vlan", numbers]:
            for each in numbers.split(","):
                first, _, last = each.partition("-")
                low, high = literals.number(first, _LAST_VLAN), literals.number(last or first, _LAST_VLAN)
                yield from (f"vlan{vlan}" for vlan in range(low or 0, (high or 0) + 1))
        case _:
            return

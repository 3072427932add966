"""Rules of Windows that do nothing, against every packet in every profile: what blocks wins in any order.

What is computed here knows nothing of chains: a packet is blocked where any rule in force that matches blocks
it, allowed where any allows it, and else left to the profile's default.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from aclproof import parsers
from aclproof.linter.audit.tidying import Tidying, tidy
from aclproof.linter.fix.entering import Entered
from aclproof.linter.trace.tracer import trace_packet
from aclproof.parsers.model.addresses import ANY, AddressSet, Family
from aclproof.parsers.model.conditions import Context, Fact
from aclproof.parsers.model.firewall import Firewall, Transit
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.source import from_bytes

_LOCAL = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
_POLICY = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\WindowsFirewall"
_PROFILES = ("Domain", "Private", "Public")
_PROGRAMS = ("", r"C:\\a.exe", r"C:\\b.exe")
_BASE = 10 << 24
_ENDS = {"": range(4), "10.0.0.0/255.255.255.254": range(2), "10.0.0.2": range(2, 3), "LocalSubnet": ()}
"""Of what a rule may say about the other end which of four hosts it means; of LocalSubnet, nobody knows."""
_PORTS = {"": range(80, 84), "80-81": range(80, 82), "81": range(81, 82), "82": range(82, 83)}


class _Rule(NamedTuple):
    name: str
    store: str
    action: str
    active: bool
    profiles: Sequence[str]
    protocol: str
    ports: str
    ends: str
    program: str

    def line(self) -> str:
        pairs = [f"Action={self.action}", f"Active={str(self.active).upper()}", "Dir=In",
                 *([f"Protocol={self.protocol}"] if self.protocol else []),
                 *(f"Profile={each}" for each in self.profiles if len(self.profiles) < len(_PROFILES)),
                 *([f"LPort={self.ports}"] if self.ports.isdecimal() else
                   [f"LPort2_10={self.ports}"] if self.ports else []),
                 *([f"RA4={self.ends}"] if self.ends else []),
                 *([f"App={self.program}"] if self.program else []), f"Name={self.name}"]
        return f'"{self.name}"="v2.10|{"|".join(pairs)}|"'

    def is_in_force(self, merging: Sequence[str]) -> bool:
        return self.active and any(self.store == "policy" or each in merging for each in self.profiles)

    def matches(self, packet: _Packet, merging: Sequence[str]) -> bool:
        return (self.active and packet.profile in self.profiles
                and (self.store == "policy" or packet.profile in merging)
                and self.protocol in ("", packet.protocol) and packet.port in _PORTS[self.ports]
                and (packet.near if self.ends == "LocalSubnet" else packet.host in _ENDS[self.ends])
                and self.program in ("", packet.program))


class _Packet(NamedTuple):
    profile: str
    protocol: str
    port: int
    host: int
    near: bool
    """Whether the other end is in the subnet of this computer."""
    program: str


_PACKETS = [_Packet(*each) for each in product(
    _PROFILES, ("6", "17", "47"), range(80, 84), range(4), (True, False), ("other", *_PROGRAMS[1:]))]


def _verdict(rules: Sequence[_Rule], packet: _Packet, merging: Sequence[str]) -> str:
    actions = {each.action for each in rules if each.matches(packet, merging)}
    return "Block" if "Block" in actions else "Allow" if actions else ""


def _drawn(draw: random.Random, number: int) -> _Rule:
    protocol = draw.choice(("6", "6", "17", ""))
    profiles = draw.choice((_PROFILES, _PROFILES, _PROFILES[1:], *((each,) for each in _PROFILES)))
    store, action = draw.choice(("local", "local", "policy")), draw.choice(("Allow", "Allow", "Block"))
    return _Rule(f"r{number}", store, action, draw.random() < 0.9, profiles, protocol,
                 draw.choice(tuple(_PORTS)) if protocol else "", draw.choice(tuple(_ENDS)),
                 draw.choice((*_PROGRAMS[:1] * 3, *_PROGRAMS)))


def _export(rules: Sequence[_Rule], merging: Sequence[str]) -> str:
    lines = ["Windows Registry Editor Version 5.00", ""]
    for store, root in (("local", _LOCAL), ("policy", _POLICY)):
        lines += [f"[{root}\\FirewallRules]", *(each.line() for each in rules if each.store == store), ""]
    for profile in _PROFILES:
        name = {"Private": "Standard"}.get(profile, profile)
        lines += [f"[{_LOCAL}\\{name}Profile]", '"EnableFirewall"=dword:00000001', ""]
        if profile not in merging:
            lines += [f"[{_POLICY}\\{profile}Profile]", '"AllowLocalPolicyMerge"=dword:00000000', ""]
    return "\n".join(lines)


def _tidied(rules: Sequence[_Rule], merging: Sequence[str] = _PROFILES) -> tuple[Tidying, set[str]]:
    """What is found, and the names of the rules that may go."""
    found = tidy(parsers.parse_all([from_bytes(_export(rules, merging).encode(), "computer.reg")]))
    quoted = (found.firewall.quote(each.line).text for each in found.dead)
    return found, {each.partition('"="')[0].strip('"') for each in quoted}


def _cases() -> Iterator[tuple[list[_Rule], list[str]]]:
    for seed in range(100):
        draw = random.Random(seed)
        yield ([_drawn(draw, number) for number in range(draw.randint(4, 14))],
               list(_PROFILES) if seed % 3 else [each for each in _PROFILES if draw.random() < 0.5])


def test_rules_that_do_nothing_are_all_found_and_none_else() -> None:
    kinds: Counter[str] = Counter()
    for rules, merging in _cases():
        found, gone = _tidied(rules, merging)
        kinds.update(each.why for each in found.dead)
        left = [each for each in rules if each.name not in gone]
        for packet in _PACKETS:
            assert _verdict(rules, packet, merging) == _verdict(left, packet, merging), (rules, gone, packet)
        for rule in (each for each in left if each.is_in_force(merging)):
            others = [each for each in left if each is not rule]
            assert any(_verdict(left, each, merging) != _verdict(others, each, merging)
                       for each in _PACKETS), (rule, left, merging)
    assert min(kinds[each] for each in ("shadowed", "covered", "redundant")) > 10, kinds


def test_the_commands_carried_out_every_packet_fares_as_before() -> None:
    ways: Counter[str] = Counter()
    for rules, merging in _cases():
        found, gone = _tidied(rules, merging)
        if not found.removal.commands:
            continue
        assert not found.refused
        ways.update(each.split(" -")[0] + (" of a store" if "-PolicyStore" in each else "")
                    for each in found.removal.commands)
        after = Entered.of(found.firewall).with_lines(found.removal.commands).firewall
        by_hand = {_name(found, each.line) for each in found.by_hand}
        left = {_name(found, rule.line) for chain in after.lists.values() for rule in chain.rules
                if rule.in_file}
        assert left & gone == by_hand
        for packet in random.Random(len(rules)).sample(_PACKETS, 60):
            assert _walked(found.firewall, packet) == _walked(after, packet), (rules, packet)
    assert len(ways) == 2, ways
    assert min(ways.values()) > 10, ways


def _name(found: Tidying, line: int) -> str:
    return found.firewall.quote(line).text.partition('"="')[0].strip('"')


def _walked(firewall: Firewall, packet: _Packet) -> str:
    whole = Packet(Family.V4, int(packet.protocol), _BASE + packet.host, _BASE + 100, 50_000, packet.port)
    stages = parsers.stages(firewall, Transit(Family.V4, hook="input", profile=packet.profile.lower()))
    facts: dict[str, Fact] = {f"the program {each}".replace(r"\\", "\\"): each == packet.program
                              for each in _PROGRAMS[1:]}
    facts["rules of Group Policy that are not in the files"] = False
    facts["LocalSubnet of computer.reg"] = ANY if packet.near else AddressSet()
    verdict = trace_packet(stages, firewall.chains, whole, Context(facts)).verdict
    assert verdict in ("permit", "deny")
    return verdict

"""What must pass here: the pack's requirements, applied to this site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.demands import firewall_addresses
from aclproof.linter.demands.firewall_addresses import Addresses
from aclproof.linter.demands.left_out import LeftOut, left_out
from aclproof.linter.demands.not_needed import NotNeeded, on_one_computer
from aclproof.linter.demands.other_ports import with_other_ports
from aclproof.linter.demands.settings_needed import undecided_setting, unusable_methods
from aclproof.linter.demands.systems import RoleSystem, contradictions
from aclproof.linter.demands.to_others import to_itself, to_others
from aclproof.linter.demands.without_addresses import without_addresses
from aclproof.linter.demands.words import chosen_methods, unknown_words
from aclproof.linter.site import paths
from aclproof.linter.site.paths import Path
from aclproof.linter.site.site import Site
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.effects import End
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import EMPTY, IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import ICMP, ICMP6, TCP, UDP, is_icmp
from aclproof.reason import Reason
from aclproof.rules.ephemeral_ports import settings_of_ports, source_ports
from aclproof.rules.pack import Pack, Requirement
from aclproof.rules.same_service import same_service
from aclproof.rules.settings import (
    MissingSettingError,
    SettingError,
    Settings,
    applies,
    ports_of,
    resolve,
    rests_on,
    settings_tested,
    settings_used,
)
from aclproof.rules.strict_yaml import InputError, Problem

_PROTOCOL = {"tcp": TCP, "udp": UDP}
_ECHO = {Family.V4: (ICMP, 8, 0), Family.V6: (ICMP6, 128, 129)}
"""Protocol, type of the request, type of the reply."""


class Leg(Struct, frozen=True):
    """One direction of a demand: all of it must pass.

    A request is the first packet of a connection, a reply each packet back, a follow-up each later packet
    of the requesting side.
    """

    kind: Literal["request", "reply", "follow-up"]
    source: str
    destination: str
    boxes: tuple[Box, ...]
    """One for each address family that both roles have."""
    listed: tuple[tuple[End, Family, IntervalSet], ...] = ()
    """Of a request, the addresses of its ends as they were given one by one; none after a translation."""

    def entries(self, family: Family, end: End = "destination") -> list[IntervalSet]:
        """Return the addresses of one end, as far as known in the pieces that were given."""
        if self.listed:
            return [entry for at, of, entry in self.listed if at == end and of is family]
        every = IntervalSet.union(box.destinations if end == "destination" else box.sources
                                  for box in self.boxes if box.family is family)
        return [IntervalSet.of(ends) for ends in every.ranges]


class Demand(Struct, frozen=True):
    """A requirement of this site: from one role to another, on certain ports, along a path."""

    requirement: Requirement
    methods: tuple[str, ...]
    """The selected ones that need it."""
    legs: tuple[Leg, ...]
    """The request first; then what has to pass where a firewall does not let it pass with the session."""
    path: Path
    """Of the request; replies take it backwards."""
    same_service: IntervalSet = EMPTY
    """Ports that its service often has, these ones among them."""
    left_out: tuple[LeftOut, ...] = ()
    """Addresses of its packets that no host has: what becomes of these does not count."""

    @property
    def request(self) -> Leg:
        """The leg that opens the connection."""
        return self.legs[0]


class Plan(Struct, frozen=True):
    """Everything to be proven, and what was taken for granted."""

    demands: tuple[Demand, ...]
    assessed: tuple[str, ...]
    not_assessed: Mapping[str, str]
    """Method to the reason."""
    not_applicable: tuple[NotNeeded, ...]
    without_addresses: tuple[tuple[Requirement, tuple[str, ...]], ...]
    """Those of them that would be needed if the site had these roles, of which it has no addresses."""
    settings: Settings
    rests_on: frozenset[str]
    """The settings that a demand or its absence rests on."""
    source_ports: Mapping[str, IntervalSet]
    """From which ports the roles open connections that open any."""
    systems: Mapping[str, RoleSystem]
    """The operating systems that exports tell, by role."""

    @property
    def assumed(self) -> tuple[str, ...]:
        """Those of them that nobody gave: they took a default, or an export tells them."""
        return tuple(name for name in self.settings.values
                     if name in self.rests_on and not self.settings.is_given(name))


_NOT_KNOWN: Mapping[str, RoleSystem] = {}


def plan(site: Site, pack: Pack, systems: Mapping[str, RoleSystem] = _NOT_KNOWN) -> Plan:
    """Apply a pack to a site; InputError when a chosen method lacks a role or a setting.

    `systems` are what the exports of hosts tell about them.
    """
    problems = unknown_words(site, pack)
    try:
        settings = resolve(pack, site.settings, {role: each.names for role, each in systems.items()})
        problems += contradictions(site, pack, settings, systems)
    except SettingError as error:
        problems += [site.problem(("settings", key), message) for key, message in error.problems]
    if problems:
        raise InputError(*problems)
    chosen = chosen_methods(site, pack)
    tested = [name for each in pack.methods if each.id in chosen for name in settings_tested(each.when)]
    unusable = unusable_methods(site, pack, settings, chosen)
    chosen = tuple(each for each in chosen if each not in unusable)
    needed, absent = _by_condition(site, pack, settings, chosen)
    lacking = _lacking(site, needed, chosen)
    if site.methods and lacking:
        raise InputError(*(site.problem(("roles",), Reason(
            "method {method} needs the role '{role}'; add its addresses", method=method, role=role))
                           for method, role in lacking.items()))
    assessed = tuple(method for method in chosen if method not in lacking)

    def of(requirement: Requirement) -> tuple[str, ...]:
        return tuple(method for method in assessed if method in requirement.methods)

    here = [each for each in needed if of(each)]
    ports = {each.id: _source_ports(pack, each, settings, systems) for each in here if not each.icmp}
    demands = tuple(_demand(site, pack, each, of(each), settings, ports) for each in here)
    not_needed = tuple(NotNeeded(each, of(each), reason) for each, reason in absent if of(each))
    unknown = tuple(without_addresses(site, pack, settings, (each.requirement for each in not_needed)))
    lacking |= {method: roles[0] for each, roles in reversed(unknown) for method in of(each)
                if not any(method in demand.methods for demand in demands)}
    reasons = {method: Reason("no addresses are given for the role '{role}'", role=role)
               for method, role in lacking.items()} | on_one_computer(here, not_needed) | unusable
    opened = [each for each in here if each.id in ports]
    named = chain(tested, (name for each in here for name in settings_used(each)),
                  (name for each in not_needed for name in settings_tested(each.requirement.when)),
                  (name for each in opened
                   for name in settings_of_ports(pack.part_with(each.id), each.source, settings)))
    return Plan(demands, tuple(each for each in assessed if each not in reasons), reasons, not_needed,
                unknown, settings, rests_on(pack, named, settings), _by_role(opened, ports), systems)


def among_firewalls(work: Plan, site: Site, firewalls: Mapping[str, Firewall]) -> Plan:
    """Return the plan as the firewalls, by name, show it: without the addresses that no host has.

    Where many hosts get one address on the way, its port may be any that a system uses.
    """
    known = {place.name: firewall_addresses.read(place, firewalls[place.name]) for place in site.firewalls}
    return replace(work, demands=tuple(_among(each, site, known) for each in work.demands))


def _among(demand: Demand, site: Site, known: Mapping[str, Addresses]) -> Demand:
    request = demand.request
    boxes = tuple(with_other_ports(box, demand.path, known) for box in request.boxes)
    found = left_out(boxes, (request.source, request.destination), site, demand.path, known)
    return replace(demand, legs=legs_of(demand.requirement, boxes, request.listed), left_out=found)


def _source_ports(pack: Pack, requirement: Requirement, settings: Settings,
                  systems: Mapping[str, RoleSystem]) -> IntervalSet:
    role = requirement.source
    told = systems[role].dynamic_ports.ranges if role in systems else ()
    return IntervalSet.of(*source_ports(pack.part_with(requirement.id), role, settings, told))


def _by_role(requirements: Sequence[Requirement],
             ports: Mapping[str, IntervalSet]) -> Mapping[str, IntervalSet]:
    found: dict[str, IntervalSet] = {}
    for each in requirements:
        found[each.source] = found.get(each.source, EMPTY) | ports[each.id]
    return found


def _by_condition(site: Site, pack: Pack, settings: Settings,
                  methods: tuple[str, ...]) -> tuple[list[Requirement], list[tuple[Requirement, str]]]:
    """The requirements of some methods that apply here, and those that do not, with the reason where it is
    not their condition; InputError for a setting."""
    needed: list[Requirement] = []
    absent: list[tuple[Requirement, str]] = []
    problems: list[Problem] = []
    for requirement in pack.requirements:
        if set(requirement.methods) & set(methods):
            try:
                applied = applies(requirement.when, settings, site.roles)
                if applied:
                    ports_of(requirement, settings)  # a port may have to be given as well
            except MissingSettingError as error:
                problems.append(undecided_setting(site, pack, settings, error.setting_id))
            else:
                same = to_itself(site, requirement) if applied else ""
                if applied and not same and not _optional(site, pack, requirement):
                    needed.append(requirement)
                else:
                    absent.append((requirement, same))
    if problems:
        raise InputError(*dict.fromkeys(problems))
    return needed, absent


def _optional(site: Site, pack: Pack, requirement: Requirement) -> bool:
    """Whether a site can do without it: what the pack only warns of does not ask for a role either."""
    return pack.only_warns_of(requirement) and not all(
        site.roles.get(role) for role in (requirement.source, requirement.destination))


def _lacking(site: Site, needed: list[Requirement], chosen: tuple[str, ...]) -> dict[str, str]:
    lacking: dict[str, str] = {}
    for requirement in needed:
        for role in (requirement.source, requirement.destination):
            if not site.roles.get(role):
                for method in requirement.methods:
                    if method in chosen:
                        lacking.setdefault(method, role)
    return lacking


def _demand(site: Site, pack: Pack, requirement: Requirement, methods: tuple[str, ...],
            settings: Settings, source_ports: Mapping[str, IntervalSet]) -> Demand:
    source, destination = requirement.source, requirement.destination
    boxes: list[Box] = []
    for family in Family:
        ends = site.roles[source].of(family), site.roles[destination].of(family)
        if not all(ends):
            continue
        if requirement.icmp:
            protocol, request, _ = _ECHO[family]
            boxes.append(Box(family, protocol, *ends, _only(request), _only(0)))
        else:
            ports = IntervalSet.of(*ports_of(requirement, settings))
            boxes.append(Box(family, _PROTOCOL[requirement.protocol], *ends, source_ports[requirement.id],
                             ports))
    if not boxes:
        raise InputError(site.problem(("roles", destination), Reason("'{source}' and '{destination}' have "
                                                                     "no address family in common",
                                                                     source=source, destination=destination)))
    path = paths.between(site, pack.nears, source, destination)
    usual = IntervalSet.of(*same_service(pack.part_with(requirement.id), requirement, settings))
    others = tuple(part for box in boxes for part in to_others(box))
    legs = legs_of(requirement, others, _listed(site, requirement))
    return Demand(requirement, methods, legs, path, usual)


_Listed = tuple[tuple[End, Family, IntervalSet], ...]


def _listed(site: Site, requirement: Requirement) -> _Listed:
    roles: tuple[tuple[End, str], ...] = (("source", requirement.source),
                                          ("destination", requirement.destination))
    return tuple((end, family, entry) for end, role in roles for family in Family
                 for entry in site.entries(role, family))


def legs_of(requirement: Requirement, boxes: tuple[Box, ...], listed: _Listed) -> tuple[Leg, ...]:
    """Return all that has to pass when `boxes` are the first packets; `listed` as in `Leg`."""
    source, destination = requirement.source, requirement.destination
    legs = [Leg("request", source, destination, boxes, listed),
            Leg("reply", destination, source, tuple(map(answer, boxes)))]
    if not requirement.icmp:
        legs.append(Leg("follow-up", source, destination, boxes))
    return tuple(legs)


def answer(box: Box) -> Box:
    """Return the packets that answer a request, or were answered by a reply: the ends change places."""
    kinds = {request: reply for _, request, reply in _ECHO.values()}
    kinds |= {reply: request for request, reply in kinds.items()}
    if is_icmp(box.protocol):
        return replace(box, sources=box.destinations, destinations=box.sources,
                       source_ports=IntervalSet.of(*((kinds[low], kinds[low])
                                                     for low, _ in box.source_ports.ranges)))
    return Box(box.family, box.protocol, box.destinations, box.sources,
               box.destination_ports, box.source_ports)


def _only(number: int) -> IntervalSet:
    return IntervalSet.of((number, number))

"""The operating systems of hosts, as the exports of their own firewalls tell them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from aclproof.linter.site.site import Site
from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.model.firewall import Firewall, HostSystem
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.reason import Reason
from aclproof.rules.ephemeral_ports import source_ports
from aclproof.rules.pack import Pack
from aclproof.rules.settings import Settings
from aclproof.rules.strict_yaml import Problem


class RoleSystem(Struct, frozen=True):
    """What the hosts of a role run on: any of these."""

    title: str
    """With the firewalls that tell it."""
    names: tuple[str, ...]
    dynamic_ports: IntervalSet


def told(site: Site, firewalls: Mapping[str, Firewall]) -> dict[str, RoleSystem]:
    """Return the systems by role, where every firewall on a host of the role tells its own."""
    found: dict[str, list[tuple[str, HostSystem | None]]] = {}
    for place in site.firewalls:
        for role in place.host:
            found.setdefault(role, []).append((place.name, firewalls[place.name].system))
    known: dict[str, RoleSystem] = {}
    for role, systems in found.items():
        told_by = [(name, system) for name, system in systems if system]
        if len(told_by) == len(systems):
            known[role] = RoleSystem(", ".join(f"{name}: {system.title}" for name, system in told_by),
                                     tuple(each for _, system in told_by for each in system.names),
                                     IntervalSet.union(system.dynamic_ports for _, system in told_by))
    return known


def answers(site: Site, pack: Pack, settings: Settings, firewalls: Mapping[str, Firewall]) -> dict[str, bool]:
    """Return the facts that follow from the operating systems that the site file gives for roles.

    A question that two hosts would answer differently keeps open, and so does one that a host would answer
    differently by what several packs are told of its system.
    """
    given = {role: systems[0] if len(systems) == 1 else "" for role, systems in given_systems(pack, settings)}
    found: dict[str, set[bool | None]] = {}
    for place in site.firewalls if given else ():
        systems = {given.get(role, "") for role in place.host}
        name = systems.pop() if len(systems) == 1 else ""
        for _, condition in firewalls[place.name].conditions():
            if isinstance(condition, Opaque) and condition.by_system:
                found.setdefault(condition.key, set()).add(dict(condition.by_system).get(name))
    return {key: True in values for key, values in found.items() if values in ({True}, {False})}


def given_systems(pack: Pack, settings: Settings) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each role whose operating system the site file gives, and what it says of it, each once."""
    found: dict[str, list[str]] = {}
    for each in pack.settings:
        if each.system_of and settings.is_given(each.id):
            found.setdefault(each.system_of, []).append(str(settings.values[each.id]))
    for role, systems in found.items():
        yield role, tuple(dict.fromkeys(systems))


def contradictions(site: Site, pack: Pack, settings: Settings,
                   systems: Mapping[str, RoleSystem]) -> Iterator[Problem]:
    """Yield the systems that the site file gives and that an export shows to be others, with other ports."""
    for setting in pack.settings:
        system = systems.get(setting.system_of)
        if system is None or not settings.is_given(setting.id):
            continue
        value = settings.values[setting.id]
        ports = IntervalSet.of(*source_ports(_part(pack, setting.id), setting.system_of, settings, ()))
        if value not in system.names and not ports.overlaps(system.dynamic_ports):
            fitting = next((name for name in setting.values if name in system.names), "")
            hint = Reason(": write {value}", value=fitting) if fitting else ""
            yield site.problem(("settings", setting.id),
                               Reason("{value} is not what {system_of} runs on ({title}){hint}", value=value,
                                      system_of=setting.system_of, title=system.title, hint=hint))


def _part(pack: Pack, setting: str) -> Pack:
    """The first of its packs that has a setting."""
    return next(part for part in pack.each if any(each.id == setting for each in part.settings))

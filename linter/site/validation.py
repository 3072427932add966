"""Rejects a site file that does not fit the configurations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.vendor import Traits, door, doors
from aclproof.rules.strict_yaml import InputError, Problem
from aclproof.rules.suggest import unknown


def validate_names(site: Site, firewalls: Sequence[tuple[SiteFirewall, Firewall]]) -> None:
    """Raise InputError for interfaces, lists, hosts and profiles that the configurations do not have."""
    problems = []
    for number, (place, firewall) in enumerate(firewalls):
        interfaces = [each.name for each in firewall.interfaces]
        lists = list(firewall.lists)
        if place.host and not firewall.on_host:
            problems.append(site.problem(("firewalls", number, "host"),
                                         f"{firewall.vendor} is between hosts, not on one; leave 'host' out"))
        problems += _profile_and_host(site, number, place, door(firewall.vendor).traits)
        if place.acl and firewall.on_host:
            problems.append(site.problem(("firewalls", number, "acl"),
                                         "its chains are called by the kernel, not bound; leave 'acl' out"))
            continue
        for key, words, known, kind in (("interfaces", place.interfaces, interfaces, "interface"),
                                        ("acl", place.acl, lists, "access list")):
            for role, name in words.items():
                if name not in known and not (key == "interfaces" and firewall.on_host):
                    problems.append(site.problem(("firewalls", number, key, role),
                                                 f"{unknown(kind, name, known)} ({firewall.source.name} has: "
                                                 f"{', '.join(known) or 'none'})"))
    if problems:
        raise InputError(*problems)


def profiles() -> tuple[str, ...]:
    """All profiles of a network that some vendor has."""
    return tuple(dict.fromkeys(name for _, vendor in doors() for name in vendor.traits.profiles))


def _profile_and_host(site: Site, number: int, place: SiteFirewall, traits: Traits) -> Iterator[Problem]:
    if traits.needs_host and not place.host:
        yield site.problem(("firewalls", number), f"a {traits.title} guards its own computer: say which "
                                                  "role that plays, 'host: ROLE'")
    if traits.profiles and place.profile not in ("", *traits.profiles):
        yield site.problem(("firewalls", number, "profile"),
                           unknown("profile", place.profile, traits.profiles))

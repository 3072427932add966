"""Rejects a site file that does not fit the configurations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers.model.firewall import Firewall
from aclproof.rules.strict_yaml import InputError, Problem
from aclproof.rules.suggest import unknown

PROFILES = ("domain", "private", "public")
"""Of a network, where the firewall has profiles."""


def validate_names(site: Site, firewalls: Sequence[tuple[SiteFirewall, Firewall]]) -> None:
    """Raise InputError for interfaces, lists, hosts and profiles that the configurations do not have."""
    problems = []
    for number, (place, firewall) in enumerate(firewalls):
        interfaces = [each.name for each in firewall.interfaces]
        lists = list(firewall.lists)
        if place.host and not firewall.on_host:
            problems.append(site.problem(("firewalls", number, "host"),
                                         f"{firewall.vendor} is between hosts, not on one; leave 'host' out"))
        if firewall.vendor == "windows":
            problems += _windows(site, number, place)
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


def _windows(site: Site, number: int, place: SiteFirewall) -> Iterator[Problem]:
    if not place.host:
        yield site.problem(("firewalls", number), "a Windows Firewall guards its own computer: say which "
                                                  "role that plays, 'host: ROLE'")
    if place.profile not in ("", *PROFILES):
        yield site.problem(("firewalls", number, "profile"), unknown("profile", place.profile, PROFILES))

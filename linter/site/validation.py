"""Rejects a site file that does not fit the configurations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclproof.linter.site import interfaces, overrides
from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.vendor import Traits, door, doors
from aclproof.reason import Reason
from aclproof.rules.strict_yaml import InputError, Problem
from aclproof.rules.suggest import unknown


def validate_names(site: Site, firewalls: Sequence[tuple[SiteFirewall, Firewall]]) -> None:
    """Raise InputError for interfaces, lists, hosts and profiles that the configurations do not have."""
    problems = []
    for number, (place, firewall) in enumerate(firewalls):
        own = [each.name for each in firewall.interfaces]
        lists = list(firewall.lists)
        if place.host and not firewall.on_host:
            problems.append(site.problem(("firewalls", number, "host"),
                                         Reason("{vendor} is between hosts, not on one; leave 'host' out",
                                                vendor=firewall.vendor)))
        problems += _profile_and_host(site, number, place, door(firewall.vendor).traits)
        problems += _unnamed_interfaces(site, number, place, firewall)
        problems += _contradicted(site, number, place, firewall)
        if place.acl and firewall.on_host:
            problems.append(site.problem(("firewalls", number, "acl"),
                                         Reason("its chains are called by the kernel, not bound; leave "
                                                "'acl' out")))
            continue
        for key, words, known, kind in (("interfaces", place.interfaces, own, "interface"),
                                        ("acl", place.acl, lists, "access list")):
            for role, name in words.items():
                if name not in known and (own or not (key == "interfaces" and firewall.on_host)):
                    problems.append(site.problem(("firewalls", number, key, role),
                                                 Reason("{kind} ({name} has: {known})",
                                                        kind=unknown(kind, name, known),
                                                        name=firewall.source.name,
                                                        known=", ".join(known) or Reason("none"))))
    if problems:
        raise InputError(*problems)


def _unnamed_interfaces(site: Site, number: int, place: SiteFirewall,
                        firewall: Firewall) -> Iterator[Problem]:
    for doubt in interfaces.doubts(place, firewall):
        stated = site.facts.get(doubt.key)
        if stated is True or (stated is None and doubt.relied_on):
            continue
        named = interfaces.named_by_rules(firewall)
        for role, name in place.interfaces.items():
            if doubt.key == interfaces.key(name, place):
                near = interfaces.meant(name, named)
                yield site.problem(("firewalls", number, "interfaces", role), _unknown_interface(
                    name, near, doubt.key, named))


def _unknown_interface(name: str, near: str, key: str, named: Sequence[str]) -> str:
    said = Reason("unknown interface {name!r}: did you mean {near!r}?", name=name, near=near) if near else \
        Reason("unknown interface {name!r}: rules name {known}", name=name, known=", ".join(named))
    return Reason("{unknown} If there is such an interface and no rule names it, say so: 'facts: "
                  "{{\"{key}\": yes}}'", unknown=said, key=key)


def _contradicted(site: Site, number: int, place: SiteFirewall, firewall: Firewall) -> Iterator[Problem]:
    for key, doubts in (("host", overrides.of_hosts(site, place, firewall)),
                        ("interfaces", overrides.of_interfaces(site, place, firewall)),
                        ("acl", overrides.of_lists(site, place, firewall))):
        for role, doubt in doubts:
            stated = site.facts.get(doubt.key)
            if stated is not True and (stated is not None or not doubt.relied_on):
                yield site.problem(("firewalls", number, key, role), Reason(
                    "it is not certain {doubt}; leave it out, or say that it is so: "
                    "'facts: {{\"{key}\": yes}}'",
                    doubt=doubt.because, key=doubt.key))


def profiles() -> tuple[str, ...]:
    """All profiles of a network that some vendor has."""
    return tuple(dict.fromkeys(name for _, vendor in doors() for name in vendor.traits.profiles))


def _profile_and_host(site: Site, number: int, place: SiteFirewall, traits: Traits) -> Iterator[Problem]:
    if traits.needs_host and not place.host:
        yield site.problem(("firewalls", number), Reason("a {title} guards its own computer: say which "
                                                         "role that plays, 'host: ROLE'", title=traits.title))
    if traits.profiles and place.profile not in ("", *traits.profiles):
        yield site.problem(("firewalls", number, "profile"),
                           unknown("profile", place.profile, traits.profiles))

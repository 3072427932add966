"""What a site file says of a firewall against what its configuration shows: where roles are, what filters.

The site file is there for what a configuration does not show. Where that shows the opposite, one of the two
is wrong: for specific routes and bound lists that is an error, until a fact says that the site file is right
all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers.model import routing
from aclproof.parsers.model.addresses import NOWHERE, Family, spell_few
from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.model.firewall import Binding, Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.routed_to import RoutedTo
from aclproof.parsers.vendor import door
from aclproof.reason import Reason


def interface_key(role: str, name: str, place: SiteFirewall) -> str:
    """Return the fact that a role is at an interface although routes lead elsewhere."""
    return f"{role} at {name} of {place.name}"


def list_key(role: str, name: str, place: SiteFirewall) -> str:
    """Return the fact that a list filters what comes from a role, although the file binds it otherwise."""
    return f"access-list {name} for {role} at {place.name}"


def of_hosts(site: Site, place: SiteFirewall, firewall: Firewall) -> Iterator[tuple[str, Opaque]]:
    """Yield each role of a host none of whose addresses, which are all shown, is the role's."""
    for role in place.host:
        known = site.roles.get(role, NOWHERE)
        own = {family: IntervalSet.union(each.addresses.of(family) for each in firewall.interfaces)
               for family in firewall.all_addresses if known.of(family)}
        if own and not any(addresses.overlaps(known.of(family)) for family, addresses in own.items()):
            yield role, Opaque(f"{role} is {place.name}", Reason(
                "whether {role} is the host of {firewall}: it has none of its addresses", role=role,
                firewall=place.name), True, "ip addr")


def of_interfaces(site: Site, place: SiteFirewall, firewall: Firewall) -> Iterator[tuple[str, Opaque]]:
    """Yield each role whose addresses lead elsewhere; relied on where only a default route shows that."""
    for role, name in place.interfaces.items():
        if firewall.interface(name) is None:
            continue
        parts = [(family, part) for family, part in _routed(site, firewall, role)
                 if not _same_place(firewall, name, part.interface)]
        for family, part in sorted(parts, key=lambda each: not each[1].certain)[:1]:
            yield role, Opaque(interface_key(role, name, place), Reason(
                "whether {role} is at {name}: the routes in {firewall} lead to {some} by {other}", role=role,
                name=name, firewall=place.name, some=spell_few(family, part.addresses),
                other=part.interface), True, _shown(firewall)[0], relied_on=not part.certain)


def of_lists(site: Site, place: SiteFirewall, firewall: Firewall) -> Iterator[tuple[str, Opaque]]:
    """Yield each role whose list the file binds elsewhere or nowhere, though it binds some or is whole."""
    if not (firewall.bindings or firewall.whole):
        return
    for role, name in place.acl.items():
        if name not in firewall.lists:
            continue
        ways = [part for _, part in _routed(site, firewall, role)]
        own = [each for each in firewall.bindings if each.chain == name]
        if any(_filters(firewall, each, ways) for each in own):
            continue
        by_default = bool(own and ways) and not any(part.certain for part in ways)
        yield role, Opaque(list_key(role, name, place), _elsewhere(role, name, firewall.bindings, own), True,
                           _shown(firewall)[1], relied_on=by_default)


def _shown(firewall: Firewall) -> tuple[str, str]:
    """The commands that show routes and bound lists."""
    traits = door(firewall.vendor).traits
    return traits.routes_shown_by, traits.bindings_shown_by


def _elsewhere(role: str, name: str, bound: Sequence[Binding], own: list[Binding]) -> Reason:
    if not bound:
        return Reason("whether access-list {name} filters what comes from {role}: the file goes to its end, "
                      "and binds no list", name=name, role=role)
    if not own:
        return Reason("whether access-list {name} filters what comes from {role}: the file binds other "
                      "lists, and not this one", name=name, role=role)
    return Reason("whether access-list {name} filters what comes from {role}: line {line} binds it "
                  "elsewhere", name=name, role=role, line=own[0].line)


def _filters(firewall: Firewall, binding: Binding, ways: list[RoutedTo]) -> bool:
    """Whether a list filters all that comes in by these interfaces."""
    place = binding.interface
    return binding.direction == "in" and (place is None or all(
        _same_place(firewall, place, way.interface) for way in ways))


def _routed(site: Site, firewall: Firewall, role: str) -> Iterator[tuple[Family, RoutedTo]]:
    """Where routes surely lead to a role, without the addresses that translation gives to hosts elsewhere."""
    known = site.roles.get(role, NOWHERE)
    for family in Family:
        mapped = IntervalSet.union(each.mapped.of(family) for each in firewall.translations)
        parts, _ = routing.interfaces_towards(firewall, family, known.of(family) - mapped)
        yield from ((family, part) for part in routing.by_interface(parts) if not part.reason)


def _same_place(firewall: Firewall, one: str, other: str) -> bool:
    """Whether two interfaces are one, or one is a port of the other or of the same bridge."""
    return one == other or _bridge(firewall, one) == _bridge(firewall, other)


def _bridge(firewall: Firewall, name: str) -> str:
    known = firewall.interface(name)
    return known.bridge if known and known.bridge else name

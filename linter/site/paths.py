"""The firewalls between two roles, in the order in which a packet meets them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers.model.addresses import NOWHERE, Family
from aclproof.reason import Reason


class Path(Struct, frozen=True):
    """What packets from one role to another pass."""

    firewalls: tuple[SiteFirewall, ...]
    """In order; none where the order is not known."""
    doubt: str = ""
    """Why these may not be all, or which order they have; then nothing is proven by them."""
    unordered: bool = False
    """Whether the doubt is that the order is not known."""

    @property
    def names(self) -> tuple[str, ...]:
        """The firewalls' names in the site, in order."""
        return tuple(place.name for place in self.firewalls)


def between(site: Site, nears: Sequence[str], source: str, destination: str) -> Path:
    """Return the path of packets from one role to another.

    The sending host's own firewall comes first and the receiving host's last. Between them is what
    `paths` says of these two roles, otherwise every firewall of the site in the file's order. That is the
    order from the near role, of several the first one that has addresses, and from every role whose computers
    are among its own. Between other roles several firewalls are in no known order.
    """
    if name := _plays_both(site, source, destination):
        return Path((), _two_roles(name, source, destination))
    sending = [place for place in site.firewalls if source in place.host and destination not in place.host]
    receiving = [place for place in site.firewalls if destination in place.host and source not in place.host]
    stated = _stated(site, source, destination)
    middle = [place for place in site.firewalls if not place.host] if stated is None else stated
    if stated is None and len(middle) > 1:
        forwards = _in_order(site, nears, source, destination)
        if forwards is None:
            names = ", ".join(place.name for place in middle)
            return Path((), _unknown_order(names, source, destination), unordered=True)
        if not forwards:
            middle.reverse()
    firewalls = (*sending, *middle, *receiving)
    return Path(firewalls, "" if firewalls or stated is not None else _nothing(source, destination))


def _in_order(site: Site, nears: Sequence[str], source: str, destination: str) -> bool | None:
    """Whether packets meet the firewalls in the file's order, or backwards; None where that is not known."""
    near = next((role for role in nears if site.roles.get(role)), "")
    if (source == near) != (destination == near):
        return source == near
    from_there, to_there = (_among(site, role, near) for role in (source, destination))
    return from_there if from_there != to_there else None


def _among(site: Site, role: str, near: str) -> bool:
    """Whether all computers of a role are some of the near one's."""
    return bool(site.roles.get(role)) and site.roles[role] <= site.roles.get(near, NOWHERE)


def _plays_both(site: Site, source: str, destination: str) -> str:
    """The firewall of a host with both roles, where others have one of them too: it may be at either end."""
    several = any(site.roles.get(role, NOWHERE).of(family).size > 1
                  for role in (source, destination) for family in Family)
    return next((place.name for place in site.firewalls
                 if several and source in place.host and destination in place.host), "")


def _two_roles(name: str, source: str, destination: str) -> Reason:
    return Reason("which of these packets {name} sends, gets or keeps inside: it is the host of {source} and "
                  "of {destination}, which others are too; prove its own address and theirs in two site "
                  "files", name=name, source=source, destination=destination)


def _stated(site: Site, source: str, destination: str) -> list[SiteFirewall] | None:
    """What `paths` says of two roles, or None."""
    by_name = {place.name: place for place in site.firewalls}
    for path in site.paths:
        if source == path.source and destination in path.destinations:
            return [by_name[name] for name in path.through]
        if destination == path.source and source in path.destinations:
            return [by_name[name] for name in reversed(path.through)]
    return None


def _unknown_order(names: str, source: str, destination: str) -> str:
    return Reason("in which order packets from {source} to {destination} meet {names}: the site file's order "
                  "is that from the pack's near role, and neither end alone is that role; say it: "
                  "'paths: [{{from: {source}, to: {destination}, through: [{names}]}}]'", source=source,
                  destination=destination, names=names)


def _nothing(source: str, destination: str) -> str:
    return Reason("which firewalls stand between {source} and {destination}: none of the site file does; if "
                  "there is none, say so: 'paths: [{{from: {source}, to: {destination}, through: []}}]'",
                  source=source, destination=destination)

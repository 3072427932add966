"""In which order one packet meets the firewalls of a site, read from the words of the site file."""

from __future__ import annotations

from collections.abc import Sequence

from aclproof.linter.site.site import Site, SiteFirewall


def firewalls_in_order(site: Site, nears: Sequence[str], source: str,
                       destination: str) -> list[SiteFirewall] | None:
    """The firewalls that a packet from one role to another meets, first to last; None for an unknown order.

    Each firewall of the site gets a rank: the sender's own, those between hosts, the receiver's own. Those
    between hosts follow `through` of the `paths` entry for the two roles. Without one they follow the file,
    whose order is that from the first of the roles `nears` that the site has, or from computers of its own:
    backwards towards it, unknown between other roles.
    """
    through = _through(site, source, destination)
    between = [place.name for place in site.firewalls if not place.host]
    towards = through is None and len(between) > 1 and _towards_near(site, nears, source, destination)
    if towards is None:
        return None
    ranks: list[tuple[int, int, SiteFirewall]] = []
    for number, place in enumerate(site.firewalls):
        if place.host:
            own = [role for role in (source, destination) if role in place.host]
            if len(own) == 1:
                ranks.append((0 if own == [source] else 2, number, place))
        elif through is None:
            ranks.append((1, -number if towards else number, place))
        elif place.name in through:
            ranks.append((1, through.index(place.name), place))
    return [place for _, _, place in sorted(ranks, key=lambda rank: rank[:2])]


def _through(site: Site, source: str, destination: str) -> list[str] | None:
    """The names that `paths` gives for the two roles, from `source` on; None where it says nothing."""
    for path in site.paths:
        if path.source == source and destination in path.destinations:
            return list(path.through)
        if path.source == destination and source in path.destinations:
            return list(path.through)[::-1]
    return None


def _towards_near(site: Site, nears: Sequence[str], source: str, destination: str) -> bool | None:
    """Whether a packet comes towards the role that the file's order begins at; None where nobody knows."""
    given = [role for role in nears if site.roles.get(role)]
    own = {role for role, known in site.roles.items() if given and known and not known - site.roles[given[0]]}
    for alike in (given[:1], own):
        ends = [role for role in (source, destination) if role in alike]
        if len(ends) == 1:
            return ends == [destination]
    return None

"""The firewalls between two roles, in the order in which a packet meets them."""

from __future__ import annotations

from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers.model.reason import Reason

_CLIENT = "client"


def between(site: Site, source: str, destination: str) -> tuple[SiteFirewall, ...]:
    """Return what stands on the way of packets from one role to another.

    The sending host's own firewall comes first and the receiving host's last. Between them stands what
    `paths` says of these two roles, otherwise every firewall of the site in the file's order, which is that
    from the client.
    """
    sending = [each for each in site.firewalls if source in each.host and destination not in each.host]
    receiving = [each for each in site.firewalls if destination in each.host and source not in each.host]
    return (*sending, *_on_the_way(site, source, destination), *receiving)


def doubt(site: Site, source: str, destination: str) -> str:
    """Say why firewalls that the site file does not name may stand between two roles, or nothing."""
    stated = any({source, destination} == {path.source, each}
                 for path in site.paths for each in path.destinations)
    if stated or between(site, source, destination):
        return ""
    return Reason("which firewalls stand between {source} and {destination}: none of the site file does; "
                  "if there is none, say so: 'paths: [{{from: {source}, to: {destination}, through: []}}]'",
                  source=source, destination=destination)


def _on_the_way(site: Site, source: str, destination: str) -> list[SiteFirewall]:
    by_name = {each.name: each for each in site.firewalls}
    for path in site.paths:
        if source == path.source and destination in path.destinations:
            return [by_name[name] for name in path.through]
        if destination == path.source and source in path.destinations:
            return [by_name[name] for name in reversed(path.through)]
    found = [each for each in site.firewalls if not each.host]
    return found[::-1] if destination == _CLIENT else found

"""What stays open between a site file and the configuration of a firewall, each with its usual answer."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.linter.site import interfaces, overrides
from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.model.firewall import Firewall


def doubts(site: Site, place: SiteFirewall, firewall: Firewall) -> Iterator[Opaque]:
    """Yield them all: about interfaces that no rule names, about roles and lists that are elsewhere."""
    yield from interfaces.doubts(place, firewall)
    for _, doubt in (*overrides.of_hosts(site, place, firewall),
                     *overrides.of_interfaces(site, place, firewall),
                     *overrides.of_lists(site, place, firewall)):
        yield doubt

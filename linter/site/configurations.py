"""The configurations that a site names."""

from __future__ import annotations

from aclproof import parsers
from aclproof.linter.site.site import SiteFirewall
from aclproof.parsers.model.firewall import Firewall


def read(place: SiteFirewall) -> Firewall:
    """Read one firewall of a site, of its context; UnsupportedInputError when its files are none."""
    return parsers.read(*place.configs, context=place.context)

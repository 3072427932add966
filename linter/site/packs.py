"""The pack of a site, as far as the site asks for it."""

from __future__ import annotations

from aclproof import rules
from aclproof.linter.site.site import Site
from aclproof.rules.pack import Pack


def pack_of(site: Site) -> Pack:
    """Load the pack that a site names; InputError says what is wrong with it."""
    pack = rules.load(site.pack).of_tier(site.tier)
    return pack.strict() if site.strict else pack

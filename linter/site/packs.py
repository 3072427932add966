"""The packs of a site, as far as the site asks for them."""

from __future__ import annotations

from aclproof import rules
from aclproof.linter.site.site import Site
from aclproof.rules.joined import join
from aclproof.rules.pack import Pack


def pack_of(site: Site) -> Pack:
    """Load the packs that a site names, as one; InputError says what is wrong with them."""
    packs = [rules.load(name).of_tier(site.tier) for name in site.packs]
    return join([each.strict() for each in packs] if site.strict else packs)

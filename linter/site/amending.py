"""What a run asks of a site file besides what that says."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from aclproof.linter.site.site import Site
from aclproof.parsers.model.conditions import Fact
from aclproof.rules.pack import Tier


class Amendments(Struct, frozen=True):
    """What narrows or completes a site file; what is empty leaves it as it is."""

    methods: tuple[str, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    packs: tuple[str, ...] = ()
    tier: Tier = ""
    strict: bool = False
    assume_usual: bool = False
    waivers: str = ""


def amended(site: Site, more: Amendments) -> Site:
    """Return the site with what a run asks for."""
    return replace(
        site, methods=more.methods or site.methods, packs=more.packs or site.packs,
        facts={**site.facts, **more.facts}, narrowed=site.narrowed or bool(more.methods),
        overriding=site.overriding | more.facts.keys(), tier=more.tier or site.tier,
        strict=site.strict or more.strict, assume_usual=site.assume_usual or more.assume_usual,
        waivers=more.waivers or site.waivers)

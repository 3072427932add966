"""What a site may need and nobody can check: it has no addresses of the roles at its ends."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from aclproof.linter.site.site import Site
from aclproof.rules.pack import Pack, Requirement
from aclproof.rules.settings import MissingSettingError, Settings, applies


def without_addresses(site: Site, pack: Pack, settings: Settings,
                      absent: Iterable[Requirement]) -> Iterator[tuple[Requirement, tuple[str, ...]]]:
    """Yield those of the absent requirements that would apply if the site had all roles, with the roles
    that it has no addresses of."""
    every = [role.id for role in pack.roles]
    for requirement in absent:
        lacking = tuple(role for role in dict.fromkeys((requirement.source, requirement.destination))
                        if not site.roles.get(role))
        if lacking and _may_apply(requirement, settings, every):
            yield requirement, lacking


def _may_apply(requirement: Requirement, settings: Settings, roles: Collection[str]) -> bool:
    try:
        return applies(requirement.when, settings, roles)
    except MissingSettingError:
        return True

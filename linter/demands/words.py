"""What a site names of its packs: methods and roles."""

from __future__ import annotations

from aclproof.linter.site.site import SUPPORTING, Site
from aclproof.reason import Reason
from aclproof.rules.joined import bare, methods_meant
from aclproof.rules.pack import Pack
from aclproof.rules.strict_yaml import Problem
from aclproof.rules.suggest import unknown


def chosen_methods(site: Site, pack: Pack) -> tuple[str, ...]:
    """The methods that the site names, all without any; a bare word is every pack's method of that name."""
    ids = [method.id for method in pack.methods]
    named = {each for word in site.methods for each in methods_meant(pack, word)}
    return tuple(each for each in ids if not site.methods or each in named)


def unknown_words(site: Site, pack: Pack) -> list[Problem]:
    """Return every role and method in a site that none of its packs has."""
    roles = [role.id for role in pack.roles]
    methods = [word for method in pack.methods for word in (method.id, bare(method.id))]
    problems = [site.problem(("roles", role), unknown("role", role, roles))
                for role in site.roles if role not in roles]
    problems += [site.method_problem(method, _not_a_method(method, methods, pack))
                 for method in site.methods if not methods_meant(pack, method)]
    for number, place in enumerate(site.firewalls):
        for key, words in (("interfaces", place.interfaces), ("acl", place.acl)):
            problems += [site.problem(("firewalls", number, key, role), unknown("role", role, roles))
                         for role in words if role not in roles]
        problems += [site.problem(("firewalls", number, "host"), unknown("role", role, roles))
                     for role in place.host if role not in roles]
    for number, path in enumerate(site.paths):
        problems += [site.problem(("paths", number, key), unknown("role", role, roles))
                     for key, ends in (("from", (path.source,)), ("to", path.destinations))
                     for role in ends if role not in roles]
    return problems


def _not_a_method(word: str, methods: list[str], pack: Pack) -> str:
    if word in pack.of_other_tier:
        return Reason("method {method} belongs to the tier '{tier}', which is proven on request only: give "
                      "--tier {tier}, or write 'tier: {tier}' into the site file", method=word,
                      tier=SUPPORTING)
    return unknown("method", word, methods)

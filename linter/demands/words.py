"""What a site names of its packs: methods and roles."""

from __future__ import annotations

from aclproof.linter.site.site import Site
from aclproof.rules.joined import bare, means
from aclproof.rules.pack import Pack
from aclproof.rules.strict_yaml import Problem
from aclproof.rules.suggest import unknown


def chosen_methods(site: Site, pack: Pack) -> tuple[str, ...]:
    """The methods that the site names, all without any; a bare word is every pack's method of that name."""
    ids = [method.id for method in pack.methods]
    named = {each for word in site.methods for each in means(word, ids)}
    return tuple(each for each in ids if not site.methods or each in named)


def unknown_words(site: Site, pack: Pack) -> list[Problem]:
    """Return every role and method in a site that none of its packs has."""
    roles = [role.id for role in pack.roles]
    methods = [word for method in pack.methods for word in (method.id, bare(method.id))]
    problems = [site.problem(("roles", role), unknown("role", role, roles))
                for role in site.roles if role not in roles]
    problems += [site.problem(("methods", number), unknown("method", method, methods))
                 for number, method in enumerate(site.methods) if method not in methods]
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

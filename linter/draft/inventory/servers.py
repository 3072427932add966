"""Which servers the clients of a group use, and their addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from aclproof.linter.draft.inventory.inventory import Group, Inventory, InventorySite, ServerRole
from aclproof.linter.draft.stated import Line
from aclproof.linter.questions import FILL_IN
from aclproof.linter.site.disjoint_addresses import DisjointAddresses
from aclproof.parsers.model.addresses import spell_all
from aclproof.reason import Reason
from aclproof.rules.inventory_section import InventoryHints, InventoryRole


class Scope(Struct, frozen=True):
    """The sites of a group's clients, and the servers that the group lists, all in small letters."""

    sites: Sequence[InventorySite]
    listed: frozenset[str]


class Chosen(Struct, frozen=True):
    """The servers of one role, and what is to be said of the choice."""

    servers: Sequence[ServerRole]
    remark: str = ""
    foreign: Sequence[ServerRole] = ()
    """What may serve the clients in this role, and is no server in the own network."""


def scope_of(groups: Sequence[Group], inventory: Inventory) -> Scope:
    """Return the scope of groups that have clients in common."""
    listed = frozenset(_full_name(server, inventory) for group in groups for server in group.servers)
    codes = list(dict.fromkeys(code for group in groups for code in _sites_of(group, inventory)))
    assigned = codes or [each.code for each in inventory.sites.values() if each.is_assigned]
    below = [each.code for each in inventory.sites.values() if each.is_secondary and each.parent in assigned
             and any(role.site == each.code and _full_name(role.server, inventory) in listed
                     for role in inventory.roles)]
    return Scope([inventory.sites[code] for code in (*assigned, *below)], listed)


def _sites_of(group: Group, inventory: Inventory) -> Iterator[str]:
    """The site that a group assigns; else those of its servers, of which a secondary one stands for its
    parent."""
    if group.site:
        yield group.site
        return
    own = {_full_name(server, inventory) for server in group.servers}
    for role in inventory.roles:
        site = inventory.sites[role.site]
        if _full_name(role.server, inventory) in own:
            yield site.parent if site.is_secondary and site.parent in inventory.sites else site.code


def chosen(scope: Scope, inventory: Inventory, hints: InventoryHints) -> dict[str, Chosen]:
    """Return for every role that the product's names lead to the servers that play it for the clients."""
    every = [*inventory.roles, *_of_sites(inventory, hints)]
    codes = [each.code for each in scope.sites]
    related = [code for site in codes for code in inventory.related(site) if code not in codes]
    found: dict[str, Chosen] = {}
    for name, hint in hints.roles.items():
        named = [each for each in every if each.role == name]
        found[hint.role] = _choice(hint, named, codes, scope, inventory, hints)
        if hint.elsewhere:
            found[hint.elsewhere] = Chosen([each for each in named if each.site in related])
    return found


def _of_sites(inventory: Inventory, hints: InventoryHints) -> Iterator[ServerRole]:
    """The servers that sites name, as far as no role names them."""
    known = {(_full_name(each.server, inventory), each.site) for each in inventory.roles
             if each.role == hints.site_name}
    for site in inventory.sites.values():
        if hints.site_name and (_full_name(site.head, inventory), site.code) not in known:
            yield ServerRole(site.place, site.head, hints.site_name, site.code, "", {})


def _choice(hint: InventoryRole, named: Sequence[ServerRole], codes: Sequence[str], scope: Scope,
            inventory: Inventory, hints: InventoryHints) -> Chosen:
    foreign = [each for each in named if _is_foreign(each, hints)]
    local = [each for each in named if each not in foreign]
    own = [each for each in local if each.site in codes]
    listed = [each for each in local if _full_name(each.server, inventory) in scope.listed]
    listed_foreign = [each for each in foreign if _full_name(each.server, inventory) in scope.listed]
    if hint.of == "listed":
        remark = Reason("only where the group lists one") if named and not listed else ""
        return Chosen(listed, remark, listed_foreign)
    if hint.of == "group" and listed:
        return Chosen(listed, "", listed_foreign)
    perhaps = [each for each in foreign if each.site in codes or each in listed_foreign]
    if hint.of == "group" and own:
        all_of = Reason("the group lists none: all of site {codes}", codes=", ".join(codes))
        return Chosen(own, all_of, perhaps)
    if not own and local:
        elsewhere = Reason("none in site {codes}; there are some in {others}", codes=", ".join(codes),
                           others=", ".join(sorted({each.site for each in local})))
        return Chosen((), elsewhere, perhaps)
    return Chosen(own, "", perhaps)


def _is_foreign(role: ServerRole, hints: InventoryHints) -> bool:
    """Whether it is of something else than a server in the own network."""
    return bool(hints.server_kinds and role.kind and role.kind not in hints.server_kinds)


def lines(servers: Iterable[ServerRole], inventory: Inventory) -> Iterator[Line]:
    """Yield the addresses of servers, each once; a server without one is a gap."""
    covered = DisjointAddresses()
    for each in servers:
        remark = Reason("{server}: {role} ({place})", server=each.server, role=each.role, place=each.place)
        known = inventory.addresses.get(_full_name(each.server, inventory), ())
        if not known:
            yield Line(FILL_IN, Reason("{server} has no address in the export: {role} ({place})",
                                       server=each.server, role=each.role, place=each.place))
        for address in known:
            text = ", ".join(spell_all(address))
            if covered.overlaps(address):
                yield Line("", Reason("{address} above is {server} as well", address=text, server=remark))
            else:
                covered.add(address)
                yield Line(text, remark)


def unknown(scope: Scope, inventory: Inventory, hints: InventoryHints,
            foreign: Iterable[ServerRole]) -> Iterator[Line]:
    """Yield the addresses of what may serve the clients, in a role that cannot be told."""
    for each in foreign:
        yield from _unknown(each, inventory, Reason("on a system of the kind {kind!r}", kind=each.kind))
    codes = {each.code for each in scope.sites}
    seen: set[str] = set()
    for each in inventory.roles:
        name = _full_name(each.server, inventory)
        seen.add(name)
        if (each.site in codes or name in scope.listed) and each.role not in hints.roles \
                and each.role not in hints.other_roles:
            yield from _unknown(each, inventory, Reason("a role that is not known here"))
    for name in sorted(scope.listed - seen):
        yield Line(FILL_IN, Reason("{server} is in the group, and no role of it is in the export",
                                   server=name))


def _unknown(role: ServerRole, inventory: Inventory, because: str) -> Iterator[Line]:
    remark = Reason("{server}: {role} ({place}), {because}", server=role.server, role=role.role,
                    place=role.place, because=because)
    known = inventory.addresses.get(_full_name(role.server, inventory), ())
    yield from (Line(text, remark) for address in known for text in spell_all(address))
    if not known:
        yield Line(FILL_IN, remark)


def _full_name(server: str, inventory: Inventory) -> str:
    """A name in small letters; a short one is the only full name that begins with it."""
    name = server.lower()
    return inventory.full_names.get(name, name)

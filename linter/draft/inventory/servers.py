"""Which servers the clients of a group use, and their addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from aclproof.linter.draft.inventory.inventory import Group, Inventory, InventorySite, ServerRole
from aclproof.linter.draft.stated import Line
from aclproof.linter.questions import FILL_IN
from aclproof.linter.site.disjoint_addresses import DisjointAddresses
from aclproof.parsers.model.addresses import spell_all
from aclproof.reason import Reason
from aclproof.rules.inventory_section import InventoryHints, InventoryRole


class Scope(Struct, frozen=True):
    """The sites of a group's clients, and the hosts that the group lists."""

    sites: Mapping[str, InventorySite]
    listed: frozenset[str]

    @property
    def named(self) -> str:
        """The sites, for people."""
        return ", ".join(self.sites)

    def lists(self, role: ServerRole) -> bool:
        """Return whether the group lists a server."""
        return role.host in self.listed


class Chosen(Struct, frozen=True):
    """The servers of one role, and what is to be said of the choice."""

    servers: Sequence[ServerRole]
    remarks: Sequence[str] = ()
    foreign: Sequence[ServerRole] = ()
    """What may serve the clients in this role, and is no server in the own network."""

    def and_also(self, other: Chosen) -> Chosen:
        """Return both: the product may have several names for one role."""
        return Chosen([*self.servers, *other.servers], [*self.remarks, *other.remarks],
                      [*self.foreign, *other.foreign])


NOBODY = Chosen(())


def scope_of(groups: Sequence[Group], inventory: Inventory) -> Scope:
    """Return the scope of groups that have clients in common."""
    listed = frozenset(host for group in groups for host in group.hosts)
    codes = dict.fromkeys(code for group in groups for code in _sites_of(group, inventory))
    assigned = list(codes) or [each.code for each in inventory.sites.values() if each.is_assigned]
    serving = {role.site for role in inventory.roles if role.host in listed}
    below = [each.code for each in inventory.sites.values()
             if each.is_secondary and each.parent in assigned and each.code in serving]
    return Scope({code: inventory.sites[code] for code in (*assigned, *below)}, listed)


def _sites_of(group: Group, inventory: Inventory) -> Iterator[str]:
    """The site that a group assigns; else those of its servers, of which a secondary one stands for its
    parent."""
    if group.site:
        yield group.site
        return
    for role in inventory.roles:
        site = inventory.sites[role.site]
        if role.host in group.hosts:
            yield site.parent if site.is_secondary and site.parent in inventory.sites else site.code


def chosen(scope: Scope, inventory: Inventory, hints: InventoryHints) -> dict[str, Chosen]:
    """Return for every role that the product's names lead to the servers that play it for the clients."""
    by_name: dict[str, list[ServerRole]] = {}
    for role in (*inventory.roles, *_of_sites(inventory, hints)):
        by_name.setdefault(role.role, []).append(role)
    related = {code for site in scope.sites for code in inventory.related(site) if code not in scope.sites}
    found: dict[str, Chosen] = {}
    for name, hint in hints.roles.items():
        named = by_name.get(name, [])
        found[hint.role] = found.get(hint.role, NOBODY).and_also(
            _choice(hint, named, scope, hints.server_kinds))
        if hint.elsewhere:
            others = Chosen([each for each in named if each.site in related])
            found[hint.elsewhere] = found.get(hint.elsewhere, NOBODY).and_also(others)
    return found


def _of_sites(inventory: Inventory, hints: InventoryHints) -> Iterator[ServerRole]:
    """The servers that sites name, as far as no role names them."""
    known = {(each.host, each.site) for each in inventory.roles if each.role == hints.site_name}
    for site in inventory.sites.values():
        if hints.site_name and (site.host, site.code) not in known:
            yield ServerRole(site.place, site.head, site.host, hints.site_name, site.code, "", {})


def _choice(hint: InventoryRole, named: Sequence[ServerRole], scope: Scope, kinds: Sequence[str]) -> Chosen:
    """Choose among the servers with a role; of `kinds` are those in the own network, or all without any."""
    near = [each for each in named if each.site in scope.sites or scope.lists(each)]
    left_out = {id(each): because for each in near if (because := _reason_against(each, hint))}
    named = [each for each in named if id(each) not in left_out]
    local = [each for each in named if not (kinds and each.kind) or each.kind in kinds]
    foreign = [each for each in named if kinds and each.kind and each.kind not in kinds]
    own = [each for each in local if each.site in scope.sites]
    listed = [each for each in local if scope.lists(each)]
    if hint.of == "listed" or (hint.of == "group" and listed):
        remarks = [Reason("only where the group lists one")] if named and not listed else []
        return Chosen(listed, [*remarks, *left_out.values()], [each for each in foreign if scope.lists(each)])
    return Chosen(own, [*_remarks(hint, local, own, scope), *left_out.values()],
                  [each for each in foreign if each.site in scope.sites or scope.lists(each)])


def _reason_against(role: ServerRole, hint: InventoryRole) -> str:
    """Why a server does not serve computers in the own network; empty where nothing says so."""
    for name, values in hint.unless.items():
        if role.properties.get(name) in values:
            return Reason("left out, as it serves only computers on the internet ({name} {value}): {server}",
                          name=name, value=role.properties[name], server=_named(role))
    return ""


def _remarks(hint: InventoryRole, local: Sequence[ServerRole], own: Sequence[ServerRole],
             scope: Scope) -> Iterator[str]:
    """What is to be said of the choice of all servers of the sites."""
    if not own and local:
        yield Reason("none in site {codes}; there are some in {others}", codes=scope.named,
                      others=", ".join(sorted({each.site for each in local})))
    elif hint.of == "group" and own:
        yield Reason("the group lists none: all of site {codes}", codes=scope.named)
    elif len({scope.lists(each) for each in own}) > 1:
        yield Reason("all of site {codes}, whatever the group lists", codes=scope.named)


def lines(servers: Iterable[ServerRole], inventory: Inventory) -> Iterator[Line]:
    """Yield the addresses of servers, each once; a server without one is a gap."""
    covered = DisjointAddresses()
    for each in servers:
        remark = _named(each)
        known = inventory.addresses.get(each.host, ())
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


def _named(role: ServerRole) -> str:
    return Reason("{server}: {role} ({place})", server=role.server, role=role.role, place=role.place)


def unknown(scope: Scope, inventory: Inventory, hints: InventoryHints,
            foreign: Iterable[ServerRole]) -> Iterator[Line]:
    """Yield the addresses of what may serve the clients, in a role that cannot be told."""
    for each in foreign:
        yield from _unknown(each, inventory, Reason("on a system of the kind {kind!r}", kind=each.kind))
    named = {*hints.roles, *hints.other_roles}
    for each in inventory.roles:
        if each.role not in named and (each.site in scope.sites or scope.lists(each)):
            yield from _unknown(each, inventory, Reason("a role that is not known here"))
    for host in sorted(scope.listed - {each.host for each in inventory.roles}):
        yield Line(FILL_IN, Reason("{server} is in the group, and no role of it is in the export",
                                   server=host))


def _unknown(role: ServerRole, inventory: Inventory, because: str) -> Iterator[Line]:
    remark = Reason("{server}: {role} ({place}), {because}", server=role.server, role=role.role,
                    place=role.place, because=because)
    known = inventory.addresses.get(role.host, ())
    yield from (Line(text, remark) for address in known for text in spell_all(address))
    if not known:
        yield Line(FILL_IN, remark)

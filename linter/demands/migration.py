"""From one pack to another at the same site: what to open before, and what may be closed afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from aclproof import rules
from aclproof.linter.demands.port_request import Flow, PortRequest, empty_request, port_request
from aclproof.linter.engine.algebra import split
from aclproof.linter.site.packs import pack_of
from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers.model.packets import Box
from aclproof.reason import Reason
from aclproof.rules.joined import join, methods_meant, settings_meant
from aclproof.rules.settings import SettingError, resolve
from aclproof.rules.strict_yaml import InputError, Problem


class Migration(Struct, frozen=True):
    """Two port requests of a site, each cut down to the packets that something has to be done about."""

    before: PortRequest
    """What the old pack needs and the new one does not."""
    after: PortRequest
    """What the new pack needs and the old one did not."""
    kept: PortRequest
    """What both need, as the new pack says it."""
    site: Site | None
    """As the new pack sees it; None where it selects none of its methods."""
    needed: bool
    """Whether either pack needs anything."""


def migration(old: Site, new: Site) -> Migration:
    """Compare the requests of a site for the packs of `old` and `new`.

    Nothing is closed that a method needs today which the new pack knows and cannot be applied to, and nothing
    at all where that one has none of the site's methods. InputError where a pack cannot be applied to the
    site.
    """
    seen = _seen_by(new, old.packs)
    if seen:
        _refuse_foreign_values(old, seen)
    before, after = _request(old, _seen_by(old, new.packs)), _request(new, seen)
    closable = [flow for flow in before.flows if seen and not after.left_out.keys() & set(flow.methods)]
    _, closed = _cut(closable, after.flows)
    kept, opened = _cut(after.flows, before.flows)
    return Migration(replace(before, flows=closed), replace(after, flows=opened), replace(after, flows=kept),
                     seen, bool(before.flows or after.flows))


def _refuse_foreign_values(old: Site, new: Site) -> None:
    """Refuse values of the site file that only the old pack knows: its line is right for that one."""
    said = new.origin.data.get("settings") if new.origin and isinstance(new.origin.data, dict) else None
    try:
        resolve(pack_of(new), new.settings)
    except SettingError as error:
        foreign = [(key, message) for key, message in error.problems
                   if isinstance(said, dict) and key in said and old.settings.get(key) == new.settings[key]]
        if foreign:
            raise InputError(*(Problem(Reason("command line"), 0, f"--compare {' '.join(new.packs)}", Reason(
                "{key}: {message}; give --set {key}=VALUE for this pack", key=key, message=message))
                               for key, message in foreign)) from None


def _request(site: Site, seen: Site | None) -> PortRequest:
    return port_request(seen) if seen else empty_request(site)


def _seen_by(site: Site, others: Sequence[str]) -> Site | None:
    """A site for its packs, without the words that only the `others` know.

    None where it selects only methods of those. What neither knows stays, and is an error as ever.
    """
    pack, beside = (join(list(map(rules.load, names))) for names in (site.packs, others))
    roles = _foreign((each.id for each in pack.roles), (each.id for each in beside.roles))
    methods = tuple(word for word in site.methods
                    if methods_meant(pack, word) or not methods_meant(beside, word))
    if site.methods and not methods:
        return None
    return replace(
        site, settings={key: value for key, value in site.settings.items()
                        if settings_meant(pack, key) or not settings_meant(beside, key)},
        roles={role: known for role, known in site.roles.items() if role not in roles}, methods=methods,
        narrowed=True,  # a fact of the site file may be for what only the other pack needs
        paths=tuple(replace(path, destinations=ends) for path in site.paths if path.source not in roles
                    and (ends := tuple(each for each in path.destinations if each not in roles))),
        firewalls=tuple(_place(each, roles) for each in site.firewalls
                        if not each.host or frozenset(each.host) - roles))


def _place(place: SiteFirewall, foreign: frozenset[str]) -> SiteFirewall:
    return replace(place, interfaces=_without(place.interfaces, foreign), acl=_without(place.acl, foreign),
                   host=tuple(role for role in place.host if role not in foreign))


def _without(by_role: Mapping[str, str], foreign: frozenset[str]) -> Mapping[str, str]:
    return {role: name for role, name in by_role.items() if role not in foreign}


def _foreign(own: Iterator[str], others: Iterator[str]) -> frozenset[str]:
    return frozenset(others) - frozenset(own)


def _cut(flows: Sequence[Flow], others: Sequence[Flow]) -> tuple[tuple[Flow, ...], tuple[Flow, ...]]:
    """The parts of flows that others need as well, and those that they do not."""
    alike: dict[object, list[Box]] = {}
    for each in others:
        alike.setdefault((each.box.family, each.box.protocol), []).append(each.box)
    shared: list[Flow] = []
    alone: list[Flow] = []
    for flow in flows:
        inside, outside = split(flow.box, alike.get((flow.box.family, flow.box.protocol), []))
        shared += [replace(flow, box=part) for part in inside]
        alone += [replace(flow, box=part) for part in outside]
    return tuple(shared), tuple(alone)

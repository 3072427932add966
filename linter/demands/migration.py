"""From one pack to another at the same site: what to open before, and what may be closed afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from aclproof import rules
from aclproof.linter.demands.port_request import Flow, PortRequest, port_request
from aclproof.linter.engine.algebra import split
from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers.model.packets import Box


class Migration(Struct, frozen=True):
    """Two port requests of a site, each cut down to the packets that something has to be done about."""

    before: PortRequest
    """What the old pack needs and the new one does not."""
    after: PortRequest
    """What the new pack needs and the old one did not."""
    kept: PortRequest
    """What both need, as the new pack says it."""


def migration(old: Site, new: Site) -> Migration:
    """Compare the requests of a site as two packs see it; InputError where one cannot be applied to it."""
    before, after = port_request(old), port_request(new)
    _, closed = _cut(before.flows, after.flows)
    kept, opened = _cut(after.flows, before.flows)
    return Migration(replace(before, flows=closed), replace(after, flows=opened), replace(after, flows=kept))


def seen_by(site: Site, name: str, other: str) -> Site:
    """Return a site for a pack, without the words that only the `other` one knows.

    What neither knows stays, and is an error as ever.
    """
    pack, beside = rules.load(name), rules.load(other)
    roles = _foreign((each.id for each in pack.roles), (each.id for each in beside.roles))
    keys = _foreign((each.id for each in pack.settings), (each.id for each in beside.settings))
    methods = _foreign((each.id for each in pack.methods), (each.id for each in beside.methods))
    return replace(
        site, pack=name, settings={key: value for key, value in site.settings.items() if key not in keys},
        roles={role: known for role, known in site.roles.items() if role not in roles},
        methods=tuple(method for method in site.methods if method not in methods),
        paths=tuple(replace(path, destinations=ends) for path in site.paths if path.source not in roles
                    and (ends := tuple(each for each in path.destinations if each not in roles))),
        firewalls=tuple(_place(each, roles) for each in site.firewalls))


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

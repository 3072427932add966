"""Reads an export into an inventory; every reference in it has to lead somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from aclproof.linter.draft.inventory.inventory import (
    Boundary,
    BoundaryKind,
    Group,
    Inventory,
    InventorySite,
    ServerRole,
)
from aclproof.linter.draft.inventory.records import Record, opened
from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import AddressSet
from aclproof.reason import Reason

_FORMAT = "aclproof-inventory-1"
_SECONDARY, _PRIMARY, _TOP = 1, 2, 4


def read(path: str) -> Inventory:
    """Read an export; InputError holds every problem, UnsupportedInputError says why it is none."""
    faults, top = opened(path)
    if top.text("Format") not in ("", _FORMAT):
        top.wrong("Format", Reason("is not {known}: this aclproof reads no other one", known=_FORMAT))
    faults.stop()
    known, sites, boundaries = _addresses(top), _sites(top), _boundaries(top)
    roles, groups = _roles(top, sites), _groups(top, boundaries, sites)
    faults.stop()
    return _with_hosts(Inventory(faults.file, sites, roles, known, tuple(boundaries.values()), groups))


class _Once:
    """Keys that may be there once, and where each is."""

    def __init__(self) -> None:
        self._places: dict[object, str] = {}

    def is_first(self, record: Record, name: str, key: object) -> bool:
        """Whether a key is there for the first time; else it is a fault."""
        if key in self._places:
            record.wrong(name, Reason("is at {place} already: leave one of them out, or export it again",
                                      place=self._places[key]))
            return False
        self._places[key] = record.path
        return True


def _sites(top: Record) -> dict[str, InventorySite]:
    found: dict[str, InventorySite] = {}
    once = _Once()
    for each in top.records("Sites", needed=True):
        code, kind = each.text("SiteCode"), each.number("Type")
        if kind not in (_SECONDARY, _PRIMARY, _TOP, -1):
            each.wrong("Type", Reason("{kind} is no type of a site that is known: 1, 2 or 4", kind=kind))
        if once.is_first(each, "SiteCode", code):
            found[code] = InventorySite(each.path, code, each.text("ServerName"), "", each.text("Version"),
                                        each.optional("ReportingSiteCode"), kind == _SECONDARY,
                                        kind == _PRIMARY, each.properties())
    return found


def _roles(top: Record, sites: Mapping[str, InventorySite]) -> tuple[ServerRole, ...]:
    found: list[ServerRole] = []
    once = _Once()
    for each in top.records("Roles", needed=True):
        server, role, site = each.text("Server"), each.text("RoleName"), each.text("SiteCode")
        _check_known(each, "SiteCode", site, sites)
        if once.is_first(each, "Server", (server.lower(), role, site)):
            found.append(ServerRole(each.path, server, "", role, site, each.optional("NALType"),
                                    each.properties()))
    return tuple(found)


def _addresses(top: Record) -> dict[str, tuple[AddressSet, ...]]:
    found: dict[str, tuple[AddressSet, ...]] = {}
    once = _Once()
    for each in top.records("Addresses"):
        name = each.text("Name").lower()
        some = []
        for path, text in each.texts("Addresses"):
            try:
                some.append(addresses.parse(text))
            except ValueError as error:
                each.wrong(path.removeprefix(f"{each.path}."), str(error))
        if once.is_first(each, "Name", name):
            found[name] = tuple(some)
    return found


def _boundaries(top: Record) -> dict[int, Boundary]:
    found: dict[int, Boundary] = {}
    once = _Once()
    kinds = {int(kind): kind for kind in BoundaryKind}
    for each in top.records("Boundaries"):
        number, kind = each.number("BoundaryID"), each.number("BoundaryType")
        value = each.text("Value")
        if once.is_first(each, "BoundaryID", number):
            found[number] = Boundary(each.path, number, each.optional("DisplayName") or value,
                                     kinds.get(kind), kind, value)
    return found


def _groups(top: Record, boundaries: Mapping[int, Boundary],
            sites: Mapping[str, InventorySite]) -> tuple[Group, ...]:
    found: list[Group] = []
    once = _Once()
    for each in top.records("BoundaryGroups", needed=True):
        number, site = each.number("GroupID"), each.optional("DefaultSiteCode")
        once.is_first(each, "GroupID", number)
        if site:
            _check_known(each, "DefaultSiteCode", site, sites)
        own = [(path, id_) for path, id_ in each.numbers("Boundaries")]
        servers = [record.text("Server") for record in each.records("SiteSystems")]
        found.append(Group(each.path, number, each.text("Name"), site, _referenced(each, own, boundaries),
                           tuple(servers)))
    return tuple(found)


def _referenced(group: Record, own: Iterable[tuple[str, int]],
                boundaries: Mapping[int, Boundary]) -> tuple[Boundary, ...]:
    found: dict[int, Boundary] = {}
    for path, number in own:
        name = path.removeprefix(f"{group.path}.")
        if number not in boundaries and -1 not in boundaries:  # else a fault of one is told already
            group.wrong(name, Reason("boundary {number} is not among Boundaries: export it again",
                                     number=number))
        elif number in found:
            group.wrong(name, Reason("boundary {number} is twice in the group: leave one out, or export it "
                                     "again", number=number))
        elif number in boundaries:
            found[number] = boundaries[number]
    return tuple(found.values())


def _check_known(record: Record, name: str, code: str, sites: Mapping[str, InventorySite]) -> None:
    if code and code not in sites and sites and "" not in sites:  # else a fault of one is told already
        record.wrong(name, Reason("site {code} is not among Sites: export it again from the topmost site",
                                  code=code))


def _with_hosts(known: Inventory) -> Inventory:
    """Give each server its full name: for a short one the only one that begins with it."""
    full: dict[str, list[str]] = {}
    for name in {*known.addresses, *(each.server.lower() for each in known.roles)}:
        short, dot, _ = name.partition(".")
        if dot:
            full.setdefault(short, []).append(name)

    def host(server: str) -> str:
        names = full.get(server.lower(), ())
        return names[0] if len(names) == 1 else server.lower()

    together: dict[str, dict[AddressSet, None]] = {}
    for name, some in known.addresses.items():  # both names of a server may have some
        together.setdefault(host(name), {}).update(dict.fromkeys(some))
    return replace(known,
                   sites={code: replace(each, host=host(each.head)) for code, each in known.sites.items()},
                   roles=tuple(replace(each, host=host(each.server)) for each in known.roles),
                   groups=tuple(replace(each, hosts=tuple(dict.fromkeys(map(host, each.hosts))))
                                for each in known.groups),
                   addresses={name: tuple(some) for name, some in together.items()})

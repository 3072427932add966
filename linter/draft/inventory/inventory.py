"""What an export holds, checked for form: what follows from it is not this module's matter."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from msgspec import Struct

from aclproof.parsers.model.addresses import AddressSet


class BoundaryKind(IntEnum):
    """What the value of a boundary is."""

    SUBNET = 0
    """The number of a subnet, without the length of its prefix."""
    DIRECTORY_SITE = 1
    PREFIX = 2
    RANGE = 3
    VPN = 4


class InventorySite(Struct, frozen=True):
    """A site; `parent` is empty for the topmost one, `properties` are those that settings may follow from."""

    place: str
    code: str
    head: str
    """The server that it is installed on."""
    host: str
    """The same by its full name in small letters, as `host` of a role."""
    version: str
    parent: str
    is_secondary: bool
    is_assigned: bool
    """Whether clients are assigned to it: neither secondary nor only there to administrate others."""
    properties: Mapping[str, str]


class ServerRole(Struct, frozen=True):
    """A role of a server, as the product calls it."""

    place: str
    server: str
    host: str
    """Its full name in small letters; of a short one the only full name that begins with it."""
    role: str
    site: str
    kind: str
    """What the product calls the server's system; empty where the export does not say."""
    properties: Mapping[str, str]


class Boundary(Struct, frozen=True):
    """A network of clients; `kind` is None where the product has a kind that is not known here."""

    place: str
    number: int
    name: str
    kind: BoundaryKind | None
    kind_number: int
    value: str


class Group(Struct, frozen=True):
    """A group of boundaries, and the hosts that it lists; `site` is empty where it assigns none."""

    place: str
    number: int
    name: str
    site: str
    boundaries: tuple[Boundary, ...]
    hosts: tuple[str, ...]


class Inventory(Struct, frozen=True):
    """One export; `addresses` are by host, and have no entry for an unknown one."""

    file: str
    sites: Mapping[str, InventorySite]
    roles: tuple[ServerRole, ...]
    addresses: Mapping[str, tuple[AddressSet, ...]]
    boundaries: tuple[Boundary, ...]
    groups: tuple[Group, ...]

    def related(self, code: str) -> list[str]:
        """Return the codes of the parent site and of the child sites of one."""
        parent = self.sites[code].parent
        children = [each.code for each in self.sites.values() if each.parent == code]
        return [*filter(None, [parent]), *children]

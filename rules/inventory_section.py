"""The section `init.inventory` of a pack: how an export of the product's own inventory names things.

An export lists sites, the roles of their servers with properties, and groups of networks.
"""

from typing import Literal, TypeAlias

from msgspec import Struct, field

Scope: TypeAlias = Literal["site", "group", "listed"]


class Versions(Struct, frozen=True, forbid_unknown_fields=True):
    """The versions of a site that the pack is for: from the first one, before the last one."""

    first: str = field(name="from")
    before: str = ""


class InventoryRole(Struct, frozen=True, forbid_unknown_fields=True):
    """A role of the pack, and which servers with it the near role of a group of networks uses."""

    role: str
    of: Scope
    """All of the group's sites; those that the group lists, else all of its sites; or only those."""
    elsewhere: str = ""
    """The role that such servers of a parent or child site play."""
    needed: bool = False
    """Whether every site has one, so that none in an export is a gap."""
    unless: dict[str, tuple[str, ...]] = {}
    """Properties with which a server does not serve the own network, and any of their values."""


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    """A value of a setting where each of some properties has one of some values."""

    value: str
    when: dict[str, tuple[str, ...]]


class InventorySetting(Struct, frozen=True, forbid_unknown_fields=True):
    """A setting that follows from a property of servers, or of their sites: its value, or the first case."""

    id: str
    roles: tuple[str, ...] = ()
    """Whose servers decide; none: the sites."""
    property: str = ""
    cases: tuple[Case, ...] = ()
    optional: bool = False
    """Whether its default stands where the property is not shown."""


class InventoryHints(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What exports of this pack's product hold; without it none is read for the pack."""

    versions: Versions
    site_name: str = ""
    """The name of the role of the server that each site itself names."""
    roles: dict[str, InventoryRole] = {}
    """By the name that the product gives a role."""
    other_roles: tuple[str, ...] = ()
    """Names of roles that no requirement of the pack concerns."""
    server_kinds: tuple[str, ...] = ()
    """What the product calls a server in the own network; others have no addresses there. None: any."""
    settings: tuple[InventorySetting, ...] = ()

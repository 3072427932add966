"""One site file for each group of an inventory: its name, its pack, and what is stated in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import PurePath

from msgspec import Struct

from aclproof import rules
from aclproof.linter.draft.inventory import boundaries, servers, settings
from aclproof.linter.draft.inventory.inventory import Group, Inventory, InventorySite
from aclproof.linter.draft.inventory.servers import Chosen, Scope
from aclproof.linter.draft.stated import Line, Stated
from aclproof.linter.questions import FILL_IN
from aclproof.reason import Reason
from aclproof.rules.inventory_section import Versions
from aclproof.rules.pack import Pack
from aclproof.rules.strict_yaml import InputError, Problem

_LONGEST_NAME = 60
_MOST_NAMES = 5
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""No names of files on Windows."""


class SiteFile(Struct, frozen=True):
    """A site file to be written: the name of the file, the pack and how it is named, and the content."""

    name: str
    pack_name: str
    pack: Pack
    stated: Stated


def of_groups(inventory: Inventory, pack_name: str = "") -> Iterator[SiteFile]:
    """Yield the file of each group; without a pack the one that is for the version of the group's sites.

    InputError where none is, or where the pack says nothing of exports.
    """
    sharing = boundaries.sharing(inventory.groups)
    packs: dict[str, Pack] = {}
    for group, name in zip(inventory.groups, file_names(inventory.groups), strict=True):
        together = [group, *sharing[group.number]]
        scope = servers.scope_of(together, inventory)
        sites = list(scope.sites.values())
        if not sites:
            raise _error(inventory, group.place, Reason(
                "there is no site in Sites that its clients could belong to: export it again from the "
                "topmost site"))
        chosen_name = pack_name or _pack_for(group, sites, inventory)
        if chosen_name not in packs:
            packs[chosen_name] = rules.load(rules.find(chosen_name))
        pack = packs[chosen_name]
        _check_hints(pack, chosen_name, group, sites, inventory)
        because = Reason("given by --pack") if pack_name else Reason(
            "site {code} has version {version}", code=sites[0].code, version=sites[0].version)
        yield SiteFile(name, chosen_name, pack, _stated(together, scope, inventory, pack, because))


def in_no_group(inventory: Inventory) -> str:
    """Say which boundaries no site file has, as they are in no group; empty where there are none."""
    grouped = {boundary.number for group in inventory.groups for boundary in group.boundaries}
    alone = [each.name for each in inventory.boundaries if each.number not in grouped]
    more = len(alone) - _MOST_NAMES
    if not alone:
        return ""
    if more > 0:
        return Reason("boundaries in no group are in no site file: {names} and {number} more",
                      names=", ".join(alone[:_MOST_NAMES]), number=more)
    return Reason("boundaries in no group are in no site file: {names}", names=", ".join(alone))


def _stated(groups: Sequence[Group], scope: Scope, inventory: Inventory, pack: Pack, because: str) -> Stated:
    hints = pack.init.inventory
    assert hints is not None
    chosen = servers.chosen(scope, inventory, hints)
    needed = {each.role for each in hints.roles.values() if each.needed}
    roles = {pack.near: list(boundaries.lines(groups[0].boundaries))}
    roles |= {role: list(_role(each, inventory, needed=role in needed)) for role, each in chosen.items()}
    foreign = [server for each in chosen.values() for server in each.foreign]
    serving = {hint.role: chosen[hint.role].servers for hint in hints.roles.values()}
    codes = dict.fromkeys([*scope.sites, *(each.site for some in serving.values() for each in some)])
    return Stated(list(_head(groups, scope, inventory)), because, roles,
                  dict(settings.lines(pack, [inventory.sites[code] for code in codes], serving)),
                  list(servers.unknown(scope, inventory, hints, foreign)))


def _role(found: Chosen, inventory: Inventory, *, needed: bool) -> Iterator[Line]:
    yield from (Line("", each) for each in found.remarks)
    yield from servers.lines(found.servers, inventory)
    if needed and not found.servers:
        yield Line(FILL_IN, Reason("the export shows none, and every site has one"))
    elif not found.servers and not found.remarks:
        yield Line("", Reason("the export shows none"))


def _head(groups: Sequence[Group], scope: Scope, inventory: Inventory) -> Iterator[str]:
    group, *others = groups
    yield Reason("# Boundary group {name!r} of {file} ({place}), whose clients belong to site {codes}.",
                 name=group.name, file=PurePath(inventory.file).name, place=group.place,
                 codes=scope.named)
    if not any(each.site or each.hosts for each in groups):
        yield Reason("# It assigns no site and lists no server, so that they may belong to any.")
    for other in others:
        yield Reason("# Boundary group {name!r} has clients in common with it: the servers of both are here.",
                     name=other.name)


def _pack_for(group: Group, sites: Sequence[InventorySite], inventory: Inventory) -> str:
    """The built-in pack for the version of all sites of a group."""
    names = {each.code: _pack_of_version(each.version) for each in sites}
    for site in sites:
        if not names[site.code]:
            raise _error(inventory, f"{site.place}.Version", Reason(
                "no built-in pack is for version {version}: name the one that is meant with --pack",
                version=site.version))
    if len(set(names.values())) != 1:
        raise _error(inventory, group.place, Reason(
            "the sites of this group have versions of several packs ({names}): name one with --pack",
            names=", ".join(f"{code} {name}" for code, name in names.items()) or "-"))
    return next(iter(names.values()))


@cache
def _pack_of_version(version: str) -> str:
    for name in rules.builtin():
        hints = rules.load(name).init.inventory
        if hints and _is_in(version, hints.versions):
            return name
    return ""


def _is_in(version: str, versions: Versions) -> bool:
    numbers = _numbers(version)
    return bool(numbers) and numbers >= _numbers(versions.first) and not (
        versions.before and numbers >= _numbers(versions.before))


def _numbers(version: str) -> list[int]:
    return [int(each) for each in version.split(".")] if re.fullmatch(r"\d{1,9}(\.\d{1,9})*", version) else []


def _check_hints(pack: Pack, name: str, group: Group, sites: Sequence[InventorySite],
                 inventory: Inventory) -> None:
    if not pack.near or not pack.init.inventory or not pack.init.inventory.roles:
        raise _error(inventory, group.place, Reason(
            "its site {code} has version {version}, and the pack {name} does not say how to read an export: "
            "write the site file by hand, beginning with 'aclproof init --pack {name}'", code=sites[0].code,
            version=sites[0].version, name=name))


def _error(inventory: Inventory, place: str, message: str) -> InputError:
    return InputError(Problem(inventory.file, 0, place, message))


def file_names(groups: Sequence[Group]) -> list[str]:
    """Name a file for each group: its name in letters, digits and `-`, no two equal whatever their case."""
    found: list[str] = []
    taken: set[str] = set()
    for group in groups:
        stem = _plain(group.name) or f"group-{group.number}"
        if stem.lower() in taken or _RESERVED.fullmatch(stem):
            stem = f"{stem}-{group.number}"
        while stem.lower() in taken:
            stem = f"{stem}-"
        taken.add(stem.lower())
        found.append(f"{stem}.yaml")
    return found


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^A-Za-z0-9_]+", "-", letters)[:_LONGEST_NAME].strip("-")

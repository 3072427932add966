"""Reads a site file; finds every problem of its form at once."""

from __future__ import annotations

from collections.abc import Mapping
from os.path import dirname, normpath
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from aclproof import rules
from aclproof.linter.site import extending, fact_answers, to_fill_in
from aclproof.linter.site import root as roots
from aclproof.linter.site.disjoint_addresses import DisjointAddresses
from aclproof.linter.site.root import Root
from aclproof.linter.site.site import (
    DEFAULT_PACK,
    NO_FIREWALL,
    SUPPORTING,
    USUAL,
    Site,
    SiteFirewall,
    SitePath,
)
from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import AddressSet
from aclproof.parsers.model.conditions import Fact
from aclproof.reason import Reason
from aclproof.rules.pack import Tier
from aclproof.rules.search import FOLDER
from aclproof.rules.strict_yaml import Data, Document, InputError, Problem, load, read_text
from aclproof.rules.suggest import unknown

_KEYS = (extending.KEY, "pack", "packs", "methods", "settings", "roles", "firewalls", "paths", "facts",
         "assume", "tier", "waivers")

_PATH_KEYS = ("from", "to", "through")

_FIREWALL_KEYS = ("name", "config", "ipset", "interfaces", "acl", "host", "profile", "context")


def read(path: Path | str, *, anywhere: bool = False, firewalls: bool = True,
         root: Path | str | None = None) -> Site:
    """Read a site file and what it extends; InputError holds every problem with file, line and key path.

    Paths are relative to the file that they stand in, and stay in the folder `root`, by default in the
    nearest one that holds `.aclproof` or `.git`, else in that of the site file; with `anywhere` in none.
    Without `firewalls` it need not name any, nor say where their configurations are: enough to know what has
    to be open.
    """
    chosen = roots.chosen(root, anywhere=anywhere)
    limits = chosen or roots.of(Path(path).parent)
    if refusal := limits.refusal(str(path), str(path)):
        raise InputError(Problem(str(path), 0, "", refusal))
    document = load(read_text(str(path)), str(path))
    return replace(_Reader(extending.extended(document, limits), limits, firewalls).site(), root=chosen)


class _Reader:
    """Collects every problem before it gives up."""

    def __init__(self, document: Document, limits: Root, need_firewalls: bool) -> None:
        self._document, self._limits, self._need_firewalls = document, limits, need_firewalls
        self._problems: list[Problem] = []
        self._to_fill_in = {path for path in to_fill_in.places(document.data)
                            if need_firewalls or path[:1] != ("firewalls",)}

    def site(self) -> Site:
        self._problems += [self._document.problem(path, Reason("still to be filled in"))
                           for path in self._to_fill_in]
        top = self._mapping((), self._document.data,
                            Reason("a site file is a mapping with the keys roles and firewalls"))
        self._known((), top, _KEYS, "key")
        needed = {"roles": Reason("'roles' is missing: name the addresses of each role")}
        if self._need_firewalls:
            needed["firewalls"] = NO_FIREWALL
        for key, message in needed.items():
            if not top.get(key):
                self._wrong((key,) if key in top else (), message)
        firewalls = self._firewalls(top.get("firewalls"))
        listed = self._roles(top.get("roles"))
        site = Site({role: addresses.join(some) for role, some in listed.items()}, firewalls,
                    self._packs(top),
                    self._texts(("methods",), top.get("methods")),
                    self._settings(top.get("settings")), self._facts(top.get("facts")),
                    self._paths(top.get("paths"), firewalls), self._document,
                    waivers=self._file(("waivers",), top.get("waivers")),
                    assume_usual=self._assume(top.get("assume")), tier=self._tier(top.get("tier")),
                    listed=listed)
        if self._problems:
            files = self._document.files()
            raise InputError(*sorted(self._problems, key=lambda each: (files.index(each.file), each.line)))
        return site

    def _wrong(self, path: tuple[str | int, ...], message: str) -> None:
        if path not in self._to_fill_in:
            self._problems.append(self._document.problem(path, message))

    def _known(self, path: tuple[str | int, ...], data: Mapping[str, Any], keys: tuple[str, ...],
               kind: str) -> None:
        for key in data:
            if key not in keys:
                self._wrong((*path, key), unknown(kind, key, keys))

    def _mapping(self, path: tuple[str | int, ...], data: Data, message: str) -> dict[str, Data]:
        if data is None:
            return {}
        if not isinstance(data, dict):
            self._wrong(path, message)
            return {}
        return data

    def _text(self, path: tuple[str | int, ...], data: Data) -> str:
        if data is None or isinstance(data, str):
            return data or ""
        self._wrong(path, Reason("expected one word or text here"))
        return ""

    def _texts(self, path: tuple[str | int, ...], data: Data) -> tuple[str, ...]:
        items = [data] if isinstance(data, str) else data
        if items is None:
            return ()
        if not isinstance(items, list) or not all(isinstance(each, str) for each in items):
            self._wrong(path, Reason("expected a name or a list of names"))
            return ()
        return tuple(str(each) for each in items)

    def _roles(self, data: Data) -> dict[str, list[AddressSet]]:
        roles = self._mapping(("roles",), data, Reason("expected 'role: [addresses]'"))
        return {role: self._addresses(("roles", role), each) for role, each in roles.items()}

    def _addresses(self, path: tuple[str | int, ...], data: Data) -> list[AddressSet]:
        items = data if isinstance(data, list) else [data]
        found: list[AddressSet] = []
        given = DisjointAddresses()
        for number, item in enumerate(items):
            where = (*path, number) if isinstance(data, list) else path
            if not isinstance(item, str):
                self._wrong(where, Reason("expected an address, a network or a range"))
                continue
            try:
                fresh = addresses.parse(item)
            except ValueError as error:
                self._wrong(where, str(error))
                continue
            if given.overlaps(fresh):
                self._wrong(where, Reason("'{item}' overlaps an address given above it", item=item))
            found.append(fresh)
            given.add(fresh)
        return found

    def _settings(self, data: Data) -> dict[str, str | list[str] | None]:
        found: dict[str, str | list[str] | None] = {}
        for key, value in self._mapping(("settings",), data, Reason("expected 'setting: value'")).items():
            if isinstance(value, dict) or (isinstance(value, list)
                                           and not all(isinstance(each, str) for each in value)):
                self._wrong(("settings", key), Reason("expected one value or a list of values"))
            else:
                found[key] = [str(each) for each in value] if isinstance(value, list) else value
        return found

    def _facts(self, data: Data) -> dict[str, Fact]:
        found: dict[str, Fact] = {}
        for key, value in self._mapping(("facts",), data, Reason("expected 'fact: value'")).items():
            if isinstance(value, list):
                found[key] = addresses.join(self._addresses(("facts", key), value))
                continue
            try:
                found[key] = fact_answers.answer(key, value if isinstance(value, str) else "")
            except ValueError as error:
                self._wrong(("facts", key), str(error))
        return found

    def _assume(self, data: Data) -> bool:
        if data not in (None, USUAL):
            self._wrong(("assume",), Reason("expected 'assume: {usual}': open questions then have their "
                                            "usual answers", usual=USUAL))
        return data == USUAL

    def _tier(self, data: Data) -> Tier:
        if data not in (None, SUPPORTING):
            self._wrong(("tier",), Reason("expected 'tier: {supporting}': what supports the methods is "
                                          "proven as well", supporting=SUPPORTING))
        return "supporting" if data == SUPPORTING else ""

    def _firewalls(self, data: Data) -> tuple[SiteFirewall, ...]:
        if data is not None and not isinstance(data, list):
            self._wrong(("firewalls",), Reason("expected a list: - {{name: ..., config: ...}}"))
            return ()
        places: list[SiteFirewall] = []
        for number, item in enumerate(data or []):
            path = ("firewalls", number)
            entry = self._mapping(path, item, Reason("expected {{name: ..., config: ...}}"))
            place = self._firewall(path, entry, {known.name for known in places})
            if place:
                places.append(place)
        return tuple(places)

    def _firewall(self, path: tuple[str | int, ...], entry: dict[str, Data],
                  taken: set[str]) -> SiteFirewall | None:
        """One entry, with no name that is taken; None where it names no configuration and needs one."""
        self._known(path, entry, _FIREWALL_KEYS, "key")
        configs = [(key, text) for key in ("config", "ipset")
                   for text in self._texts((*path, key), entry.get(key))]
        name = self._text((*path, "name"), entry.get("name"))
        if not any(key == "config" for key, _ in configs) and (self._need_firewalls or not name):
            self._wrong(path, Reason("'config' is missing: name the configuration file"))
            return None
        name = name or Path(configs[0][1]).stem
        if name in taken:
            self._wrong((*path, "name"), Reason("a second firewall is called '{name}'", name=name))
        files = tuple(self._inside((*path, key), text) for key, text in configs)
        return SiteFirewall(name, files,
                            self._words((*path, "interfaces"), entry.get("interfaces")),
                            self._words((*path, "acl"), entry.get("acl")),
                            self._texts((*path, "host"), entry.get("host")),
                            self._text((*path, "profile"), entry.get("profile")),
                            self._text((*path, "context"), entry.get("context")))

    def _paths(self, data: Data, firewalls: tuple[SiteFirewall, ...]) -> tuple[SitePath, ...]:
        example = "{from: ROLE, to: ROLE, through: [NAME, ...]}"
        if data is not None and not isinstance(data, list):
            self._wrong(("paths",), Reason("expected a list: - {example}", example=example))
            return ()
        between = [each.name for each in firewalls if not each.host]
        paths: list[SitePath] = []
        known: set[frozenset[str]] = set()
        for number, item in enumerate(data or []):
            path = ("paths", number)
            entry = self._mapping(path, item, Reason("expected {example}", example=example))
            self._known(path, entry, _PATH_KEYS, "key")
            lacking = [key for key in _PATH_KEYS if entry.get(key) is None]
            if lacking:
                self._wrong(path, Reason("'{lacking}' is missing: expected {example}", lacking=lacking[0],
                                         example=example))
                continue
            source, destinations = self._text((*path, "from"), entry["from"]), self._texts((*path, "to"),
                                                                                           entry["to"])
            through = self._texts((*path, "through"), entry["through"])
            self._through((*path, "through"), through, firewalls, between)
            for destination in destinations:
                pair = frozenset({source, destination})
                if pair in known:
                    self._wrong(path, Reason("the path between {source} and {destination} is given twice; "
                                             "it is the same in both directions", source=source,
                                             destination=destination))
                known.add(pair)
            paths.append(SitePath(source, destinations, through))
        return tuple(paths)

    def _through(self, path: tuple[str | int, ...], names: tuple[str, ...],
                 firewalls: tuple[SiteFirewall, ...], between: list[str]) -> None:
        hosts = {each.name: each.host for each in firewalls if each.host}
        for name in names:
            if name in hosts:
                self._wrong(path, Reason("{name} is the firewall of the host that plays {hosts}, and is "
                                         "always at that end; leave it out", name=name,
                                         hosts=", ".join(hosts[name])))
            elif name not in between:
                self._wrong(path, unknown("firewall", name, between))
            elif names.count(name) > 1:
                self._wrong(path, Reason("{name} is on one path twice", name=name))

    def _words(self, path: tuple[str | int, ...], data: Data) -> dict[str, str]:
        pairs = self._mapping(path, data, Reason("expected 'role: name'"))
        return {role: self._one((*path, role), each) for role, each in pairs.items()}

    def _one(self, path: tuple[str | int, ...], data: Data) -> str:
        """The only interface or list of a role; of several nobody knows by which a packet passes."""
        if isinstance(data, list):
            self._wrong(path, Reason(
                "expected one name: where the addresses of a role lie behind several, leave it out and give "
                "the firewall's routes, or write a site file for the addresses behind each"))
            return ""
        return self._text(path, data)

    def _packs(self, top: Mapping[str, Data]) -> tuple[str, ...]:
        if top.get("pack") and top.get("packs"):
            self._wrong(("packs",), Reason("name all packs here, and leave out 'pack'"))
        if several := self._texts(("packs",), top.get("packs")):
            return tuple(self._pack(("packs", number), name) for number, name in enumerate(several))
        return (self._pack(("pack",), self._text(("pack",), top.get("pack")) or DEFAULT_PACK),)

    def _pack(self, path: tuple[str | int, ...], name: str) -> str:
        """The name of a built-in pack, or the path of a file; both are looked for from where they stand."""
        if rules.is_path(name):
            return self._inside(path, name)
        folder = self._folder(path)
        try:
            found = rules.find(name, str(folder))
        except InputError as error:
            self._wrong(path, error.problems[0].message)
            return DEFAULT_PACK
        if dirname(found) == normpath(folder / FOLDER):  # neither the user's own nor installed
            self._keep_within(path, found, found)
        return found

    def _file(self, path: tuple[str | int, ...], data: Data) -> str:
        name = self._text(path, data)
        return self._inside(path, name) if name else ""

    def _inside(self, path: tuple[str | int, ...], name: str) -> str:
        """Resolve a path against the folder of the file that it stands in, and keep it within the limits."""
        full = roots.seen_from(self._folder(path), name)
        self._keep_within(path, full, name)
        return full

    def _keep_within(self, path: tuple[str | int, ...], full: str, name: str) -> None:
        if refusal := self._limits.refusal(full, name):
            self._wrong(path, refusal)

    def _folder(self, path: tuple[str | int, ...]) -> Path:
        return Path(self._document.owner(path).file).parent

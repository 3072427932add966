"""The user's site: who plays which role, which settings apply, which firewalls stand on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import AddressSet
from aclproof.parsers.model.conditions import Fact
from aclproof.rules.strict_yaml import Data, Document, InputError, Problem, load, read_text
from aclproof.rules.suggest import unknown

DEFAULT_FILE = "aclproof.yaml"
DEFAULT_PACK = "configmgr-2007"

_KEYS = ("pack", "methods", "settings", "roles", "firewalls", "paths", "facts", "waivers")
_PATH_KEYS = ("from", "to", "through")
_FIREWALL_KEYS = ("name", "config", "ipset", "interfaces", "acl", "host", "profile")
NO_FIREWALL = "'firewalls' is missing: name at least one firewall configuration to check"
"""What is wrong with a site that nothing can be proven about."""
FACT_WORDS = {"active": True, "yes": True, "true": True, "inactive": False, "no": False, "false": False}
"""How a fact is said that is no list of addresses."""


@dataclass(frozen=True, slots=True)
class FirewallPlace:
    """A firewall on the way between client and site systems."""

    name: str
    configs: tuple[str, ...]
    """Paths to open: all files of this one firewall; empty only where nothing is to be proven."""
    interfaces: Mapping[str, str] = field(default_factory=dict)
    """Role to the interface behind which it lies, where the file's routes do not tell."""
    acl: Mapping[str, str] = field(default_factory=dict)
    """Role to the list that filters what comes from it, where the file does not bind its lists."""
    host: tuple[str, ...] = ()
    """The roles of the host that it runs on; empty where it stands between hosts."""
    profile: str = ""
    """Of the network, where the firewall has profiles: domain, private or public."""


@dataclass(frozen=True, slots=True)
class SitePath:
    """The firewalls between one role and others, in order; the way back is the same, reversed."""

    source: str
    destinations: tuple[str, ...]
    through: tuple[str, ...]
    """Names of firewalls that stand between hosts."""


@dataclass(frozen=True, slots=True)
class Site:
    """A site file or the quick options, read and checked for form; meaning is the pack's matter."""

    roles: Mapping[str, AddressSet]
    firewalls: tuple[FirewallPlace, ...]
    pack: str = DEFAULT_PACK
    methods: tuple[str, ...] = ()
    """Empty: every method whose roles are given."""
    settings: Mapping[str, str | list[str] | None] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    paths: tuple[SitePath, ...] = ()
    """Of pairs of roles that not every firewall stands between."""
    origin: Document | None = None
    """Where it was read from, to name lines in later errors."""
    narrowed: bool = False
    """Whether only some of the methods are checked that the site file is about."""
    overriding: frozenset[str] = frozenset()
    """Facts that were given beside the site file."""
    waivers: str = ""
    """Path of the waiver file; empty where nothing is waived."""

    @property
    def stated(self) -> frozenset[str]:
        """The facts of the site file itself."""
        return frozenset(self.facts) - self.overriding if self.origin else frozenset()

    def fact_problem(self, key: str, message: str) -> Problem:
        """Make a problem that points at a fact, in the site file or on the command line."""
        if key in self.stated:
            return self.problem(("facts", key), message)
        return Problem("command line", 0, f"--fact {key}", message)

    def problem(self, path: tuple[str | int, ...], message: str) -> Problem:
        """Make a problem that points at the place in the site file, or at the command line."""
        if self.origin is None:
            return Problem("command line", 0, ".".join(map(str, path)), message)
        return self.origin.problem(path, message)


def read(path: Path | str, *, anywhere: bool = False, firewalls: bool = True) -> Site:
    """Read a site file; InputError holds every problem with file, line and key path.

    Paths in it are relative to it and stay below its folder unless `anywhere`. Without `firewalls` it need
    not name any, nor say where their configurations are: enough to say what has to be open.
    """
    return _Reader(load(read_text(str(path)), str(path)), Path(path).parent, anywhere, firewalls).site()


class _Reader:
    """Collects every problem before it gives up."""

    def __init__(self, document: Document, folder: Path, anywhere: bool, need_firewalls: bool) -> None:
        self._document, self._folder, self._anywhere = document, folder, anywhere
        self._need_firewalls = need_firewalls
        self._problems: list[Problem] = []

    def site(self) -> Site:
        top = self._mapping((), self._document.data,
                            "a site file is a mapping with the keys roles and firewalls")
        self._known((), top, _KEYS, "key")
        needed = {"roles": "'roles' is missing: say which addresses play which role"}
        if self._need_firewalls:
            needed["firewalls"] = NO_FIREWALL
        for key, message in needed.items():
            if not top.get(key):
                self._wrong((key,) if key in top else (), message)
        firewalls = self._firewalls(top.get("firewalls"))
        site = Site(self._roles(top.get("roles")), firewalls,
                    self._text(("pack",), top.get("pack")) or DEFAULT_PACK,
                    self._texts(("methods",), top.get("methods")),
                    self._settings(top.get("settings")), self._facts(top.get("facts")),
                    self._paths(top.get("paths"), firewalls), self._document,
                    waivers=self._file(("waivers",), top.get("waivers")))
        if self._problems:
            raise InputError(*sorted(self._problems, key=lambda each: each.line))
        return site

    def _wrong(self, path: tuple[str | int, ...], message: str) -> None:
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
        self._wrong(path, "expected one word or text here")
        return ""

    def _texts(self, path: tuple[str | int, ...], data: Data) -> tuple[str, ...]:
        items = [data] if isinstance(data, str) else data
        if items is None:
            return ()
        if not isinstance(items, list) or not all(isinstance(each, str) for each in items):
            self._wrong(path, "expected a name or a list of names")
            return ()
        return tuple(str(each) for each in items)

    def _roles(self, data: Data) -> dict[str, AddressSet]:
        roles = self._mapping(("roles",), data, "expected 'role: [addresses]'")
        return {role: self._addresses(("roles", role), each) for role, each in roles.items()}

    def _addresses(self, path: tuple[str | int, ...], data: Data) -> AddressSet:
        items = data if isinstance(data, list) else [data]
        found: list[AddressSet] = []
        for number, each in enumerate(items):
            where = (*path, number) if isinstance(data, list) else path
            if not isinstance(each, str):
                self._wrong(where, "expected an address, a network or a range")
                continue
            try:
                fresh = addresses.parse(each)
            except ValueError as error:
                self._wrong(where, str(error))
                continue
            if any(fresh & known for known in found):
                self._wrong(where, f"'{each}' overlaps an address given above it")
            found.append(fresh)
        return addresses.join(found)

    def _settings(self, data: Data) -> dict[str, str | list[str] | None]:
        found: dict[str, str | list[str] | None] = {}
        for key, value in self._mapping(("settings",), data, "expected 'setting: value'").items():
            if isinstance(value, dict) or (isinstance(value, list)
                                           and not all(isinstance(each, str) for each in value)):
                self._wrong(("settings", key), "expected one value or a list of values")
            else:
                found[key] = [str(each) for each in value] if isinstance(value, list) else value
        return found

    def _facts(self, data: Data) -> dict[str, Fact]:
        found: dict[str, Fact] = {}
        for key, value in self._mapping(("facts",), data, "expected 'fact: value'").items():
            if isinstance(value, str) and value in FACT_WORDS:
                found[key] = FACT_WORDS[value]
            elif isinstance(value, list):
                found[key] = self._addresses(("facts", key), value)
            else:
                self._wrong(("facts", key), "expected active, inactive, yes, no or a list of addresses")
        return found

    def _firewalls(self, data: Data) -> tuple[FirewallPlace, ...]:
        if data is not None and not isinstance(data, list):
            self._wrong(("firewalls",), "expected a list: - {name: ..., config: ...}")
            return ()
        places: list[FirewallPlace] = []
        for number, each in enumerate(data or []):
            path = ("firewalls", number)
            entry = self._mapping(path, each, "expected {name: ..., config: ...}")
            self._known(path, entry, _FIREWALL_KEYS, "key")
            configs = [(key, text) for key in ("config", "ipset")
                       for text in self._texts((*path, key), entry.get(key))]
            name = self._text((*path, "name"), entry.get("name"))
            if not any(key == "config" for key, _ in configs) and (self._need_firewalls or not name):
                self._wrong(path, "'config' is missing: name the configuration file")
                continue
            name = name or Path(configs[0][1]).stem
            if name in (place.name for place in places):
                self._wrong((*path, "name"), f"a second firewall is called '{name}'")
            files = tuple(self._inside((*path, key), text) for key, text in configs)
            places.append(FirewallPlace(name, files,
                                        self._words((*path, "interfaces"), entry.get("interfaces")),
                                        self._words((*path, "acl"), entry.get("acl")),
                                        self._texts((*path, "host"), entry.get("host")),
                                        self._text((*path, "profile"), entry.get("profile"))))
        return tuple(places)

    def _paths(self, data: Data, firewalls: tuple[FirewallPlace, ...]) -> tuple[SitePath, ...]:
        example = "{from: client, to: management-point, through: [NAME, ...]}"
        if data is not None and not isinstance(data, list):
            self._wrong(("paths",), f"expected a list: - {example}")
            return ()
        between = [each.name for each in firewalls if not each.host]
        paths: list[SitePath] = []
        said: set[frozenset[str]] = set()
        for number, each in enumerate(data or []):
            path = ("paths", number)
            entry = self._mapping(path, each, f"expected {example}")
            self._known(path, entry, _PATH_KEYS, "key")
            lacking = [key for key in _PATH_KEYS if entry.get(key) is None]
            if lacking:
                self._wrong(path, f"'{lacking[0]}' is missing: expected {example}")
                continue
            source, destinations = self._text((*path, "from"), entry["from"]), self._texts((*path, "to"),
                                                                                           entry["to"])
            through = self._texts((*path, "through"), entry["through"])
            self._through((*path, "through"), through, firewalls, between)
            for destination in destinations:
                pair = frozenset({source, destination})
                if pair in said:
                    self._wrong(path, f"the way between {source} and {destination} was already said; it is "
                                      "the same in both directions")
                said.add(pair)
            paths.append(SitePath(source, destinations, through))
        return tuple(paths)

    def _through(self, path: tuple[str | int, ...], names: tuple[str, ...],
                 firewalls: tuple[FirewallPlace, ...], between: list[str]) -> None:
        hosts = {each.name: each.host for each in firewalls if each.host}
        for name in names:
            if name in hosts:
                self._wrong(path, f"{name} is the firewall of the host that plays {', '.join(hosts[name])}, "
                                  "and always stands at that end; leave it out")
            elif name not in between:
                self._wrong(path, unknown("firewall", name, between))
            elif names.count(name) > 1:
                self._wrong(path, f"{name} stands twice on one way")

    def _words(self, path: tuple[str | int, ...], data: Data) -> dict[str, str]:
        pairs = self._mapping(path, data, "expected 'role: name'")
        return {role: self._text((*path, role), each) for role, each in pairs.items()}

    def _file(self, path: tuple[str | int, ...], data: Data) -> str:
        name = self._text(path, data)
        return self._inside(path, name) if name else ""

    def _inside(self, path: tuple[str | int, ...], config: str) -> str:
        """Resolve a path against the site file's folder, and keep it below."""
        full = self._folder / config
        if not self._anywhere and not full.resolve().is_relative_to(self._folder.resolve()):
            self._wrong(path, f"{config} lies outside the folder of the site file; "
                              "give --allow-outside if that is meant")
        return str(full)

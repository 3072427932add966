"""The user's site: addresses of each role, settings, and the firewalls on the path."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from glob import has_magic
from typing import TYPE_CHECKING

from msgspec import Struct, field

from aclproof.parsers.model.addresses import AddressSet, Family
from aclproof.parsers.model.conditions import Fact
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.reason import Reason
from aclproof.rules.pack import Tier
from aclproof.rules.strict_yaml import Document, Problem

if TYPE_CHECKING:
    from aclproof.linter.site.root import Root

DEFAULT_FILE = "aclproof.yaml"
DEFAULT_PACK = "configmgr-2007"

NO_FIREWALL = Reason("'firewalls' is missing: name at least one firewall configuration to check")
"""Error for a site without firewalls."""
USUAL = "usual"
"""What a site may assume."""
SUPPORTING: Tier = "supporting"
"""What a site may ask for besides its methods."""


_OPTIONS = {"roles": "--role", "settings": "--set", "methods": "--method", "interfaces": "--interface",
            "acl": "--acl", "host": "--host", "profile": "--profile", "context": "--context",
            "facts": "--fact"}
"""Keys of a site file, and the options that stand for them where there is none."""


def name_of(path: str) -> str:
    """Return what a site is called: the path of its file, without the name that most files have."""
    return path.removesuffix(f"/{DEFAULT_FILE}")


def is_site_file(path: str) -> bool:
    """Whether a path names a site file by its ending."""
    return path.lower().endswith((".yaml", ".yml"))


def is_pattern(path: str) -> bool:
    """Whether a path is meant as a pattern: one that is there, though it be a link to nothing, is itself."""
    return has_magic(path) and not os.path.lexists(path)


class SiteFirewall(Struct, frozen=True):
    """A firewall on the way between roles."""

    name: str
    configs: tuple[str, ...]
    """Paths to open: all files of this one firewall; empty only where nothing is to be proven."""
    interfaces: Mapping[str, str] = field(default_factory=dict)
    """Role to the interface behind which it lies, where the file's routes do not show it."""
    acl: Mapping[str, str] = field(default_factory=dict)
    """Role to the list that filters what comes from it, where the file does not bind its lists."""
    host: tuple[str, ...] = ()
    """The roles of the host that it runs on; empty where it is between hosts."""
    profile: str = ""
    """Of the network, where the firewall has profiles: domain, private or public."""
    context: str = ""
    """Which firewall is meant where a file holds several; empty for the only one."""


class SitePath(Struct, frozen=True):
    """The firewalls between one role and others, in order; the way back is the same, reversed."""

    source: str
    destinations: tuple[str, ...]
    through: tuple[str, ...]
    """Names of firewalls between hosts."""


class Site(Struct, frozen=True):
    """A site file or the quick options, read and checked for form; meaning is the pack's matter."""

    roles: Mapping[str, AddressSet]
    firewalls: tuple[SiteFirewall, ...]
    packs: tuple[str, ...] = (DEFAULT_PACK,)
    """Built-in names, or paths of files."""
    methods: tuple[str, ...] = ()
    """Empty: every method whose roles are given."""
    settings: Mapping[str, str | list[str] | None] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    paths: tuple[SitePath, ...] = ()
    """Of pairs of roles that not every firewall is between."""
    origin: Document | None = None
    """Where it was read from, to name lines in later errors."""
    narrowed: bool = False
    """Whether only some of the methods are checked that the site file is about."""
    overriding: frozenset[str] = frozenset()
    """Facts that were given besides the site file."""
    waivers: str = ""
    """Path of the waiver file; empty where nothing is waived."""
    assume_usual: bool = False
    """Whether open questions are taken to have their usual answers."""
    tier: Tier = ""
    """Whether what only supports the methods counts as well."""
    strict: bool = False
    """Whether what the pack only warns of counts like all else."""
    root: Root | None = None
    """The folder that was given for what it may name; None where that is looked for above each file."""
    listed: Mapping[str, Sequence[AddressSet]] = field(default_factory=dict)
    """The addresses of each role one by one, as they were given: neighbours are one range in `roles`."""

    def entries(self, role: str, family: Family) -> list[IntervalSet]:
        """Return the addresses of a role that were given together; its ranges where that is not known."""
        known = self.listed.get(role)
        if known is None:
            return [IntervalSet.of(ends) for ends in self.roles[role].of(family).ranges]
        return [each.of(family) for each in known if each.of(family)]

    def files(self) -> tuple[str, ...]:
        """Return every file that it is made of or names; a built-in pack is a name as well."""
        named = (*(self.origin.files() if self.origin else ()), *self.packs, self.waivers)
        return tuple(filter(None, (*named, *(file for each in self.firewalls for file in each.configs))))

    def states(self, key: str) -> bool:
        """Whether a fact is one of the site file itself."""
        return self.origin is not None and key in self.facts and key not in self.overriding

    def inherits(self, path: tuple[str | int, ...]) -> bool:
        """Whether a place stands in a file that the site file extends."""
        return self.origin is not None and self.origin.owner(path) is not self.origin

    def fact_problem(self, key: str, message: str) -> Problem:
        """Make a problem that points at a fact, in the site file or on the command line."""
        if self.states(key):
            return self.problem(("facts", key), message)
        return Problem(Reason("command line"), 0, f"--fact {key}", message)

    def method_problem(self, method: str, message: str) -> Problem:
        """Make a problem that points at a method, in the site file or on the command line."""
        said = self.origin.data.get("methods") if self.origin and isinstance(self.origin.data, dict) else None
        if isinstance(said, list) and method in said:
            return self.problem(("methods", said.index(method)), message)
        return self._of_option(("methods", method), message)

    def problem(self, path: tuple[str | int, ...], message: str) -> Problem:
        """Make a problem that points at the place in the site file, or at the command line."""
        return self.origin.problem(path, message) if self.origin else self._of_option(path, message)

    def _of_option(self, path: tuple[str | int, ...], message: str) -> Problem:
        """Make a problem that points at the option that says what a place in a site file would."""
        words = [_OPTIONS.get(part, part) for part in path if isinstance(part, str) and part != "firewalls"]
        return Problem(Reason("command line"), 0, " ".join(words), message)

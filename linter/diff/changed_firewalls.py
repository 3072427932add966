"""The firewalls of a site with scripts entered and configurations replaced: which file is for which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from aclproof import parsers
from aclproof.linter.diff.script_parts import Part, parts
from aclproof.linter.site import configurations
from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers import scripts
from aclproof.parsers.edited import Remark, one_script
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import LookAlikeError, Source, UnsupportedInputError
from aclproof.parsers.vendor import door
from aclproof.reason import Reason, joined
from aclproof.rules.suggest import unknown


class AmbiguousFirewallError(Exception):
    """Which firewall a file is for is not known; the message says what to do."""


class AmbiguousInputError(Exception):
    """Lines of the named file may be a whole configuration, or commands to enter into one."""


class Script(Struct, frozen=True):
    """What was entered into one firewall."""

    sources: tuple[Source, ...]
    """One after the other."""
    firewall: str
    remarks: tuple[Remark, ...]


class ReadSite(Struct, frozen=True):
    """A site and its configurations, by firewall."""

    site: Site
    firewalls: Mapping[str, Firewall]


class ChangedFirewalls:
    """Takes files one by one, and says what they make of the firewalls of a site."""

    def __init__(self, old: ReadSite, only: str | None, *, is_script: bool | None) -> None:
        """Begin with the site as it is.

        `only` is the firewall that all files are for; without it comments of scripts name theirs, or the
        vendor decides. `is_script` None: detected from the lines.
        """
        self._old, self._only, self._is_script = old, only, is_script
        self._configurations: dict[str, list[tuple[str, Firewall]]] = {}
        self._entered: dict[str, list[Source]] = {}
        self._left_out: list[Remark] = []

    def take(self, path: str) -> None:
        """Find out which firewalls a file is for.

        AmbiguousFirewallError and AmbiguousInputError where the user has to decide.
        """
        text, vendor, sure = scripts.vendor(path)
        found = parts(text, [place.name for place in self._old.site.firewalls])
        if not found and self._is_script is not False and text.text.strip():
            return  # comments only, such as that nothing is missing: nothing is entered
        named = any(part.firewall for part in found)
        if self._is_script is False or (self._is_script is None and not (vendor or named)):
            configuration = _configuration(text, forced=self._is_script is False)
            place = self._target(configuration.vendor, path)
            self._configurations.setdefault(place.name, []).append((path, configuration))
            return
        for part in self._mine(found or [Part("", 0, text)], path):
            place = self._place_of(part, path)
            if self._is_script is None and not (sure or named or self._has_interfaces(place)):
                raise AmbiguousInputError(path)
            self._entered.setdefault(place.name, []).append(part.script)

    def result(self) -> tuple[ReadSite, tuple[Script, ...]]:
        """Carry the scripts out; UnsupportedInputError for what cannot be."""
        places: list[SiteFirewall] = []
        firewalls = dict(self._old.firewalls)
        found: list[Script] = []
        for place in self._old.site.firewalls:
            if place.name in self._configurations:
                place, firewalls[place.name] = self._replaced(place)
            elif texts := self._entered.get(place.name):
                changed = scripts.read(place.configs, one_script(texts), place.context)
                firewalls[place.name] = changed.firewall
                remarks = changed.remarks if found else (*self._left_out, *changed.remarks)
                found.append(Script(tuple(texts), place.name, remarks))
            places.append(place)
        return ReadSite(replace(self._old.site, firewalls=tuple(places)), firewalls), tuple(found)

    def _mine(self, found: Sequence[Part], path: str) -> Iterator[Part]:
        """The parts of a script that are wanted; what is left out is remarked."""
        others = [part for part in found if self._only and part.firewall not in ("", self._only)]
        if len(others) == len(found):
            names = " and ".join(dict.fromkeys(part.firewall for part in others))
            raise AmbiguousFirewallError(Reason("{path} says that it is for {names}, not for {only}",
                                                path=path, names=names, only=self._only))
        self._left_out += [Remark(part.script.place(part.header), Reason(
            "the lines for {firewall} that begin here are left out", firewall=part.firewall))
            for part in others]
        return (part for part in found if part not in others)

    def _place_of(self, part: Part, path: str) -> SiteFirewall:
        if part.firewall:
            return self._named(part.firewall, f"{path}:{part.header}: ")
        return self._target(scripts.vendor_of(part.script), path)

    def _named(self, name: str, where: str = "") -> SiteFirewall:
        places = {place.name: place for place in self._old.site.firewalls}
        if name not in places:
            raise AmbiguousFirewallError(joined("", (where, unknown("firewall", name, list(places)))))
        return places[name]

    def _target(self, vendor: str, path: str) -> SiteFirewall:
        """The firewall that a file is for: the named one, or the only one of the vendor ("": any)."""
        if self._only is not None:
            return self._named(self._only)
        places = self._old.site.firewalls
        fitting = [place for place in places if vendor in ("", *self._understood(place))]
        if len(fitting) == 1:
            return fitting[0]
        if not fitting:
            raise AmbiguousFirewallError(Reason("{path} is for {vendor}, and the site has no such firewall",
                                                path=path, vendor=vendor))
        names = " or ".join(place.name for place in fitting)
        raise AmbiguousFirewallError(Reason("{path} may be for {names}; name it with --firewall NAME, or "
                                            "in a comment above its lines, such as '# {name}'", path=path,
                                            names=names, name=fitting[0].name))

    def _understood(self, place: SiteFirewall) -> tuple[str, ...]:
        """The vendors whose commands are for a firewall."""
        own = self._old.firewalls[place.name].vendor
        return own, *door(own).traits.reads_beside

    def _has_interfaces(self, place: SiteFirewall) -> bool:
        return bool(self._old.firewalls[place.name].interfaces)

    def _replaced(self, place: SiteFirewall) -> tuple[SiteFirewall, Firewall]:
        """A firewall of the site with other files, and as these describe it."""
        given = self._configurations[place.name]
        paths = [path for path, _ in given]
        if place.name in self._entered:
            raise AmbiguousFirewallError(Reason("{paths} is a whole configuration of {name}, and there are "
                                                "lines to be entered into it as well; give one of the two",
                                                paths=paths[0], name=place.name))
        if len(place.configs) == len(paths) == 1:
            return replace(place, configs=tuple(paths)), given[0][1]
        vendor = self._old.firewalls[place.name].vendor
        configs = tuple(paths) if len(paths) == len(place.configs) else _replacing(place, vendor, paths)
        changed = replace(place, configs=configs)
        return changed, configurations.read(changed)


def _replacing(place: SiteFirewall, vendor: str, paths: Sequence[str]) -> tuple[str, ...]:
    """The files of a firewall, those replaced that have the same name as a new one, or else hold the same."""
    configs = list(place.configs)
    for path in paths:
        alike = [old for old in place.configs if Path(old).name == Path(path).name]
        if not alike:
            holds = {old: door(vendor).holds(parsers.opened(old)) for old in place.configs}
            wanted = door(vendor).holds(parsers.opened(path))
            alike = [old for old in place.configs if wanted is not None and holds[old] == wanted]
        if len(alike) != 1 or alike[0] not in configs:
            raise UnsupportedInputError(Reason("{path}: {name} has {configs} files, and which of them it "
                                               "replaces is not known; give it the same name, or give all "
                                               "of them", path=path, name=place.name,
                                               configs=len(place.configs)))
        configs[configs.index(alike[0])] = path
    return tuple(configs)


def _configuration(text: Source, *, forced: bool) -> Firewall:
    try:
        return parsers.parse(text)
    except UnsupportedInputError as error:
        if forced or isinstance(error, LookAlikeError):
            raise
        raise UnsupportedInputError(Reason("{reason}. If these are lines to be entered, give --script",
                                           reason=str(error))) from None

"""A site before and after a change, both analysed: two sites, or one site and a change to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from aclproof import parsers
from aclproof.linter.diff.changed_lines import ChangedLines
from aclproof.linter.diff.comparison import Comparison, compare
from aclproof.linter.program import Analysis, analyse
from aclproof.linter.site.facts import validate_facts
from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers import scripts
from aclproof.parsers.edited import Remark
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.rules.suggest import unknown


@dataclass(frozen=True, slots=True)
class Script:
    """A change script, and the firewall that it was applied to."""

    source: Source
    firewall: str
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class SiteChange:
    """Both sides of a change, and what it does."""

    old: Analysis
    new: Analysis
    comparison: Comparison
    lines: Mapping[str, ChangedLines]
    """Of the firewalls that both have, by name."""
    script: Script | None = None


class AmbiguousFirewallError(Exception):
    """Which firewall a file is for is not known; the message says what to do."""


class AmbiguousInputError(Exception):
    """Lines that may be a whole configuration, or commands to enter into one."""


@dataclass(frozen=True, slots=True)
class _ReadSite:
    """A site and its configurations, by firewall."""

    site: Site
    firewalls: Mapping[str, Firewall]


def of_sites(old: Site, new: Site, as_of: date) -> SiteChange:
    """Compare two sites; a firewall whose files are the same on both sides is read once."""
    before = _read(old)
    same = {place.name: place.configs for place in old.firewalls}
    after = {place.name: before[place.name] if same.get(place.name) == place.configs
             else parsers.read(*place.configs) for place in new.firewalls}
    return _site_change(_ReadSite(old, before), _ReadSite(new, after), as_of)


def of_file(site: Site, path: str, firewall: str | None, as_of: date, *,
            is_script: bool | None) -> SiteChange:
    """Compare a site with itself, one firewall of it changed by a script or replaced.

    `is_script` None: detected from the lines. AmbiguousFirewallError and AmbiguousInputError where the user
    has to decide.
    """
    old = _ReadSite(site, _read(site))
    text, vendor, sure = scripts.vendor(path)
    if any("-" in place.configs for place in site.firewalls) and path == "-":
        raise UnsupportedInputError("<stdin>: standard input can be one of the two, not both")
    if is_script is False or (is_script is None and not vendor):
        configuration = _configuration(text, forced=is_script is False)
        place = _target(old, configuration.vendor, firewall, path)
        return _site_change(old, _with_configuration(old, place, path, configuration), as_of)
    place = _target(old, vendor, firewall, path)
    if is_script is None and not sure and not old.firewalls[place.name].interfaces:
        raise AmbiguousInputError(path)
    changed = scripts.read(place.configs, text)
    new = _ReadSite(site, {**old.firewalls, place.name: changed.firewall})
    return _site_change(old, new, as_of, Script(changed.script, place.name, changed.remarks))


def _configuration(text: Source, *, forced: bool) -> Firewall:
    try:
        return parsers.parse(text)
    except UnsupportedInputError as error:
        if forced:
            raise
        raise UnsupportedInputError(f"{error}. If these are lines to be entered, give --script") from None


def _read(site: Site) -> dict[str, Firewall]:
    return {place.name: parsers.read(*place.configs) for place in site.firewalls}


def _target(old: _ReadSite, vendor: str, name: str | None, path: str) -> SiteFirewall:
    """The firewall that a file is for: the named one, or the only one of the vendor ("": any)."""
    places = old.site.firewalls
    if name is not None:
        named = [place for place in places if place.name == name]
        if not named:
            raise AmbiguousFirewallError(unknown("firewall", name, [place.name for place in places]))
        return named[0]
    fitting = [place for place in places if vendor in ("", old.firewalls[place.name].vendor)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise AmbiguousFirewallError(f"{path} is for {vendor}, and the site has no such firewall")
    names = " or ".join(place.name for place in fitting)
    raise AmbiguousFirewallError(f"{path} may be for {names}; name it with --firewall NAME")


def _with_configuration(old: _ReadSite, place: SiteFirewall, path: str, configuration: Firewall) -> _ReadSite:
    """The site with the configuration of one firewall replaced."""
    if len(place.configs) > 1:
        raise UnsupportedInputError(f"{path}: {place.name} has {len(place.configs)} files, and which of them "
                                    "it replaces is not known; write a second site file")
    places = tuple(replace(known, configs=(path,)) if known is place else known
                   for known in old.site.firewalls)
    return _ReadSite(replace(old.site, firewalls=places), {**old.firewalls, place.name: configuration})


def _site_change(old: _ReadSite, new: _ReadSite, as_of: date, script: Script | None = None) -> SiteChange:
    sides = analyse(old.site, as_of, old.firewalls), analyse(new.site, as_of, new.firewalls)
    _validate_facts(sides, as_of)
    lines = {}
    for name, firewall in new.firewalls.items():
        if name in old.firewalls:
            made_by = script.source.name if script and script.firewall == name else ""
            lines[name] = ChangedLines(name, old.firewalls[name], firewall, made_by)
    return SiteChange(*sides, compare(*sides, lines), lines, script)


def _validate_facts(sides: Sequence[Analysis], as_of: date) -> None:
    """A fact has to be used on one side at least."""
    firewalls = {f"{number} {name}": firewall for number, side in enumerate(sides)
                 for name, firewall in side.firewalls.items()}
    looked_up = sides[0].facts.looked_up | sides[1].facts.looked_up
    for side in sides:
        side.facts.looked_up |= looked_up
        validate_facts(side.site, side.facts, firewalls, as_of)

"""A site before and after a change, both examined: two sites, or one and what is to change in it."""

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
    """A change script, and the firewall that it was carried out on."""

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
    """Which firewall a file is meant for cannot be told; the message says what to do."""


class AmbiguousInputError(Exception):
    """Lines that may be a whole configuration, or to be entered into one."""


def of_sites(old: Site, new: Site, as_of: date) -> SiteChange:
    """Compare two sites; a firewall whose files are the same on both sides is read once."""
    before = _read(old)
    same = {place.name: place.configs for place in old.firewalls}
    after = {place.name: before[place.name] if same.get(place.name) == place.configs
             else parsers.read(*place.configs) for place in new.firewalls}
    return _site_change(old, new, before, after, as_of)


def of_file(site: Site, path: str, firewall: str | None, as_of: date, *,
            is_script: bool | None) -> SiteChange:
    """Compare a site with itself, one firewall of it changed by a script or replaced.

    `is_script` None: its lines tell. AmbiguousFirewallError and AmbiguousInputError where the user has to say
    more.
    """
    before = _read(site)
    text, vendor, sure = scripts.vendor(path)
    if any("-" in place.configs for place in site.firewalls) and path == "-":
        raise UnsupportedInputError("<stdin>: standard input can be one of the two, not both")
    fresh = None
    if is_script is False or (is_script is None and not vendor):
        fresh = _configuration(text, forced=is_script is False)
        vendor = fresh.vendor
    place = _place(site, before, vendor, firewall, path)
    if fresh is None and is_script is None and not sure and not before[place.name].interfaces:
        raise AmbiguousInputError(path)
    if fresh is None:
        changed = scripts.read(place.configs, text)
        script = Script(changed.script, place.name, changed.remarks)
        return _site_change(site, site, before, {**before, place.name: changed.firewall}, as_of, script)
    if len(place.configs) > 1:
        raise UnsupportedInputError(f"{path}: {place.name} has {len(place.configs)} files, and which of them "
                                    "it replaces cannot be told; write a second site file")
    places = tuple(replace(each, configs=(path,)) if each is place else each for each in site.firewalls)
    return _site_change(site, replace(site, firewalls=places), before, {**before, place.name: fresh}, as_of)


def _configuration(text: Source, *, forced: bool) -> Firewall:
    try:
        return parsers.parse(text)
    except UnsupportedInputError as error:
        if forced:
            raise
        raise UnsupportedInputError(f"{error}. If it is lines to be entered, say --script") from None


def _read(site: Site) -> dict[str, Firewall]:
    return {place.name: parsers.read(*place.configs) for place in site.firewalls}


def _place(site: Site, firewalls: Mapping[str, Firewall], vendor: str, name: str | None,
           path: str) -> SiteFirewall:
    names = [place.name for place in site.firewalls]
    if name is not None and name not in names:
        raise AmbiguousFirewallError(unknown("firewall", name, names))
    some = [place for place in site.firewalls if name == place.name or (
        name is None and vendor in ("", firewalls[place.name].vendor))]
    if len(some) == 1:
        return some[0]
    if not some:
        raise AmbiguousFirewallError(f"{path} is for {vendor}, and the site has no such firewall")
    raise AmbiguousFirewallError(f"{path} may be meant for {' or '.join(place.name for place in some)}; say "
                                 "which with --firewall NAME")


def _site_change(old: Site, new: Site, before: Mapping[str, Firewall], after: Mapping[str, Firewall],
              as_of: date, script: Script | None = None) -> SiteChange:
    sides = analyse(old, as_of, before), analyse(new, as_of, after)
    _refuse_facts(sides, as_of)
    scripts_by = {script.firewall: script.source.name} if script else {}
    lines = {name: ChangedLines(name, before[name], firewall, scripts_by.get(name, ""))
             for name, firewall in after.items() if name in before}
    return SiteChange(*sides, compare(*sides, lines), lines, script)


def _refuse_facts(sides: Sequence[Analysis], as_of: date) -> None:
    """A fact has to be asked for on one side at least."""
    firewalls = {f"{number} {name}": firewall for number, side in enumerate(sides)
                 for name, firewall in side.firewalls.items()}
    asked = sides[0].facts.asked | sides[1].facts.asked
    for side in sides:
        side.facts.asked |= asked
        validate_facts(side.site, side.facts, firewalls, as_of)

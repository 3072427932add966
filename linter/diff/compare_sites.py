"""A site before and after a change, both analysed: two sites, or one site and a change to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from aclproof.linter.diff.changed_firewalls import ChangedFirewalls, ReadSite, Script
from aclproof.linter.diff.changed_lines import ChangedLines
from aclproof.linter.diff.comparison import Comparison, compare
from aclproof.linter.program import Analysis, analyse
from aclproof.linter.site import configurations
from aclproof.linter.site.facts import validate_facts
from aclproof.linter.site.site import Site
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import UnsupportedInputError
from aclproof.reason import Reason


class SiteChange(Struct, frozen=True):
    """Both sides of a change, and what it does."""

    old: Analysis
    new: Analysis
    comparison: Comparison
    lines: Mapping[str, ChangedLines]
    """Of the firewalls that both have, by name."""
    scripts: tuple[Script, ...] = ()
    """Those that were carried out, one for each firewall."""


def of_sites(old: Site, new: Site, as_of: date) -> SiteChange:
    """Compare two sites; a firewall whose files are the same on both sides is read once."""
    before = _read(old)
    same = {place.name: (place.configs, place.context) for place in old.firewalls}
    after = {place.name: before[place.name] if same.get(place.name) == (place.configs, place.context)
             else configurations.read(place) for place in new.firewalls}
    return _site_change(ReadSite(old, before), ReadSite(new, after), as_of)


def of_files(site: Site, paths: Sequence[str], firewall: str | None, as_of: date, *,
             is_script: bool | None) -> SiteChange:
    """Compare a site with itself, some firewalls of it changed by scripts or replaced by configurations.

    `firewall`: the one that all files are for; `is_script` None: detected from the lines.
    AmbiguousFirewallError and AmbiguousInputError where the user has to decide.
    """
    old = ReadSite(site, _read(site))
    if "-" in paths and any("-" in place.configs for place in site.firewalls):
        raise UnsupportedInputError(Reason("<stdin>: standard input can be one of the two, not both"))
    changes = ChangedFirewalls(old, firewall, is_script=is_script)
    for path in paths:
        changes.take(path)
    new, entered = changes.result()
    return _site_change(old, new, as_of, entered)


def _read(site: Site) -> dict[str, Firewall]:
    return {place.name: configurations.read(place) for place in site.firewalls}


def _site_change(old: ReadSite, new: ReadSite, as_of: date,
                 entered: tuple[Script, ...] = ()) -> SiteChange:
    sides = analyse(old.site, as_of, old.firewalls), analyse(new.site, as_of, new.firewalls)
    _validate_facts(sides, as_of)
    made_by = {script.firewall: frozenset(text.name for text in script.sources) for script in entered}
    lines = {name: ChangedLines(name, old.firewalls[name], firewall, made_by.get(name, frozenset()))
             for name, firewall in new.firewalls.items() if name in old.firewalls}
    return SiteChange(*sides, compare(*sides, lines), lines, entered)


def _validate_facts(sides: Sequence[Analysis], as_of: date) -> None:
    """A fact has to be used on one side at least."""
    firewalls = {f"{number} {name}": firewall for number, side in enumerate(sides)
                 for name, firewall in side.asking.items()}
    looked_up = sides[0].facts.looked_up | sides[1].facts.looked_up
    for side in sides:
        side.facts.looked_up |= looked_up
        validate_facts(side.site, side.facts, firewalls, as_of)

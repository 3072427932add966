"""`aclproof requirements`: what has to be open at this site, to be handed to the firewall team."""

from __future__ import annotations

from typing import Any

import click
from msgspec.structs import replace

from aclproof.linter.cli import exits, output, quick, streams
from aclproof.linter.cli.formats import deliver, targets
from aclproof.linter.cli.packs import compare_option
from aclproof.linter.cli.site_options import demand_options, is_of_file, site_of
from aclproof.linter.reports.language.language import Language
from aclproof.linter.reports.request import FORMATS
from aclproof.linter.site.site import Site
from aclproof.reason import Reason


@click.command(name="requirements")
@demand_options
@click.option("--format", "formats", multiple=True, metavar="FORMAT[=FILE]",
              help=f"{', '.join(FORMATS)}; repeatable.  [default: text]")
@compare_option("Two packs: what to open before a change from one to the other, and what may be closed after "
                "it. With a site file its firewalls say which of it passes already.")
@output.quiet_option
@output.language_option
def command(formats: tuple[str, ...], compare: tuple[str, str] | None, quiet: int, language: Language,
            **given: Any) -> int:
    """Print the port request of a site: who to whom, which port, why, and which method needs it.

    No configuration is read, so the site file needs no firewalls; those that it names show where each
    entry belongs. Without a site file:

    \b
      aclproof requirements --client 10.20.0.0/16 --server 10.1.1.0/24 ...
      aclproof requirements site.yaml --compare OLD-PACK NEW-PACK --set KEY=VALUE

    Exit code 3 when no method has addresses for all of its roles.
    """
    from aclproof.linter.demands.port_request import port_request

    if compare:
        return _compare(compare, formats, output.ReportOptions("never", False, quiet, language), given)
    site = site_of(given, firewalls=False)
    wanted = targets(formats, FORMATS)
    request = port_request(site)
    wishes = output.ReportOptions("never", False, quiet, language)
    deliver(lambda form, look: FORMATS[form](request, look), wanted, wishes)
    return exits.PROVEN if request.flows else _nothing(quiet)


def _compare(packs: tuple[str, str], formats: tuple[str, ...], wishes: output.ReportOptions,
             given: dict[str, Any]) -> int:
    """Print what a change of packs asks for; the firewalls of a site file are read for it."""
    from aclproof.linter.demands.migration import migration
    from aclproof.linter.program import check
    from aclproof.linter.reports.migration import FORMATS as COMPARED
    from aclproof.linter.reports.migration.sections import Migrated

    if given["packs"]:
        raise click.UsageError(Reason("--compare names the packs itself: leave out --pack"))
    wanted = targets(formats, COMPARED)
    changes = migration(*_sites(packs, given))
    migrated, site = Migrated(changes, {}), changes.site
    if site and site.firewalls and all(each.configs for each in site.firewalls):
        found = check(site)
        migrated = Migrated(changes, {each.requirement.id: each.verdict for each in found.demands},
                            tuple(each.key for each in found.assumptions if each.origin == "relied-on"))
    deliver(lambda form, look: COMPARED[form](migrated, look), wanted, wishes)
    return exits.PROVEN if changes.needed else _nothing(wishes.quiet)


def _nothing(quiet: int) -> int:
    streams.notice(Reason("nothing to request: no method has addresses for all of its roles"), quiet)
    return exits.UNPROVEN


def _sites(packs: tuple[str, str], given: dict[str, Any]) -> tuple[Site, Site]:
    """The site for each of two packs.

    `--set` completes a site file: for the old pack where it says nothing, for the new one whatever it says.
    """
    settings: dict[str, str | list[str] | None] = {}
    if is_of_file(given):
        settings, given = quick.settings(given["set"]), {**given, "set": ()}
    named = site_of({**given, "packs": ()}, firewalls=False).packs if is_of_file(given) else ()
    old, new = (site_of({**given, "packs": _with(pack, packs, named)}, firewalls=False) for pack in packs)
    return (replace(old, settings={**settings, **old.settings}),
            replace(new, settings={**new.settings, **settings}))


def _with(pack: str, compared: tuple[str, str], named: tuple[str, ...]) -> tuple[str, ...]:
    """The packs of a site with this one in the place of those that are compared, or this one alone."""
    if not set(named) & set(compared):
        return (pack,)
    return tuple(dict.fromkeys(pack if each in compared else each for each in named))

"""`aclproof show --used-by SITE`: which requirements hang on which lines."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click
from msgspec import Struct

from aclproof.linter.cli import exits, output, quick
from aclproof.linter.cli.formats import STDOUT, Target, deliver
from aclproof.linter.cli.site_options import day_of, site_of
from aclproof.linter.program import analyse
from aclproof.linter.reports.usage import FORMATS
from aclproof.linter.site.site import Site, is_site_file
from aclproof.linter.usage.usage import usage
from aclproof.reason import Reason


class Asked(Struct, frozen=True):
    """What the options say about the site."""

    site: str
    configs: tuple[str, ...]
    """Files of the firewalls that are meant; empty for all."""
    as_of: str | None
    root: str | None


def show(asked: Asked, form: str, wishes: output.ReportOptions) -> int:
    """Write what hangs on the lines of a site; the exit code says whether all of it could be told."""
    if not is_site_file(asked.site):
        raise click.UsageError(Reason("--used-by {path}: this is no site file, which ends in .yaml; name "
                                      "configurations before the option", path=asked.site))
    site = site_of({"paths": (asked.site,), "methods": (), "packs": (), "allow_outside": False,
                    "root": asked.root})
    day = day_of({"as_of": asked.as_of})
    names = _named(site, quick.expand(asked.configs))
    found = usage(analyse(site, day), day, names)
    deliver(lambda each, look: FORMATS[each](found, look), [Target(form, STDOUT)], wishes)
    return exits.PROVEN if found.complete else exits.UNPROVEN


def _named(site: Site, configs: Sequence[str]) -> list[str]:
    """The firewalls of the site that some files belong to; UsageError for a file of none."""
    files = {os.path.realpath(file): place.name for place in site.firewalls for file in place.configs}
    found: dict[str, None] = {}
    for config in configs:
        name = files.get(os.path.realpath(config))
        if name is None:
            from aclproof.rules.suggest import unknown

            known = [file for place in site.firewalls for file in place.configs]
            raise click.UsageError(unknown("configuration of the site", config, known))
        found[name] = None
    return list(found)

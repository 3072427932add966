"""`aclproof check`: the main job."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from linter import site as sites
from linter.check import PROFILES, check
from linter.cli import exits, output, quick
from linter.reports import FORMATS, Look
from linter.result import MethodVerdict, Result, Verdict
from linter.site import Site
from rules.strict_yaml import InputError, Problem


@click.command(name="check")
@click.argument("paths", nargs=-1, metavar="[SITE.yaml | CONFIG...]")
@click.option("--client", multiple=True, metavar="ADDR", help="Clients' addresses (without a site file).")
@click.option("--server", multiple=True, metavar="ADDR", help="Addresses of all site systems together.")
@click.option("--role", "roles", multiple=True, metavar="ROLE=ADDR", help="Addresses of one role.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="A setting, such as mode=native.")
@click.option("--method", "methods", multiple=True, metavar="METHOD", help="Check only this method.")
@click.option("--interface", "interfaces", multiple=True, metavar="ROLE=NAME",
              help="The interface behind which a role lies, where routes do not tell.")
@click.option("--acl", "lists", multiple=True, metavar="ROLE=NAME",
              help="The access list that filters what comes from a role, where the file binds none.")
@click.option("--host", "hosts", multiple=True, metavar="ROLE",
              help="The firewall is that of the host which plays this role.")
@click.option("--profile", type=click.Choice(PROFILES), help="The network's profile (Windows Firewall).")
@click.option("--fact", "facts", multiple=True, metavar="KEY=VALUE",
              help="Settle an open question: 'time-range WORK=active'.")
@click.option("--pack", metavar="NAME|FILE", help=f"Requirement pack.  [default: {sites.DEFAULT_PACK}]")
@click.option("--format", "formats", multiple=True, metavar="FORMAT[=FILE]",
              help=f"{', '.join(FORMATS)}; repeatable.  [default: text]")
@click.option("--require", type=click.Choice(["all", "any"]), default="all", show_default=True,
              help="Exit 0 if all methods are proven, or any one.")
@click.option("--allow-undecided", is_flag=True, help="Exit 0 instead of 3 when nothing is missing.")
@click.option("--allow-outside", is_flag=True, help="Let the site file name files outside its folder.")
@click.option("--as-of", metavar="DATE", help="Judge ended time ranges as of this day (YYYY-MM-DD).")
@output.colour_option
def command(paths: tuple[str, ...], client: tuple[str, ...], server: tuple[str, ...], roles: tuple[str, ...],
            settings: tuple[str, ...], methods: tuple[str, ...], interfaces: tuple[str, ...],
            lists: tuple[str, ...], hosts: tuple[str, ...], profile: str | None, facts: tuple[str, ...],
            pack: str | None, formats: tuple[str, ...],
            require: str, allow_undecided: bool, allow_outside: bool, as_of: str | None, colour: str) -> int:
    """Prove which client installation methods work through the firewalls, and what the others lack.

    With no argument the site file aclproof.yaml in the working directory is used. Without a site file:

    \b
      aclproof check fw.cfg --client 10.20.0.0/16 --server 10.1.1.0/24 \\
                     --set mode=native --method client-push
    """
    quick_options = {"--client": client, "--server": server, "--role": roles, "--set": settings,
                     "--interface": interfaces, "--acl": lists, "--host": hosts,
                     "--profile": (profile,) if profile else ()}
    site = _site(paths, quick_options, methods, facts, pack, allow_outside)
    targets = [_target(each) for each in formats] or [("text", "")]
    result = check(site, _day(as_of))
    note = allow_undecided and _code(result, require) == exits.UNPROVEN
    inputs = [each.path for each in result.inputs] + ([site.origin.file] if site.origin else [])
    for name, file in targets:
        if file:
            output.save(FORMATS[name](result, Look()), file, inputs)
        else:
            output.emit(FORMATS[name](result, output.look(colour)))
    if note:
        click.echo("aclproof: not everything is proven; --allow-undecided makes this exit 0", err=True)
    return exits.PROVEN if note else _code(result, require)


def _site(paths: tuple[str, ...], options: dict[str, tuple[str, ...]], methods: tuple[str, ...],
          facts: tuple[str, ...], pack: str | None, allow_outside: bool) -> Site:
    given = [name for name, value in options.items() if value]
    if len(paths) == 1 and paths[0].endswith((".yaml", ".yml")):
        site_file: str | None = paths[0]
    else:
        site_file = None if paths or given else sites.DEFAULT_FILE
    if site_file is None:
        return quick.site(paths, options, methods, facts, pack or sites.DEFAULT_PACK)
    if given:
        raise click.UsageError(f"{given[0]} goes with configurations, not with a site file: write it into "
                               f"{site_file}")
    if not paths and not Path(site_file).exists():
        raise InputError(Problem(site_file, 0, "", "no site file here; write one, or name a configuration: "
                                                   "aclproof check fw.cfg --client ... --server ..."))
    return quick.amend(sites.read(Path(site_file), anywhere=allow_outside), methods, facts, pack)


def _target(text: str) -> tuple[str, str]:
    from rules.suggest import unknown

    name, _, file = text.partition("=")
    if name not in FORMATS:
        raise click.UsageError(unknown("format", name, list(FORMATS)))
    return name, file


def _day(text: str | None) -> date:
    if text is None:
        return date.today()
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise click.UsageError(f"--as-of {text}: write a day as 2026-01-31") from None


def _code(result: Result, require: str) -> int:
    """Exit code of a result: something missing beats something unproven."""
    if require == "any" and result.with_verdict(MethodVerdict.WORKS):
        return exits.PROVEN
    if result.count(Verdict.MISSING):
        return exits.MISSING
    assessed = [each for each in result.methods if each.verdict is not MethodVerdict.NOT_ASSESSED]
    if result.count(Verdict.UNDECIDED) or not assessed:
        return exits.UNPROVEN
    return exits.PROVEN

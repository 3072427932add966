"""The arguments that name a site: a site file, or configurations with quick options."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from shlex import quote
from typing import Any, TypeVar

import click
from msgspec.structs import replace

from aclproof import inputs, rules
from aclproof.linter.cli import completing, quick
from aclproof.linter.cli.packs import packs_option
from aclproof.linter.site import site as sites
from aclproof.linter.site.site import Site
from aclproof.linter.site.validation import profiles
from aclproof.reason import Reason
from aclproof.rules.strict_yaml import InputError, Problem

_Command = TypeVar("_Command", bound=Callable[..., Any])

root_option = click.option("--root", metavar="DIR", shell_complete=completing.files,
                           help="The folder in which the site file may name files.  [default: the nearest "
                                "above it with .aclproof or .git]")
_OF_DEMANDS = (
    click.option("--client", multiple=True, metavar="ADDR",
                 help="Addresses of the pack's near role, its clients (without a site file)."),
    click.option("--server", multiple=True, metavar="ADDR", help="Addresses of all other roles together."),
    click.option("--role", "role", multiple=True, metavar="ROLE=ADDR", help="Addresses of one role.",
                 shell_complete=completing.role_values),
    click.option("--set", "set", multiple=True, metavar="KEY=VALUE", help="A setting, such as mode=native.",
                 shell_complete=completing.settings),
    click.option("--method", "methods", multiple=True, metavar="METHOD", help="Only this method.",
                 shell_complete=completing.methods),
    packs_option(f"Requirement pack; may be given several times.  [default: {sites.DEFAULT_PACK}]"),
    click.option("--tier", type=click.Choice([sites.SUPPORTING]),
                 help="Prove what supports the methods as well, where the pack has it."),
    root_option,
    click.option("--allow-outside", is_flag=True, help="Let the site file name any file."))
_OF_FIREWALLS = (
    click.option("--interface", "interface", multiple=True, metavar="ROLE=NAME",
                 shell_complete=completing.role_values,
                 help="The interface behind which a role lies, where routes do not show it."),
    click.option("--acl", "acl", multiple=True, metavar="ROLE=NAME", shell_complete=completing.role_values,
                 help="The access list that filters what comes from a role, where the file binds none."),
    click.option("--host", "host", multiple=True, metavar="ROLE", shell_complete=completing.roles,
                 help="The firewall runs on the host with this role."),
    click.option("--profile", type=click.Choice(profiles()),
                 help="The network's profile (Windows Firewall)."),
    click.option("--context", metavar="NAME",
                 help="The context that is meant, where a file holds several (Cisco ASA)."),
    click.option("--fact", "facts", multiple=True, metavar="KEY=VALUE",
                 help="Settle an open question: 'time-range WORK=active'."),
    click.option("--assume", type=click.Choice([sites.USUAL]),
                 help="Take the usual answers to open questions as facts; every report lists them."),
    click.option("--as-of", metavar="DATE",
                 help="Evaluate time ranges and waivers as of this date (YYYY-MM-DD)."))
waivers_option = click.option("--waivers", metavar="FILE",
                              help="Waiver file (accepted gaps); see docs/waivers.md.")
"""For commands that leave out what is waived; it wins over the site file."""
strict_option = click.option("--strict", is_flag=True,
                             help="Let requirements count that the pack only warns of.")
"""For commands whose exit code says what a site lacks."""
_KEYS = {"--client": "roles", "--server": "roles", "--role": "roles", "--set": "settings",
         "--interface": "firewalls", "--acl": "firewalls", "--host": "firewalls", "--profile": "firewalls",
         "--context": "firewalls"}
"""Where in a site file stands what an option says where there is none."""
QUICK = ("client", "server", "role", "set", "interface", "acl", "host")
"""Options that make a site without a site file."""


def site_options(command: _Command) -> _Command:
    """Give a command the arguments that name a site."""
    return _with(command, "[SITE.yaml | CONFIG...]", (*_OF_DEMANDS, *_OF_FIREWALLS))


def site_settings(command: _Command) -> _Command:
    """Give a command all of these but the files themselves."""
    return _options(command, (*_OF_DEMANDS, *_OF_FIREWALLS))


def demand_options(command: _Command) -> _Command:
    """Give a command the arguments that name a site, without those about firewalls."""
    return _with(command, "[SITE.yaml]", _OF_DEMANDS)


def _with(command: _Command, files: str, options: Sequence[Callable[[_Command], _Command]]) -> _Command:
    argument = click.argument("paths", nargs=-1, metavar=files, shell_complete=completing.files)
    return argument(_options(command, options))


def _options(command: _Command, options: Sequence[Callable[[_Command], _Command]]) -> _Command:
    for option in reversed(options):
        command = option(command)
    return command


def site_of(given: dict[str, Any], *, firewalls: bool = True) -> Site:
    """Read the site that the arguments name; InputError or UsageError says what is wrong.

    Without `firewalls` it need not have any.
    """
    found, waivers = _site(given, firewalls=firewalls), given.get("waivers")
    if waivers == "":
        raise click.UsageError(Reason("--waivers: name the waiver file"))
    return replace(found, strict=bool(given.get("strict")), tier=given.get("tier") or found.tier,
                   waivers=waivers or found.waivers,
                   assume_usual=found.assume_usual or bool(given.get("assume")))


def is_of_file(given: dict[str, Any]) -> bool:
    """Return whether demands come from a site file, named or the one that is here, and not from addresses."""
    return bool(given["paths"]) or not any(given[option] for option in ("client", "server", "role"))


def _site(given: dict[str, Any], *, firewalls: bool) -> Site:
    paths, methods, packs, facts = given["paths"], given["methods"], given["packs"], given.get("facts", ())
    options = {f"--{key}": given.get(key, ()) for key in QUICK}
    for key in ("profile", "context"):
        options[f"--{key}"] = (given[key],) if given.get(key) else ()
    used = [name for name, value in options.items() if value]
    beside_default = not paths and is_of_file(given) and os.path.exists(sites.DEFAULT_FILE)
    _reject_several_sites(paths)
    if len(paths) == 1 and sites.is_site_file(paths[0]):
        site_file: str | None = paths[0]
    else:
        site_file = sites.DEFAULT_FILE if beside_default or not (paths or used) else None
    if site_file is None:
        if bool(paths) is not firewalls:
            raise click.UsageError(_WRONG_INPUT[firewalls])
        return quick.site(paths, options, methods, facts,
                          packs or (rules.find(sites.DEFAULT_PACK),))
    if used:
        raise click.UsageError(Reason("{used} cannot be combined with a site file; write it into {site_file},"
                                      " under '{key}'", used=used[0], site_file=site_file,
                                      key=_KEYS[used[0]]))
    if not paths and not os.path.exists(site_file):
        raise InputError(Problem(site_file, 0, "", Reason("no site file here; write one ('aclproof init'), "
                                                          "or {instead}", instead=_ELSE[firewalls])))
    from pathlib import Path

    from aclproof.linter.site import reader

    known = reader.read(Path(site_file), anywhere=given["allow_outside"], firewalls=firewalls,
                        root=root_of(given))
    for file in known.files():
        inputs.note(file)
    return quick.amend(known, methods, facts, packs)


def root_of(given: Mapping[str, Any]) -> str | None:
    """Return the folder in which a site may name files; UsageError for none, None to look for it."""
    folder: str | None = given["root"]
    if folder is not None and given["allow_outside"]:
        raise click.UsageError(Reason("--allow-outside lets a site file name any file: leave out --root"))
    if folder is not None and not os.path.isdir(folder):
        raise click.UsageError(Reason("--root {folder}: there is no such folder", folder=folder))
    return folder


def _reject_several_sites(paths: Sequence[str]) -> None:
    """UsageError for a folder, and for a site file besides other files: a run is about one site."""
    for path in paths:
        if os.path.isdir(path):
            inside = os.path.join(path, sites.DEFAULT_FILE)
            instead = Reason("name the site file in it, {file}", file=inside) if os.path.exists(inside) \
                else _one_by_one(f"$(find {quote(path)} -name {sites.DEFAULT_FILE})")
            raise click.UsageError(Reason("{path} is a folder: {instead}", path=path, instead=instead))
    site_file = next(filter(sites.is_site_file, paths), "")
    if len(paths) > 1 and site_file:
        only_sites = all(map(sites.is_site_file, paths))
        raise click.UsageError(_one_by_one(" ".join(map(quote, paths))) if only_sites else Reason(
            "{file} names its configurations itself: give it alone", file=site_file))


def _one_by_one(files: str) -> Reason:
    """How a shell runs the command that was given for each of these; the flags that it was given stay."""
    context = click.get_current_context()
    flags = [each.opts[-1] for each in context.command.params if isinstance(each, click.Option)
             and each.is_flag and context.params.get(each.name or "") is True]
    return Reason("a run is about one site; for many: for site in {files}; do {command} \"$site\"; done",
                  files=files, command=" ".join((context.command_path, *flags)))


_WRONG_INPUT = {True: Reason("name a firewall configuration to check, or a site file"),
                False: Reason("no configuration is read here: name a site file, or give --client and "
                              "--server")}
_ELSE = {True: Reason("name a configuration: aclproof check fw.cfg --client ... --server ..."),
         False: Reason("say who talks to whom: aclproof requirements --client ... --server ...")}
"""By whether the command needs firewalls."""


def day_of(given: Mapping[str, Any]) -> date:
    """The date as of which time ranges and waivers are evaluated."""
    text = given["as_of"]
    if text is None:
        return date.today()
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise click.UsageError(Reason("--as-of {text}: write a day as 2026-01-31", text=text)) from None

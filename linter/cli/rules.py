"""`aclproof rules`: which requirement packs there are, what one holds, whether one of your own is right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from aclproof import rules
from aclproof.inputs import STDIN
from aclproof.linter.cli import completing, exits, output, quick, streams
from aclproof.linter.cli.app import Suggesting
from aclproof.linter.reports.language.language import Language, Words
from aclproof.linter.site.site import DEFAULT_PACK
from aclproof.rules.pack import Pack
from aclproof.rules.strict_yaml import InputError, Problem

if TYPE_CHECKING:
    from aclproof.linter.reports.packs.listing import Listed


@click.group(name="rules", cls=Suggesting)
def command() -> None:
    """List requirement packs, show one, or check one of your own."""


@command.command(name="list")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@output.language_option
def list_(form: str, language: Language) -> int:
    """List the packs that --pack and a site file find by name, in the order in which they are looked for.

    \b
    They are part of aclproof, or a file NAME.yaml
      in the folder 'rules' of the site file (for --pack: of the current folder),
      in $XDG_CONFIG_HOME/aclproof/rules (~/.config/aclproof/rules),
      or of an installed package (entry point group 'aclproof.packs').
    """
    from aclproof.linter.reports.packs import listing

    found = list(_listed())
    if form == "json":
        streams.write(listing.as_document(found), encoding=streams.UTF8)
    else:
        streams.emit(listing.as_text(found, Words(language)))
    return exits.PROVEN


@command.command(name="show")
@click.argument("pack", metavar="PACK", shell_complete=completing.packs)
@output.language_option
def show(pack: str, language: Language) -> int:
    """Show what a pack holds: its source, roles, methods, settings with their defaults, and requirements."""
    from aclproof.linter.reports.packs import text

    streams.emit(text.render(rules.load(rules.find(pack)), Words(language)))
    return exits.PROVEN


@command.command(name="check")
@click.argument("packs", nargs=-1, required=True, metavar="PACK.yaml...", shell_complete=completing.files)
@output.language_option
def check(packs: tuple[str, ...], language: Language) -> int:
    """Check packs of your own ('-': standard input), and say everything that is wrong with them.

    Each problem has its line, its key and where there is one a suggestion. Exit code 2 where there is any.
    """
    problems: list[Problem] = []
    for file in quick.expand(packs):
        try:
            pack = _read(file)
        except InputError as error:
            problems += error.problems
        else:
            streams.emit(f"{file}: {_contents(pack, Words(language))}\n")
    if problems:
        raise InputError(*problems)
    return exits.PROVEN


def _listed() -> Iterator[Listed]:
    from aclproof.linter.reports.packs.listing import Listed
    from aclproof.rules import search

    everywhere = search.everywhere()
    for each in everywhere:
        pack, problems = None, 0
        try:
            pack = rules.load(each.name if each.place == "built-in" else each.file)
        except InputError as error:
            problems = len(error.problems)
        yield Listed(each, pack, problems, each.place == "built-in" and each.name == DEFAULT_PACK,
                     search.is_ambiguous(each, everywhere))


def _read(file: str) -> Pack:
    """Read a pack, whatever its file is called."""
    from aclproof.parsers.source import STDIN_NAME
    from aclproof.rules.loader import load_pack
    from aclproof.rules.strict_yaml import read_text

    return load_pack(read_text(file), STDIN_NAME if file == STDIN else file)


def _contents(pack: Pack, words: Words) -> str:
    """How much of what a pack holds."""
    from aclproof.rules.ephemeral_ports import PORTS

    settings = [each for each in pack.settings if each != PORTS]  # every pack has that one
    warnings = [each for each in pack.requirements if each.severity == "warning"]
    parts = (words.count("{n} method", "{n} methods", len(pack.methods)),
             words.count("{n} role", "{n} roles", len(pack.roles)),
             words.count("{n} setting", "{n} settings", len(settings)),
             words.count("{n} requirement", "{n} requirements", len(pack.requirements)),
             words.count("{n} warning", "{n} warnings", len(warnings)))
    return f"{pack.id} {pack.version}: {', '.join(parts[:5 if warnings else 4])}"

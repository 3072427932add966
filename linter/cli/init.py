"""`aclproof init`: a first site file."""

from __future__ import annotations

import os
from pathlib import Path

import click

from aclproof import parsers
from aclproof.inputs import STDIN
from aclproof.linter.cli import completing, exits, files, quick, streams
from aclproof.linter.draft.hints import ReadConfig
from aclproof.linter.site.site import DEFAULT_FILE, DEFAULT_PACK
from aclproof.reason import Reason


@click.command(name="init")
@click.argument("configs", nargs=-1, metavar="[CONFIG...]", shell_complete=completing.files)
@click.option("-o", "--output", "target", default=DEFAULT_FILE, show_default=True, metavar="FILE",
              help="Where to write; '-' is standard output.")
@click.option("--pack", default=DEFAULT_PACK, show_default=True, metavar="NAME|FILE",
              shell_complete=completing.packs, help="Requirement pack.")
@click.option("--force", is_flag=True, help="Overwrite the file.")
@click.option("--allow-outside", is_flag=True, help="Let it name configurations outside its folder.")
def command(configs: tuple[str, ...], target: str, pack: str, force: bool, allow_outside: bool) -> int:
    """Write a commented site file. Configurations are named in the order in which clients meet them.

    Interfaces, networks and roles that they suggest are proposed, each with its line; confirm every guess.
    """
    from aclproof import rules
    from aclproof.linter.draft.draft import draft_site
    from aclproof.linter.draft.text import write

    folder = Path() if files.is_stdout(target) else Path(target).parent
    if not files.is_stdout(target) and Path(target).exists() and not force:
        raise click.UsageError(Reason("{target} exists already: --force overwrites it, -o names another "
                                      "file", target=target))
    requirements = rules.load(pack)
    given = quick.expand(configs)
    paths = [_from(folder, each, allow_outside=allow_outside) for each in given]
    known = [ReadConfig(name, path, parsers.read(file), parsers.names(file))
             for name, path, file in zip(quick.unique_names(given), paths, given, strict=True)]
    text = write(draft_site(known, requirements), requirements, pack)
    if files.is_stdout(target):
        streams.write(text)
        return exits.PROVEN
    files.save(text, target)
    _print_next_steps(target, text)
    return exits.PROVEN


def _from(folder: Path, config: str, *, allow_outside: bool) -> str:
    """Write the path of a configuration as seen from the site file."""
    if config == STDIN:
        raise click.UsageError(Reason("a site file names files: save the configuration first"))
    path = os.path.relpath(config, folder)
    real, inside = os.path.realpath(config), os.path.realpath(folder)
    if not allow_outside and not Path(real).is_relative_to(inside):
        common = os.path.commonpath([os.path.dirname(real), inside])
        near = os.path.normpath(os.path.join(os.path.relpath(common), DEFAULT_FILE))
        raise click.UsageError(Reason("{config} lies outside the folder of the site file, where it is not "
                                      "opened: write the site file above it (-o {near}), or give "
                                      "--allow-outside, here and later", config=config, near=near))
    return Path(path).as_posix()


def _print_next_steps(target: str, text: str) -> None:
    """Print on standard error what is left to do."""
    from aclproof.linter.draft.text import unfilled

    count = text.count("# guess: ")
    streams.notice(Reason("{file} written; 1 guess to confirm", file=target) if count == 1 else
                   Reason("{file} written; {n} guesses to confirm", file=target, n=count))
    lines = list(unfilled(text))
    if lines:
        streams.notice(Reason("before it can be checked, fill in:"))
    for number, line in lines:
        streams.tell(f"  {target}:{number}: {line}")

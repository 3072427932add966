"""`aclproof init`: a first site file."""

from __future__ import annotations

import os
from pathlib import Path

import click

from aclproof.inputs import STDIN
from aclproof.linter.cli import completing, exits, files, from_inventory, output, quick, streams
from aclproof.linter.reports.language.language import Language, Words
from aclproof.linter.site import root as roots
from aclproof.linter.site.site import DEFAULT_FILE, DEFAULT_PACK
from aclproof.reason import Reason
from aclproof.rules.strict_yaml import InputError


@click.command(name="init")
@click.argument("configs", nargs=-1, metavar="[CONFIG...]", shell_complete=completing.files)
@click.option("--from-configmgr", "inventory", metavar="FILE", shell_complete=completing.files,
              help="An export of Configuration Manager: a site file for each of its boundary groups.")
@click.option("-o", "--output", "target", metavar="FILE", shell_complete=completing.files,
              help="Where to write; '-' is standard output. With --from-configmgr a folder.  "
                   f"[default: {DEFAULT_FILE}]")
@click.option("--pack", metavar="NAME|FILE", shell_complete=completing.packs,
              help="Requirement pack.  [default: the one that the configurations suggest]")
@click.option("--force", is_flag=True, help="Overwrite the file.")
@click.option("--allow-outside", is_flag=True, help="Let it name files outside its folder or repository.")
@output.quiet_option
@output.language_option
def command(configs: tuple[str, ...], inventory: str | None, target: str | None, pack: str | None,
            force: bool, allow_outside: bool, quiet: int, language: Language) -> int:
    """Write a commented site file. Configurations are named in the order in which clients meet them.

    Interfaces, networks and roles that they suggest are proposed, each with its line; confirm every guess.
    Several files of one firewall (rules and profiles, IPv4 and IPv6) are put together.
    """
    from aclproof import rules
    from aclproof.linter.draft.draft import draft_site
    from aclproof.linter.draft.inputs import read_all
    from aclproof.linter.draft.pack_choice import choose_pack, packs_by_name
    from aclproof.linter.draft.pack_text import why
    from aclproof.linter.draft.text import write

    if inventory:
        given = _given(configs, target or ".", pack or "", force=force, allow_outside=allow_outside)
        return from_inventory.write_all(inventory, given, Words(language), quiet)
    target = target or DEFAULT_FILE
    folder = Path() if files.is_stdout(target) else Path(target).parent
    if not files.is_stdout(target) and Path(target).exists() and not force:
        raise click.UsageError(Reason("{target} exists already: --force overwrites it, -o names another "
                                      "file", target=target))
    paths = [(each, _from(folder, each, allow_outside=allow_outside)) for each in quick.expand(configs)]
    words = Words(language)
    known = read_all(paths)
    choice = choose_pack(known, packs_by_name(), DEFAULT_PACK) if pack is None else None
    name = choice.name if choice else pack or ""
    requirements, named = rules.load(rules.find(name)), _pack_from(folder, name, allow_outside=allow_outside)
    text = write(draft_site(known, requirements), requirements, words, named, choice)
    if files.is_stdout(target):
        streams.write(text, quiet, streams.UTF8)  # as a site file is read
        return exits.PROVEN
    files.save(text, target, first=not force)
    chosen = words("pack {pack}: {why}", pack=named, why=why(choice, words)) if choice else ""
    if not quiet:
        _print_next_steps(target, text, chosen, words)
    return exits.PROVEN


def _given(configs: tuple[str, ...], target: str, pack: str, *, force: bool,
           allow_outside: bool) -> from_inventory.Given:
    folder = from_inventory.folder_of(target)
    known = [(each, _from(folder, each, "", allow_outside=allow_outside)) for each in quick.expand(configs)]
    named = _pack_from(folder, pack, "", allow_outside=allow_outside) if pack else ""
    return from_inventory.Given(folder, tuple(known), pack, named, force)


def _from(folder: Path, config: str, site_file: str = DEFAULT_FILE, *, allow_outside: bool) -> str:
    """Write the path of a file as seen from the site file; its name is empty where -o is a folder."""
    if config == STDIN:
        raise click.UsageError(Reason("a site file names files: save the configuration first"))
    real, inside = os.path.realpath(config), os.path.realpath(folder)
    if not allow_outside and roots.of(folder).refusal(config, config):
        near = f" (-o {above})" if (above := _above(os.path.dirname(real), inside, site_file)) else ""
        raise click.UsageError(Reason("{config} lies outside the folder of the site file, where it is not "
                                      "opened: write the site file above it{near}, or give "
                                      "--allow-outside, here and later", config=config, near=near))
    return _relative(config, folder)


def _pack_from(folder: Path, pack: str, site_file: str = DEFAULT_FILE, *, allow_outside: bool) -> str:
    """Write the name of a pack as seen from the site file."""
    from aclproof import rules

    found = rules.find(pack)
    if _is_found(pack, found, folder):
        return pack
    return _from(folder, found, site_file, allow_outside=allow_outside)


def _is_found(pack: str, found: str, folder: Path) -> bool:
    """Whether the name of a pack means the same file where it is written in a site file of that folder."""
    from aclproof import rules

    try:
        return not rules.is_path(pack) and os.path.realpath(
            rules.find(pack, str(folder))) == os.path.realpath(found)
    except InputError:
        return False


def _above(folder: str, other: str, name: str) -> str:
    """The path of a name above both folders; empty where nothing is, on two drives of Windows."""
    try:
        common = os.path.relpath(os.path.commonpath([folder, other]))
    except ValueError:
        return ""
    return os.path.normpath(os.path.join(common, name))


def _relative(path: str, folder: Path) -> str:
    """The path as seen from a folder, with `/`; the whole path where it is on another drive of Windows."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return Path(os.path.realpath(path)).as_posix()


def _print_next_steps(target: str, text: str, chosen: str, words: Words) -> None:
    """Print on standard error what was chosen, and what is left to do."""
    from aclproof.linter.draft.yaml_words import GUESS

    count = text.count(f"# {words.sentence(GUESS)}: ")
    streams.notice(words.count("{file} written; {n} guess to confirm",
                               "{file} written; {n} guesses to confirm", count, file=target))
    if chosen:
        streams.notice(chosen)
    if lines := from_inventory.to_fill_in(target, text):
        streams.notice(words("before it can be checked, fill in:"))
    for line in lines:
        streams.tell(line)

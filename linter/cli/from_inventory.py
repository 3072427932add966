"""`aclproof init` with an export of the product's own inventory: one site file for each of its groups."""

from __future__ import annotations

from pathlib import Path

import click
from msgspec import Struct

from aclproof.linter.cli import exits, files, streams
from aclproof.linter.reports.language.language import Words
from aclproof.reason import Reason


class Given(Struct, frozen=True):
    """What the command line says of the site files; the pack is empty where the sites' version decides."""

    folder: Path
    configs: tuple[tuple[str, str], ...]
    """Each configuration: the path to open, and how the site files name it."""
    pack: str = ""
    pack_named: str = ""
    """How the site files name it."""
    force: bool = False


def folder_of(target: str) -> Path:
    """Return the folder that site files go to; UsageError where the target can be none."""
    if files.is_stdout(target):
        raise click.UsageError(Reason("several files may be written: name a folder for them with -o"))
    folder = Path(target)
    if folder.exists() and not folder.is_dir():
        raise click.UsageError(Reason("{target} is no folder, and several files may be written: name a "
                                      "folder for them with -o", target=target))
    return folder


def write_all(inventory: str, given: Given, words: Words, quiet: int = 0) -> int:
    """Write a site file for each group, all of them or none; say on standard error which, unless quiet."""
    from aclproof.linter.draft.draft import draft_site
    from aclproof.linter.draft.inputs import read_all
    from aclproof.linter.draft.inventory import reader, site_files
    from aclproof.linter.draft.text import write

    known = reader.read(inventory)
    firewalls = read_all(given.configs)
    texts: dict[Path, str] = {}
    for each in site_files.of_groups(known, given.pack):
        path = given.folder / each.name
        if not given.force and path.exists():
            raise click.UsageError(Reason("{target} exists already: --force overwrites it, -o names another "
                                          "folder", target=path))
        draft = draft_site(firewalls, each.pack, each.stated)
        texts[path] = write(draft, each.pack, words, given.pack_named or each.pack_name)
    files.make_folder(str(given.folder))
    with files.together(first=not given.force) as put:
        for path, text in texts.items():
            put(text, str(path))
    for path, text in texts.items():
        lines = to_fill_in(str(path), text)
        streams.notice(words.count("{file} written; {n} line to fill in",
                                   "{file} written; {n} lines to fill in", len(lines), file=path), quiet)
        for line in () if quiet else lines:
            streams.tell(line)
    if alone := site_files.in_no_group(known):
        streams.notice(alone, quiet)
    return exits.PROVEN


def to_fill_in(file: str, text: str) -> list[str]:
    """Write the lines of a site file in which something has to be filled in."""
    from aclproof.linter.draft.text import unfilled

    return [f"  {file}:{number}: {line}" for number, line in unfilled(text)]

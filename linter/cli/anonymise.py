"""`aclproof anonymise`: inputs that may be shown to others, which mean the same."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from aclproof.linter.anonymise import salt as salts
from aclproof.linter.cli import completing, exits, files, leaving, output, streams
from aclproof.linter.cli.site_options import root_of, root_option
from aclproof.linter.reports.language.language import Language
from aclproof.linter.site.site import DEFAULT_FILE, is_site_file
from aclproof.reason import Reason

if TYPE_CHECKING:
    from aclproof.linter.anonymise.anonymise import Anonymised

_FOLDER = "anonymised"
_STDIN = "-"


@click.command(name="anonymise")
@click.argument("paths", nargs=-1, metavar="[SITE.yaml | CONFIG...]", shell_complete=completing.files)
@click.option("--output", "where", metavar="DIR|-", shell_complete=completing.files,
              help=f"A new folder for the files, or standard output for one.  [default: {_FOLDER}; of "
                   "standard input standard output]")
@click.option("--salt", metavar="FILE", shell_complete=completing.files,
              help="The secret that names are made with; made on first use.  [default: one in your "
                   "configuration folder]")
@root_option
@click.option("--allow-outside", is_flag=True, help="Let the site file name any file.")
@click.option("--as-of", metavar="DATE", help="Compare verdicts as of this date (YYYY-MM-DD).")
@output.quiet_option
@output.language_option
def command(paths: tuple[str, ...], where: str | None, salt: str | None, quiet: int, language: Language,
            **given: Any) -> int:
    """Write a site or configurations anew, to be shown to others: other names and addresses, no secrets.

    What is not known to be a word of the vendor is renamed, the same way each time: names, hosts, domains,
    users, MAC addresses, remarks. Addresses are mapped so that networks stay networks and ranges ranges.
    Passwords, keys, communities and certificates are removed. Ports, protocols and line numbers stay.

    Both sides are then read and compared: rule by rule, and of a site requirement by requirement. Exit 3
    where that shows a difference, or where the original cannot be read.

    \b
      aclproof anonymise aclproof.yaml --output for-the-report
      ssh fw show running-config | aclproof anonymise - > fw.txt
    """
    paths = paths or (DEFAULT_FILE,)
    where = where or (_STDIN if paths == (_STDIN,) else _FOLDER)
    if where != _STDIN and os.path.isdir(where) and os.listdir(where):
        raise click.UsageError(Reason("--output {folder}: name a new folder, this one is not empty",
                                      folder=where))
    secret = _salt_file(salt, where)
    known = salts.read(secret)
    drawn = known or salts.drawn()
    with leaving.work_folder() as folder:
        found = _anonymised(paths, drawn, folder, given)
    shown = [each for each in found.files if each.data]
    if where == _STDIN and len(shown) > 1:
        raise click.UsageError(Reason("{n} files do not fit standard output; name a folder with --output",
                                      n=len(shown)))
    if known is None:  # and without it, what was written could not be matched any more
        files.make_folder(os.path.dirname(secret) or ".", 0o700)
        files.save(drawn, secret, private=True, first=True)
    if where == _STDIN:
        streams.write(shown[0].text, quiet, shown[0].encoding)
    else:
        _save(found, where)
    return _said(found, where, quiet)


def _salt_file(path: str | None, where: str) -> str:
    path = path or salts.default_path()
    if where != _STDIN and files.real(path).startswith(os.path.join(files.real(where), "")):
        raise click.UsageError(Reason("--salt {path}: whoever gets the folder must not have it; keep it "
                                      "elsewhere", path=path))
    return path


def _anonymised(paths: tuple[str, ...], salt: bytes, folder: str, given: dict[str, Any]) -> Anonymised:
    from aclproof.linter.anonymise import anonymise
    from aclproof.linter.cli.site_options import day_of

    if len(paths) == 1 and is_site_file(paths[0]):
        from aclproof.linter.site import reader

        day, anywhere, root = day_of(given), given["allow_outside"], root_of(given)
        return anonymise.anonymised(
            lambda: anonymise.site(reader.read(paths[0], anywhere=anywhere, root=root), day),
            lambda at: anonymise.site(reader.read(at(paths[0])), day), salt, folder)
    paths = tuple(each if os.path.isfile(each) else _kept(each, os.path.join(folder, "input", str(number)))
                  for number, each in enumerate(paths))
    return anonymise.anonymised(
        lambda: anonymise.configurations(paths),
        lambda at: anonymise.configurations([at(each) for each in paths]), salt, folder)


def _kept(path: str, folder: str) -> str:
    """Put standard input, or a pipe, into a file: it can be read only once."""
    from aclproof.parsers import source

    data, _ = source.data(path)
    os.makedirs(folder)
    kept = os.path.join(folder, "config.txt")
    with open(kept, "wb") as file:
        file.write(data)
    return kept


def _save(found: Anonymised, folder: str) -> None:
    files.make_folder(folder, 0o700)  # nobody has looked through it
    with files.together() as put:
        for each in found.files:
            path = os.path.join(folder, each.path)
            files.make_folder(os.path.dirname(path))
            put(each.data, path)


def _said(found: Anonymised, where: str, quiet: int) -> int:
    """Say in a line what was proven of both sides, and which code that is."""
    if found.differs:
        streams.notice(Reason("not proven to mean the same: {what}", what=found.differs), quiet)
        _written(found, where, quiet)
        return exits.UNPROVEN
    result, lines = found.meaning.result, found.meaning.lines
    same = Reason("the same meaning: {n} requirements have the same verdicts, {lines} lines were read alike",
                  n=len(result.demands), lines=lines) if result else Reason(
                      "the same meaning: {lines} lines were read alike", lines=lines)
    streams.notice(same, quiet)
    if any(found.held):
        streams.notice(Reason("the last {bits} bits of IPv4 addresses and {more} of IPv6 addresses are as "
                              "they were: networks are translated host by host", bits=found.held[0],
                              more=found.held[1]), quiet)
    _written(found, where, quiet)
    return exits.PROVEN


def _written(found: Anonymised, where: str, quiet: int) -> None:
    """Say where the files are and what stays in them, whatever was proven of them."""
    if where != _STDIN:
        streams.notice(Reason("files written to {folder}: {n}", folder=where,
                              n=len([each for each in found.files if each.data])), quiet)
    streams.notice(Reason("look through it before you show it: names that are words of the make, single "
                          "letters or short numbers stay"), quiet)

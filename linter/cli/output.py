"""What standard output looks like: colour, width, language, how much of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TextIO, TypeVar

import click
from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.cli.language import LANGUAGES, OPTION, of_system

if TYPE_CHECKING:
    from aclproof.linter.reports import Look
    from aclproof.linter.reports.language.language import Language

_Item = TypeVar("_Item")
_WINDOWS = os.name == "nt"
_MANY = 1000
"""From so many packets on they are counted on a terminal."""

_COLOUR = click.option("--color", "colour", type=click.Choice(["auto", "always", "never"]), default="auto",
                       show_default=True, help="Colour on standard output.")
colour_option = _COLOUR
"""The option that every command with a text report takes."""
quiet_option = click.option("-q", "--quiet", count=True,
                            help="Only errors on standard error; -qq: nothing on standard output either.")
"""The option that every command with notices takes."""


def _language(ctx: click.Context, option: click.Parameter, given: Language | None) -> Language:
    """The language that was given, else the system's."""
    return given or of_system()


language_option = click.option(
    OPTION, "language", type=click.Choice(LANGUAGES), callback=_language,
    help="Language of what people read; machine formats stay English.  [default: the system's]")
"""The option of every command that writes for people; the command gets a `Language`."""


class ReportOptions(Struct, frozen=True):
    """What the options of a command say about reports."""

    colour: str = "auto"
    verbose: bool = False
    quiet: int = 0
    """How often -q was given."""
    language: Language = "en"


def look(wishes: ReportOptions) -> Look:
    """How standard output wants its text: width of the terminal, colour by option, environment, terminal."""
    return replace(plain_look(wishes), width=columns(), colour=coloured(wishes.colour, sys.stdout))


def columns() -> int:
    """How wide text on standard output is: as its terminal, up to what can be read; 80 where it is none."""
    if not sys.stdout.isatty():
        return 80
    from shutil import get_terminal_size

    return min(get_terminal_size((80, 24)).columns, 120)


def plain_look(wishes: ReportOptions) -> Look:
    """How a file wants its report: no colour, and files named from the root of the repository, if any."""
    from aclproof.linter.reports import Look
    from aclproof.linter.reports.writing.file_uris import FileNames

    here = os.getcwd()
    return Look(language=wishes.language, verbose=wishes.verbose, places=FileNames(here, _repository(here)))


def _repository(folder: str) -> str:
    """The root of the repository that a folder is in, else the folder itself."""
    root, below = folder, ""
    while root != below:
        if os.path.exists(os.path.join(root, ".git")):
            return root
        root, below = os.path.dirname(root), root
    return folder


def coloured(colour: str, stream: TextIO) -> bool:
    """Whether a stream gets colours: the option, then NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, its terminal."""
    if colour != "auto":
        return colour == "always"
    known = os.environ.get
    if known("NO_COLOR"):
        return False
    if known("FORCE_COLOR") or known("CLICOLOR_FORCE", "0") not in ("", "0"):
        return True
    return stream.isatty() and known("TERM") != "dumb" and (not _WINDOWS or _console_takes_colours())


def _console_takes_colours() -> bool:
    """Whether a console of Windows follows escape sequences: an older one would show them."""
    from aclproof.linter.reports.writing.terminal import takes_escape_sequences

    return takes_escape_sequences()


def counted(items: Iterable[_Item], size: int, what: str) -> Iterator[_Item]:
    """Yield the items, and count them on a terminal's standard error where there are many, and the terminal
    does not show what is made of them."""
    shown = size >= _MANY and sys.stderr.isatty() and not sys.stdout.isatty()
    for number, item in enumerate(items, 1):
        yield item
        if shown and (number % _MANY == 0 or number == size):
            end = "\n" if number == size else ""
            print(f"\raclproof: {number} of {size} {what}", end=end, file=sys.stderr, flush=True)

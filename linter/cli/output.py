"""Where reports go: standard output or files, whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path

import click

from linter.reports import Look
from linter.reports.language import LANGUAGES, Language

_COLOUR = click.option("--color", "colour", type=click.Choice(["auto", "always", "never"]), default="auto",
                       show_default=True, help="Colour on standard output.")
colour_option = _COLOUR
"""The option that every command with a text report takes."""


def _language(ctx: click.Context, option: click.Parameter, given: Language | None) -> Language:
    """The language that was asked for, else that of the locale, else English."""
    if given:
        return given
    locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return next((each for each in LANGUAGES if re.match(rf"{each}(?![a-z])", locale)), "en")


language_option = click.option(
    "--lang", "language", type=click.Choice(LANGUAGES), callback=_language,
    help="Language of reports for people; machine formats stay English.  [default: from the locale]")
"""The option of every command that writes for people; the command gets a Language."""


def look(colour: str, language: Language = "en") -> Look:
    """How standard output wants its text: width of the terminal, colour by option, environment, terminal."""
    terminal = sys.stdout.isatty()
    width = min(shutil.get_terminal_size((80, 24)).columns, 120) if terminal else 80
    if colour != "auto":
        return Look(width, colour == "always", language)
    if os.environ.get("NO_COLOR"):
        return Look(width, False, language)
    forced = os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE")
    return Look(width, bool(forced) or (terminal and os.environ.get("TERM") != "dumb"), language)


def emit(text: str) -> None:
    """Write to standard output; a reader that went away is no error."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def save(text: str, path: str, inputs: Collection[str]) -> None:
    """Write a file atomically; an input is never overwritten."""
    target = Path(path)
    if any(target.resolve() == Path(each).resolve() for each in inputs):
        raise click.UsageError(f"{path} is an input; name another file for the report")
    try:
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, target)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be written ({error.strerror})") from None

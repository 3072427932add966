"""Where reports go: standard output or files, whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import click

from linter.reports import Look
from linter.reports.places import Places

_COLOUR = click.option("--color", "colour", type=click.Choice(["auto", "always", "never"]), default="auto",
                       show_default=True, help="Colour on standard output.")
colour_option = _COLOUR
"""The option that every command with a text report takes."""


def look(colour: str) -> Look:
    """How standard output wants its text: width of the terminal, colour by option, environment, terminal."""
    terminal = sys.stdout.isatty()
    width = min(shutil.get_terminal_size((80, 24)).columns, 120) if terminal else 80
    return replace(plain_look(), width=width, colour=_coloured(colour, terminal))


def plain_look() -> Look:
    """How a file wants its report: no colour, and files named from the root of the repository, if any."""
    here = Path.cwd()
    root = next((each for each in (here, *here.parents) if (each / ".git").exists()), here)
    return Look(places=Places(str(here), str(root)))


def _coloured(colour: str, terminal: bool) -> bool:
    if colour != "auto":
        return colour == "always"
    if os.environ.get("NO_COLOR"):
        return False
    forced = os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE")
    return bool(forced) or (terminal and os.environ.get("TERM") != "dumb")


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
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, target)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be written ({error.strerror})") from None


def append(text: str, path: str, most: int) -> None:
    """Add to a file that others write to as well, unless it would then hold more than `most` bytes."""
    data = text.encode("utf-8")
    try:
        with open(path, "ab") as file:
            if file.tell() + len(data) <= most:
                file.write(data)
                return
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be written ({error.strerror})") from None
    click.echo(f"aclproof: {path} is full; the report was not added", err=True)

"""Standard input, output and error: always there, in any encoding, and a fault of theirs is one line."""

from __future__ import annotations

import codecs
import os
import sys
from contextlib import suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, TextIO

import click

from aclproof import inputs
from aclproof.linter.harmless import visible, whole
from aclproof.reason import Reason

if TYPE_CHECKING:
    from aclproof.linter.reports.language.language import Language, Words

UTF8 = "utf-8"
"""How programs read a report, whatever a console shows."""
_PLAIN = str.maketrans({"„": '"', "“": '"', "”": '"', "…": "..."})
"""What is meant as much where a console's code page lacks the sign."""
spoken: ContextVar[Language] = ContextVar("spoken", default="en")
"""The language of what goes to standard error."""


def complete() -> None:
    """Open those that the process was started without, so that no other file gets their number.

    Using one fails as a full disk does; what goes to standard error is lost.
    """
    for number, use in ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_RDWR)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, use)  # the lowest number that is free
    streams = {name: getattr(sys, name) for name in ("stdin", "stdout", "stderr")}  # typed as never None
    for number, (name, mode) in enumerate(zip(streams, "rww", strict=True)):
        if streams[name] is None:
            setattr(sys, name, os.fdopen(number, mode, encoding=UTF8, closefd=False))


def emit(text: str, quiet: int = 0) -> None:
    """Write lines for people to standard output, unless -qq was given."""
    write(whole(text), quiet)


def write(text: str, quiet: int = 0, encoding: str = "") -> None:
    """Write a report to standard output as it is; without an encoding in the console's.

    Signs that it lacks are written as escapes, or plainly. A reader that went away is no error.
    """
    if quiet > 1:
        return
    data = text.encode(encoding or sys.stdout.encoding or UTF8, "aclproof.plain")
    try:
        sys.stdout.flush()
        if hasattr(sys.stdout, "buffer"):
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        else:  # a caller in Python put a text of its own there
            sys.stdout.write(text)
    except BrokenPipeError:
        silence(sys.stdout)
    except OSError as error:
        silence(sys.stdout)
        raise click.ClickException(Reason("standard output: cannot be written ({reason})",
                                          reason=inputs.system_reason(error))) from None


def _plain(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    lacking = error.object[error.start:error.end].translate(_PLAIN)
    return lacking.encode("ascii", "backslashreplace").decode("ascii"), error.end


codecs.register_error("aclproof.plain", _plain)


def show(text: str, form: str, quiet: int = 0) -> None:
    """Write lines for people, or what is for programs by its form."""
    if form == "text":
        emit(text, quiet)
    else:
        write(text, quiet, UTF8)


def tell(message: str) -> None:
    """Write a line to standard error; where that fails, nobody can be told."""
    try:
        sys.stderr.write(f"{whole(visible(message))}\n")
        sys.stderr.flush()
    except OSError:
        silence(sys.stderr)


def notice(text: str, quiet: int = 0) -> None:
    """Write to standard error what is no result, unless -q was given."""
    if not quiet:
        tell(f"aclproof: {said(text)}")


def said(text: str) -> str:
    """Return a sentence in the language of the run."""
    return text if (language := spoken.get()) == "en" else _words(language).sentence(text)


def complaint(text: str) -> str:
    """Return what is wrong with the usage, in the language of the run, though click wrote it."""
    if (language := spoken.get()) == "en" or isinstance(text, Reason):
        return said(text)
    from aclproof.linter.cli.complaints import translated

    return translated(text, _words(language))


def _words(language: Language) -> Words:
    from aclproof.linter.reports.language.language import Words

    return Words(language)


def finish() -> bool:
    """Write what is left at the end of the process; returns whether standard output took it."""
    taken = True
    for stream in (sys.stderr, sys.stdout):
        try:
            stream.flush()
        except OSError as error:
            taken = stream is not sys.stdout or isinstance(error, BrokenPipeError)
            silence(stream)
    return taken


def silence(stream: TextIO) -> None:
    """Let what a stream still holds go nowhere, or Python would complain about it when it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())

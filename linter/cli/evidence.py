"""The option that names transcripts of devices: files, folders and patterns, each of some firewall or not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from glob import has_magic
from typing import TypeVar

import click

from aclproof.reason import Reason

Command = TypeVar("Command", bound=Callable[..., object])


def evidence_option(command: Command) -> Command:
    """Add `--evidence`, which gives pairs of a file and the firewall whose answers it holds, or none."""
    return click.option("--evidence", multiple=True, metavar="[NAME=]FILE|DIR", callback=_files,
                        help="Of one site: hold answers of devices (packet-tracer, Test-NetConnection, ...) "
                             "against the proof; NAME is the firewall they are of.")(command)


def _files(ctx: click.Context, option: click.Parameter, given: Sequence[str]) -> list[tuple[str, str]]:
    return [(path, name) for text in given for path, name in _named(ctx, text)]


def _named(ctx: click.Context, text: str) -> Iterator[tuple[str, str]]:
    name, sign, path = text.partition("=")
    if not sign or os.path.exists(text):
        name, path = "", text
    if os.path.isdir(path):
        found = sorted(each.path for each in os.scandir(path)
                       if each.is_file() and not each.name.startswith("."))
    elif has_magic(path) and not os.path.exists(path):
        from aclproof.linter.cli.matching import matches

        found, _ = matches(path)
    else:
        found = [path]
    if not found:
        raise click.UsageError(Reason("{path}: no file with answers is there", path=path), ctx)
    yield from ((each, name) for each in found)

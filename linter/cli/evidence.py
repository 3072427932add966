"""Transcripts that the command line names: files, folders and patterns, each of some firewall or not."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from glob import has_magic

import click

from aclproof.linter.site.site import Site
from aclproof.reason import Reason
from aclproof.rules.suggest import unknown


def files_of(given: Sequence[str], site: Site) -> list[tuple[str, str]]:
    """Return files, each with the firewall whose answers it is said to hold, or none; UsageError for none."""
    return [named for text in given for named in _named(text, site)]


def split(text: str) -> tuple[str, str]:
    """Return the firewall that an argument names, or none, and what is said to hold its answers."""
    name, sign, path = text.partition("=")
    return (name, path) if sign and not os.path.exists(text) else ("", text)


def _named(text: str, site: Site) -> Iterator[tuple[str, str]]:
    name, path = split(text)
    names = [each.name for each in site.firewalls]
    if name and name not in names:
        raise click.UsageError(unknown("firewall", name, names))
    if os.path.isdir(path):
        found = sorted(each.path for each in os.scandir(path)
                       if each.is_file() and not each.name.startswith("."))
    elif has_magic(path) and not os.path.exists(path):
        from aclproof.linter.cli.matching import matches

        files, closed = matches(path)
        found = [*files, *closed]  # these cannot be read, and an answer in one may contradict
    else:
        found = [path]
    if not found:
        raise click.UsageError(Reason("{path}: no file with answers is there", path=path))
    yield from ((each, name) for each in found)

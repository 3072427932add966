"""Options that name requirement packs, by name or by path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from aclproof.linter.cli import completing

_Command = TypeVar("_Command", bound=Callable[..., Any])


def packs_option(help_: str) -> Callable[[_Command], _Command]:
    """Give a command the option for several of them, as a tuple; it is empty where none was given."""
    return click.option("--pack", "packs", metavar="NAME|FILE", multiple=True, callback=_found,
                        shell_complete=completing.packs, help=help_)


def compare_option(help_: str) -> Callable[[_Command], _Command]:
    """Give a command an option that takes two packs, and finds them alike."""
    return click.option("--compare", nargs=2, metavar="OLD NEW", shell_complete=completing.packs,
                        callback=_found, help=help_)


def _found(_: click.Context, __: click.Parameter, given: tuple[str, ...] | None) -> tuple[str, ...] | None:
    from aclproof import rules

    return tuple(map(rules.find, given)) if given else given

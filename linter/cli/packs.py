"""Options that name requirement packs, by name or by path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from aclproof.linter.cli import completing

_Command = TypeVar("_Command", bound=Callable[..., Any])


def pack_option(help_: str) -> Callable[[_Command], _Command]:
    """Give a command the option; it gets a built-in pack's name or a path, or None where none was given."""
    return click.option("--pack", metavar="NAME|FILE", shell_complete=completing.packs, callback=_one,
                        help=help_)


def _one(_: click.Context, __: click.Parameter, given: str | None) -> str | None:
    from aclproof import rules

    return rules.find(given) if given else given


def compare_option(help_: str) -> Callable[[_Command], _Command]:
    """Give a command an option that takes two packs, and finds them alike."""
    return click.option("--compare", nargs=2, metavar="OLD NEW", shell_complete=completing.packs,
                        callback=_both, help=help_)


def _both(_: click.Context, __: click.Parameter, given: tuple[str, str] | None) -> tuple[str, ...] | None:
    from aclproof import rules

    return tuple(map(rules.find, given)) if given else given

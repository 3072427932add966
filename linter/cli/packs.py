"""The option `--pack`: a requirement pack by name or by path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from aclproof.linter.cli import completing

_Command = TypeVar("_Command", bound=Callable[..., Any])


def pack_option(help_: str) -> Callable[[_Command], _Command]:
    """Give a command the option; it gets a built-in pack's name or a path, or None where none was given."""
    return click.option("--pack", metavar="NAME|FILE", shell_complete=completing.packs, callback=_found,
                        help=help_)


def _found(_: click.Context, __: click.Parameter, given: str | None) -> str | None:
    from aclproof import rules

    return rules.find(given) if given else given

"""What a bomb is: a function from a size to files and the words of a command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

ROOT = Path(__file__).parents[2]
DAY = ("--as-of", "2026-01-15")
ROLES = "client: [10.20.0.0/16], site-server: [10.1.1.10], management-point: [10.1.1.11]"


class Laid(NamedTuple):
    """Files by name, and the words after `aclproof`."""

    files: Mapping[str, str | bytes]
    words: Sequence[str]
    commits: Sequence[Mapping[str, str | bytes]] = ()
    """What changes with each commit of a repository, in which the files are then."""


class Bomb(Struct, frozen=True):
    """A small input that asks for much, from a size that tests can afford to one that hurts."""

    name: str
    title: str
    small: int
    size: int
    make: Callable[[int], Laid]


BOMBS: dict[str, Bomb] = {}
_Maker = Callable[[int], Laid]


def bomb(title: str, small: int, size: int) -> Callable[[_Maker], _Maker]:
    """Enter a function as a bomb, under its own name."""

    def register(make: _Maker) -> _Maker:
        name = make.__name__.replace("_", "-")
        BOMBS[name] = Bomb(name, title, small, size, make)
        return make

    return register


def site(firewalls: str, *, roles: str = ROLES, more: str = "") -> str:
    """Write a site file."""
    return (
        f"roles: {{{roles}}}\nsettings: {{mode: mixed, client-os: windows-xp}}\n"
        f"methods: [client-push, group-policy]\nfirewalls: [{firewalls}]\n{more}"
    )


def checked(
    config: str | bytes,
    *words: str,
    more: str = "",
    command: str = "check",
    files: Mapping[str, str | bytes] | None = None,
) -> Laid:
    """One firewall of a site, on which a command is called."""
    laid = {"fw.cfg": config, "aclproof.yaml": site(f"{{name: fw, config: fw.cfg{more}}}"), **(files or {})}
    return Laid(laid, (command, *words, *DAY))


def host(number: int, head: str = "10.20") -> str:
    """One of the 65,536 addresses of a network, or one of the 16 million after it."""
    first, second = map(int, head.split("."))
    whole = (first << 24 | second << 16) + number
    return ".".join(str(whole >> shift & 255) for shift in (24, 16, 8, 0))


def lines(*parts: str | Iterable[str]) -> str:
    """Put lines one below the other."""
    return "\n".join([*(each for part in parts for each in ([part] if isinstance(part, str) else part)), ""])

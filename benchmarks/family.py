"""What a family of inputs is: one function from a size to files and the words of a command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

SEED = 2007
"""All inputs are made from it, so they are the same in every run."""


class Input(NamedTuple):
    """Files by name, and the words after `aclproof`."""

    files: dict[str, str]
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class Family:
    """Inputs of one kind, from small to large."""

    title: str
    unit: str
    """What is counted by the size."""
    sizes: Sequence[int]
    make: Callable[[int], Input]


FAMILIES: dict[str, Family] = {}

_Maker = Callable[[int], Input]


def family(title: str, unit: str, *sizes: int) -> Callable[[_Maker], _Maker]:
    """Enter a function as a family, under its own name."""
    def register(make: _Maker) -> _Maker:
        FAMILIES[make.__name__.replace("_", "-")] = Family(title, unit, sizes, make)
        return make
    return register


def check_words(name: str, servers: str, clients: str = "10.20.0.0/16") -> list[str]:
    return ["check", name, "--client", clients, "--server", servers, "--set", "mode=mixed"]

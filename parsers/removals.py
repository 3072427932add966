"""Rules that may go, and how each is taken out of a configuration: the contract of every vendor's room."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct


class DeadRule(NamedTuple):
    """A rule that may go: the list and the line that it is in."""

    chain: str
    line: int
    instead: frozenset[int] = frozenset()
    """The lines of the rules that take its packets."""


class ByHand(NamedTuple):
    """No command takes a rule away, and why: the end of a sentence."""

    why: str


class Removals(Struct, frozen=True):
    """How some rules go, in the order in which the commands have to be entered."""

    of_rules: tuple[str | ByHand, ...]
    """Of each rule; one command may take several away."""
    notes: tuple[str, ...] = ()
    """What a person should know before the commands are entered."""

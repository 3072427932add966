"""The shape of a row: a command, its class, and the doubt that it leaves where it leaves one."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from msgspec import Struct

from aclproof.parsers.model.conditions import Opaque
from aclproof.reason import Reason


class Effect(Enum):
    """What a command does to packets that pass."""

    MODELLED = "modelled"
    """It is read, and decides exactly."""
    OPEN = "open"
    """It may stop packets: they are undecided until a fact says."""
    HARMLESS = "harmless"
    """It decides nothing, as the source says."""


class Doubt(Struct, frozen=True):
    """A question that a command leaves; names in capitals stand for what its line says."""

    key: str
    """The fact that settles it, with `{name}` for what the line says."""
    question: Reason
    usual: bool
    find_out: str
    stops: bool = True
    """The answer with which the packets are stopped."""
    relied_on: bool = False

    def opaque(self, **said: object) -> Opaque:
        """Ask it for one line, with what that says."""
        return Opaque(self.key.format_map(said), self.question.again(said), self.usual, self.find_out,
                      self.relied_on)


class Feature(Struct, frozen=True):
    """One command. Its words are a prefix of the line: `a|b` is either, `*` any word."""

    command: str
    effect: Effect
    about: str
    """What it does to packets that pass."""
    source: str
    """Where that is said: chapters of Cisco's guides as in docs/cisco-asa.md, or `own` for reasoning."""
    doubt: Doubt | None = None
    within: str = ""
    """The section that it stands in; empty at top level."""

    @property
    def patterns(self) -> Sequence[Sequence[str]]:
        """Its words, each with its alternatives."""
        return [word.split("|") for word in self.command.split()]

    def fits(self, words: Sequence[str]) -> bool:
        """Return whether a line begins with the command."""
        patterns = self.patterns
        return len(words) >= len(patterns) and all(
            "*" in allowed or word in allowed for allowed, word in zip(patterns, words, strict=False))


def modelled(command: str, about: str, source: str, within: str = "") -> Feature:
    """Make the row of a command that is judged exactly."""
    return Feature(command, Effect.MODELLED, about, source, within=within)


def leaves_open(command: str, about: str, source: str, doubt: Doubt, within: str = "") -> Feature:
    """Make the row of a command that leaves a doubt."""
    return Feature(command, Effect.OPEN, about, source, doubt, within)


def harmless(commands: str, about: str, source: str, within: str = "") -> tuple[Feature, ...]:
    """Make a row for each of some commands, one a line, that decide nothing for the same reason."""
    return tuple(Feature(command.strip(), Effect.HARMLESS, about, source, within=within)
                 for command in commands.strip().splitlines())

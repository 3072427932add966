"""Rules, the chains that order them, and the stages that a packet passes."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from msgspec import Struct

from aclproof.parsers.model.addresses import AddressSet
from aclproof.parsers.model.conditions import ANYWHERE, Condition, Place
from aclproof.parsers.model.effects import Effect, End
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.services import Service


class Action(Enum):
    """What a rule does with a packet that matches it."""

    PERMIT = "permit"
    DENY = "deny"
    JUMP = "jump"
    """Evaluate the target chain, come back after this rule."""
    GOTO = "goto"
    """Evaluate the target chain, come back where the present chain would."""
    RETURN = "return"
    CONTINUE = "continue"
    """Log, count, mark: the packet goes on."""


NO_LINE = 0
"""The line of a rule that no file shows: it represents what is missing, or is made to try something."""


class Rule(NamedTuple):
    """One line of a firewall. A tuple, because a file may hold a million of them.

    Sets and services are interned by the parser: equal text, same object. `line` counts from 1 in the
    chain's source; NO_LINE where no file shows the rule. A disabled rule stays in place but matches nothing.
    """

    action: Action
    sources: AddressSet
    destinations: AddressSet
    services: tuple[Service, ...]
    line: int
    conditions: tuple[Condition, ...] = ()
    enabled: bool = True
    target: str = ""
    effect: Effect | None = None
    """Takes hold when the rule matches, whatever the action."""

    @property
    def in_file(self) -> bool:
        """Whether a line of a file states the rule."""
        return self.line != NO_LINE


class Chain(Struct, frozen=True):
    """An ordered list of rules; a packet that none decides falls through."""

    name: str
    rules: Sequence[Rule]
    synthetic: bool = False
    """Whether no file names it: it is put together from lines elsewhere, or from what is not shown."""


class Default(Struct, frozen=True):
    """What happens to a packet that no rule decided: an implicit deny, a policy, a security level.

    It belongs to the stage and not to a chain, because the same list may be bound in several places. It
    is no rule: it has no line of its own, `span` is the line that makes it so.
    """

    action: Action
    kind: str
    text: str
    span: Span


DENY_REST = Default(Action.DENY, "", "", Span("", 0, 0, ""))
"""Denies what no rule decided, in a stage that no configuration states; never reported."""


class Stage(Struct, frozen=True):
    """One filter on a packet's way through a firewall: chains in order, then the default."""

    name: str
    chains: tuple[str, ...]
    default: Default
    place: Place = ANYWHERE
    once: bool = False
    """Only the first packet of a connection is evaluated here; the rest is treated as that one was."""
    leaving: bool = False
    """Whether it sees packets as they leave, both ends translated, where others see them as they come."""
    undone: End | None = None
    """Which translation of a request may have been undone by then, where an answer comes to this filter."""

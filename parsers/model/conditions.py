"""What a rule tests beyond addresses and services, and what is known about it.

A condition answers yes, no or unknown; or it narrows one side of the rule to the addresses that a fact
names. What a parser cannot read is an `Opaque` condition: never silently true, never silently false.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Literal, assert_never

from parsers.model.addresses import AddressSet


class Answer(Enum):
    """What a condition says about the packets in question."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


Fact = bool | AddressSet
"""What a user states about a condition: it holds, it does not, or which addresses it stands for."""

Side = Literal["source", "destination"]


@dataclass(frozen=True, slots=True)
class Within:
    """The condition holds exactly for these addresses on one side."""

    side: Side
    addresses: AddressSet


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the configuration: the user's facts by key, and the day of the question."""

    facts: Mapping[str, Fact] = field(default_factory=dict)
    as_of: date | None = None
    listener: str = ""
    """What the destination runs: the word of a requirement, such as `rpc-server`."""
    reply: bool = False
    """Whether the packets answer a connection that was let through."""


@dataclass(frozen=True, slots=True)
class TimeRange:
    """The rule is active only at certain times."""

    name: str
    ended: date | None = None
    """The last day of an `absolute` range, when it has an end."""

    @property
    def key(self) -> str:
        """The fact that settles it."""
        return f"time-range {self.name}"

    @property
    def because(self) -> str:
        """Why it is open."""
        return f"whether time-range {self.name} is active"


@dataclass(frozen=True, slots=True)
class Membership:
    """One side must be an address that the file does not hold (an FQDN, a set kept elsewhere)."""

    side: Side
    key: str
    because: str


@dataclass(frozen=True, slots=True)
class Opaque:
    """A test that cannot be decided from the configuration; `key` is the fact that would settle it."""

    key: str
    because: str


@dataclass(frozen=True, slots=True)
class ForListener:
    """Can only hold for packets to one kind of listener; for those it is open."""

    listener: str
    key: str
    because: str


@dataclass(frozen=True, slots=True)
class IsReply:
    """The packet answers one that the firewall let through."""

    key: str = "reply"
    because: str = "whether the packet answers one that was let through"


Condition = TimeRange | Membership | Opaque | ForListener | IsReply


def settle(condition: Condition, context: Context) -> Answer | Within:
    """Ask a condition, with what is known."""
    if isinstance(condition, ForListener) and condition.listener != context.listener:
        return Answer.NO
    fact = context.facts.get(condition.key)
    if isinstance(fact, bool):
        return Answer.YES if fact else Answer.NO
    match condition:
        case TimeRange():
            if context.as_of and condition.ended and condition.ended < context.as_of:
                return Answer.NO
            return Answer.UNKNOWN
        case Membership():
            return Answer.UNKNOWN if fact is None else Within(condition.side, fact)
        case Opaque() | ForListener():
            return Answer.UNKNOWN
        case IsReply():
            return Answer.YES if context.reply else Answer.NO
        case _:
            assert_never(condition)

"""What is looked for, and what is found: rules that almost permit missing packets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from aclproof.linter.result import NearKind
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.intervals import EMPTY, IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Default, Rule, Stage


class Needed(Struct, frozen=True):
    """All packets of a demand as the filters on one way through a firewall see them."""

    box: Box
    stages: tuple[Stage, ...]
    context: Context
    sent: Box
    """The same as they came to the firewall, before a translation that comes first."""
    service_ports: IntervalSet = EMPTY
    """Other ports that the same service often has."""


class Blocked(Struct, frozen=True):
    """Packets that one line stops, as the filters see them."""

    box: Box
    needed: Needed
    """Shared by all lines that stop some of them."""
    by: Rule | Default


class Near(Struct, frozen=True):
    """A rule that would let the packets through but for one thing."""

    kind: NearKind
    rule: Rule
    text: str


class Call(Struct, frozen=True):
    """A line that sends packets to another list."""

    line: int
    list: str
    """The list that it stands in."""
    number: int
    """Its place there."""


class RuleList(Struct, frozen=True):
    """The list that holds a rule, as some packets meet it."""

    name: str
    stage: Stage | None
    """The filter that evaluates it for the packets, if one does."""
    context: Context
    """What is known of them there."""
    order: Mapping[int, int] = field(default_factory=dict)
    """The place in it of the rules that are compared, by their identity."""
    calls: Sequence[Call] = ()
    """What sends packets to it, where the filter does not begin with it."""
    stops: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    """Of lines that stop packets, by identity: the lists with calls on whose way they stand, and the last
    place in each."""


class Rank(Struct, frozen=True, order=True):
    """How well a rule explains the mistake: the lowest does it best."""

    kind: int
    distance: int = 0
    """Of addresses: how many bits of them differ."""


Ranked = tuple[Rank, Near]

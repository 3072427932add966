"""What a rule tests beyond addresses and services, and what is known about it.

What a parser cannot read is `Opaque`: never silently true, never silently false. `ternary` has the answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from msgspec import Struct, field

from aclproof.parsers.model.addresses import AddressSet
from aclproof.parsers.model.effects import Whose
from aclproof.parsers.model.intervals import EMPTY, IntervalSet
from aclproof.parsers.model.packet_conditions import (
    AS_SENT,
    HasConnection,
    HasStatus,
    HopLimit,
    HopLimitWithin,
    IsBridged,
    Recorded,
)
from aclproof.reason import OR, Reason, joined

Fact = bool | AddressSet
"""What a user states about a condition: it holds, it does not, or which addresses it means."""

Side = Literal["source", "destination"]


class Place(Struct, frozen=True):
    """Where on its way through a firewall a packet is; None where that is not known."""

    ingress: str | None = None
    """The interface by which it came; empty where it has none (any more)."""
    egress: str | None = None
    to_itself: bool | None = None
    """Whether the destination is one of the firewall's own addresses."""
    from_itself: bool | None = None
    tracked: bool = True
    """Whether the packet has already been looked up among the known connections."""
    profile: str = ""
    """The network profile of the interface, where the firewall has profiles and it is known."""


ANYWHERE = Place()


class Ends(Struct, frozen=True):
    """All packets between some ends, as four sets."""

    sources: IntervalSet = EMPTY
    destinations: IntervalSet = EMPTY
    source_ports: IntervalSet = EMPTY
    destination_ports: IntervalSet = EMPTY


NEW, ESTABLISHED, RELATED, INVALID, UNTRACKED = "NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED"
"""States of a connection, as Linux calls them."""


class Context(Struct, frozen=True):
    """What is known besides the configuration: the user's facts by key, and of the packets in question."""

    facts: Mapping[str, Fact] = field(default_factory=dict)
    as_of: date | None = None
    listener: str = ""
    """What the destination runs: the word of a requirement, such as `rpc-server`."""
    reply: bool = False
    """Whether the packets answer a connection that was let through."""
    states: frozenset[str] = frozenset({NEW})
    """The states that their connection may be in; one of them it is."""
    flags: frozenset[int] = frozenset({0x02})
    """The TCP flag bytes that they may carry; each of them some packet does."""
    mark: int | None = 0
    connection_mark: int | None = 0
    translated: bool | None = False
    """Whether the destination was rewritten on the way here."""
    source_translated: bool | None = False
    source_changed: bool | None = False
    """Whether it was given another source: one that a translation leaves as it was is not in state SNAT."""
    original: Ends | None = None
    """How the first packet of the connection came in, before any translation."""
    place: Place = ANYWHERE
    recorded: Recorded | None = None
    """None for the first packet of a connection."""
    claimed: bool | None = False
    """Whether a line has said how the packet is tracked."""
    zones: tuple[int | None, int | None] = (0, 0)
    """In which it is tracked, by direction: as an original packet, and as a reply."""
    hop_limit: HopLimit = AS_SENT


class TimeRange(Struct, frozen=True):
    """The rule is active only at certain times, for all packets alike."""

    name: str
    """Of one that has none, what is tested, in several words."""
    ended: date | None = None
    """The last day of an `absolute` range, when it has an end."""
    started: date | None = None
    """The first day of an `absolute` range, when it has a start."""
    always_after: bool = False
    """Whether it is active for good after its first day."""
    own_key: str = ""
    own_question: str = ""
    """Its fact's, where other firewalls have a time-range of this name, or where it has no name."""

    def active(self, day: date | None) -> bool | None:
        """Return whether it is active on a day; None where its own days do not say that."""
        if day is None:
            return None
        if (self.ended and self.ended < day) or (self.started and self.started > day):
            return False
        return True if self.always_after and self.started and self.started < day else None

    @property
    def key(self) -> str:
        """The fact that settles it."""
        return self.own_key or f"time-range {self.name}"

    @property
    def because(self) -> str:
        """Why it is open."""
        return self.own_question or Reason("whether time-range {name} is active", name=self.name)


class Membership(Struct, frozen=True):
    """One side must, or must not, be an address that the file does not hold (an FQDN, a set elsewhere)."""

    side: Side
    key: str
    because: str
    negated: bool = False


class Opaque(Struct, frozen=True):
    """A doubt: a test that cannot be decided from the configuration."""

    key: str
    """The fact that settles it; empty where no yes or no can, because a value is hidden."""
    because: str
    """The question."""
    usual: bool | None = None
    """The usual answer, where there is one."""
    find_out: str = ""
    """The command or the place that shows the answer."""
    relied_on: bool = False
    """Whether the usual answer is taken unless a fact denies it, and listed: no input can show it."""
    negated: bool = False
    """Whether it holds where the answer is no."""
    by_system: tuple[tuple[str, bool], ...] = ()
    """The answer by the host's operating system, for those that decide it."""
    met_or_not: bool = False
    """Whether the fact says that other tests are met, or not: its words are `met` and `unmet`."""
    lasting: bool = False
    """Whether rules that ask this of one packet get one answer: nothing is counted, drawn or remembered."""
    mostly: bool = False
    """Whether it holds for all packets as long as these are few (a limit), or as far as is shown."""
    way_back: Literal["by that interface", "by any", ""] = ""
    """By which interface a route has to lead back to the source, where a reverse path filter asks that."""


class ForListener(Struct, frozen=True):
    """Can only hold for packets to one kind of listener; for those it is open, unless `sure`."""

    listener: str
    key: str
    because: str
    sure: bool = False
    """Whether it holds for them; `because` then says what one relies on."""


class IsReply(Struct, frozen=True):
    """The packet answers one that the firewall let through."""

    key: str = ""
    because: str = Reason("whether the packet answers one that was let through")
    negated: bool = False


def by_interface(way: Literal["in", "out"], name: str) -> Reason:
    """Ask whether packets pass an interface; a verdict fills in the roles of their ends."""
    if way == "in":
        return Reason("whether the packets come in by {name}; say so in the site file: "
                      "'interfaces: {{{sender}: {name}}}'", name=name, sender="ROLE")
    return Reason("whether the packets go out by {name}; say so in the site file: "
                  "'interfaces: {{{receiver}: {name}}}'", name=name, receiver="ROLE")


LOOPBACK = "lo"
"""The interface of Linux by which nothing comes from another host, and nothing goes to one."""


class OnInterface(Struct, frozen=True):
    """The packet comes in, or goes out, by an interface; a `+` at the end of the name matches anything."""

    way: Literal["in", "out"]
    name: str
    negated: bool = False
    key: str = ""
    by_number: bool = False
    """Whether the one is meant that had the name when the rule was loaded (nftables), renamed or not."""
    supposed: bool = False
    """Whether no rule names the interface."""

    @property
    def because(self) -> str:
        """Why it is open."""
        return by_interface(self.way, self.name)


class InState(Struct, frozen=True):
    """The connection is in one of these states, or was translated in one of these ways (DNAT, SNAT)."""

    states: frozenset[str]
    negated: bool = False
    key: str = ""

    @property
    def because(self) -> str:
        """Why it is open."""
        return Reason("whether the state of the connection is {states}", states=','.join(sorted(self.states)))


class HasFlags(Struct, frozen=True):
    """Of the TCP flags in `mask` exactly those in `value` are set."""

    mask: int
    value: int
    negated: bool = False
    key: str = ""
    because: str = Reason("only some packets of a connection carry these TCP flags")


class HasMark(Struct, frozen=True):
    """The mark, under the mask, is `value`."""

    whose: Whose
    value: int
    mask: int
    negated: bool = False
    own_key: str = ""
    own_question: str = ""
    """Its fact's, where other firewalls ask for the same mark."""

    @property
    def key(self) -> str:
        """The fact that settles it."""
        return self.own_key or f"{self.whose} mark {self.value:#x}/{self.mask:#x}"

    @property
    def because(self) -> str:
        """Why it is open."""
        if self.own_question:
            return self.own_question
        if self.whose == "packet":
            return Reason("whether the packet mark is {value:#x} under the mask {mask:#x}", value=self.value,
                          mask=self.mask)
        return Reason("whether the connection mark is {value:#x} under the mask {mask:#x}", value=self.value,
                      mask=self.mask)


class IsItself(Struct, frozen=True):
    """One side is an address of the firewall itself."""

    side: Side
    negated: bool = False
    key: str = "own addresses"

    @property
    def because(self) -> str:
        """Why it is open."""
        if self.side == "source":
            return Reason("whether the source is an address of the firewall itself")
        return Reason("whether the destination is an address of the firewall itself")


class CameWith(Struct, frozen=True):
    """One axis of the connection's first packet, before any translation, is one of these numbers."""

    axis: Literal["sources", "destinations", "source_ports", "destination_ports"]
    numbers: IntervalSet
    negated: bool = False
    key: str = ""
    unless_translated: bool = False
    """Whether the other direction is asked: the same axis, as long as that end was not translated."""
    because: str = Reason("only some of the packets came with these ends")


class InProfile(Struct, frozen=True):
    """The network has one of these profiles."""

    profiles: frozenset[str]
    key: str = ""

    @property
    def because(self) -> str:
        """Why it is open."""
        return Reason("whether the network's profile is {profiles}; say so in the site file: 'profile: "
                      "{profile}'", profiles=joined(OR, sorted(self.profiles)),
                      profile=min(self.profiles).lower())


class ServedBy(Struct, frozen=True):
    """The packets belong to a certain program; the parser knows which listeners surely are it, or never."""

    surely: frozenset[str]
    never: frozenset[str]
    key: str
    because: str
    programs: frozenset[str] = frozenset()
    """All names that a rule gives it, in small letters; a listener that is called `x.exe` has that one."""


Condition = (TimeRange | Membership | Opaque | ForListener | IsReply | OnInterface | InState | HasConnection |
    HasStatus | HopLimitWithin | IsBridged | HasFlags | HasMark | IsItself | CameWith | InProfile | ServedBy)

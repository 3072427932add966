"""What a rule does to a packet besides deciding it: later filters see the change."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from aclproof.parsers.model.intervals import Range

Whose = Literal["packet", "connection"]
"""Marks are kept for a packet, and for the connection that it belongs to."""


ALL_BITS = 0xFFFFFFFF
"""Of a mark."""


class SetMark(Struct, frozen=True):
    """The mark becomes `(mark & ~mask) ^ value`; with `known` False, the value is unknown."""

    whose: Whose
    value: int
    mask: int
    known: bool = True
    shift: int = 0
    """By how many bits it is moved up after that, or down where less than 0."""


class CopyMark(Struct, frozen=True):
    """One mark is copied from the other: `(to & ~to_mask) ^ moved(other & from_mask)`."""

    to: Whose
    from_mask: int = ALL_BITS
    to_mask: int = ALL_BITS
    shift: int = 0
    """By how many bits what is copied is moved up, or down where less than 0."""


class Untrack(Struct, frozen=True):
    """The packet is kept out of connection tracking, where no earlier line said how it is tracked."""


class TrackIn(Struct, frozen=True):
    """The packet is tracked in these zones, where no earlier line said how; None for an unknown one.

    A zone is a table of connections of its own, and each direction of a connection has one.
    """

    original: int | None = 0
    reply: int | None = 0
    untracked_too: bool = False
    """Also what an earlier line has kept out of tracking (nft_ct.c; xt_CT.c leaves it so)."""


class ChangeHopLimit(Struct, frozen=True):
    """The hop limit (IPv4: time to live) is set, or made larger or smaller by so much."""

    how: Literal["set", "increase", "decrease"]
    value: int


End = Literal["source", "destination"]
OTHER_PORTS: Range = (1024, 65535)
"""From which another port is taken where hosts share an address and one has it already (nf_nat_core.c; ASA
guide, dynamic PAT). A port that is free is kept; whoever opens connections does so from ports above 1023."""


class Translate(Struct, frozen=True):
    """One end of the packet is rewritten: its address, its port, or both.

    `addresses` and `ports` are the values that may be chosen, None where the packet keeps its own. With
    `shifted` each address keeps its distance from the start of its network of that size (NETMAP). With
    `itself` the address is the firewall's own, whichever that is.
    """

    end: End
    addresses: Range | None = None
    ports: Range | None = None
    shifted: bool = False
    itself: bool = False
    offset: int | None = None
    """What each address of `addresses` lies above its old one, where that is given."""


class Divert(Struct, frozen=True):
    """The packet leaves its usual way (to a proxy, to a tunnel); what becomes of it cannot be known."""

    because: str
    goes_on: bool = False
    """Whether it may come to the next rules all the same, with other ends."""


Notice = SetMark | CopyMark | Untrack | TrackIn | ChangeHopLimit
"""An effect that leaves the packet's ends alone: later filters know something else of it."""

Effect = Notice | Translate | Divert

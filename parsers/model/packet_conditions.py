"""What a rule tests of the packet's connection as tracking has it, of its hop limit, and of bridges."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from aclproof.reason import Reason

AS_SENT: Literal["as sent"] = "as sent"
"""The hop limit that the sender gave: enough for the way, and not known."""

HopLimit = int | Literal["as sent"] | None
"""None where it is not known at all."""


class Recorded(Struct, frozen=True):
    """Where tracking has the connection of a packet that is not its first one."""

    states: frozenset[str]
    """The states that the packet may be in where it is looked up there."""
    zone: int | None = 0
    """The zone of the packet's direction; None where it is not known."""


class HasConnection(Struct, frozen=True):
    """Tracking has a connection that the packet belongs to: not before tracking, not for what it leaves
    out."""

    negated: bool = False
    key: str = ""
    because: str = Reason("whether the packets belong to a tracked connection")


Status = Literal["EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED"]
"""What Linux notes of a connection: a helper waits for it, it was answered, it is not given up early, its
first packet came through."""


class HasStatus(Struct, frozen=True):
    """The packet's connection has one of these marks of the kernel's."""

    statuses: frozenset[Status]
    negated: bool = False
    key: str = ""

    @property
    def because(self) -> str:
        """Why it is open."""
        return Reason("whether the status of the connection is {statuses}",
                      statuses=','.join(sorted(self.statuses)))


class HopLimitWithin(Struct, frozen=True):
    """The hop limit (IPv4: time to live) lies from `low` to `high`."""

    low: int
    high: int
    negated: bool = False
    key: str = ""
    of_sender: bool | None = None
    """Whether the one that the sender gave does; None where that is open."""

    @property
    def because(self) -> str:
        """Why it is open."""
        return Reason("whether the hop limit (TTL) is from {low} to {high}", low=self.low, high=self.high)


BRIDGED_SHOWN_BY = ("bridge link; "
                    "sysctl net.bridge.bridge-nf-call-iptables net.bridge.bridge-nf-call-ip6tables")
"""Whether there is a bridge, and whether iptables sees what it forwards: one of the two settings says nothing
of the other family."""


class IsBridged(Struct, frozen=True):
    """The packet goes from one port of a bridge to another, and is not routed."""

    negated: bool = False
    key: str = "bridged packets"
    because: str = Reason("whether the packets go over a bridge of this host, and are not routed")

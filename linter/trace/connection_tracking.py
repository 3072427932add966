"""What connection tracking makes of the packets of one connection, in the order in which they are sent.

Written from the kernel (nf_conntrack_core.c, nf_conntrack_proto_tcp.c); the sets of `check` have a table of
their own in linter.proof.hop.
"""

from __future__ import annotations

from enum import Enum, IntFlag
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from aclproof.parsers.model.conditions import ESTABLISHED, INVALID, NEW, UNTRACKED
from aclproof.parsers.model.services import TCP


class TcpFlag(IntFlag):
    """Bits of a TCP header (RFC 9293)."""

    FIN = 0x01
    SYN = 0x02
    PSH = 0x08
    ACK = 0x10


_OPENING = frozenset({int(TcpFlag.SYN)})
_ACCEPTING = frozenset({int(TcpFlag.SYN | TcpFlag.ACK)})
_TALKING = frozenset(int(TcpFlag.ACK | more) for more in (TcpFlag(0), TcpFlag.PSH, TcpFlag.FIN))


def tcp_flags(kind: Literal["request", "reply", "follow-up"]) -> frozenset[int]:
    """The flag bytes of these packets of a TCP connection; some packet carries each of them."""
    if kind == "request":
        return _OPENING
    return _TALKING if kind == "follow-up" else _ACCEPTING | _TALKING


class _Entry(Enum):
    """What the kernel's table holds of the connection."""

    UNREPLIED = "the first packet was seen"
    REPLIED = "both directions were seen"
    UNCERTAIN = "nobody can say whether it was seen from its start"


class Tracked(Struct, frozen=True):
    """One connection as tracking has seen it so far."""

    protocol: int
    entry: _Entry

    def reply_states(self) -> frozenset[str]:
        """The states that a reply may be in."""
        return _ANY if self.entry is _Entry.UNCERTAIN else frozenset({ESTABLISHED})

    def after_replies(self, states: frozenset[str]) -> Tracked:
        """The connection after its replies, which left in one of these states."""
        if self.entry is _Entry.UNCERTAIN or states == {UNTRACKED}:
            return self
        return replace(self, entry=_Entry.REPLIED if states <= {ESTABLISHED} else _Entry.UNCERTAIN)

    def follow_up_states(self) -> frozenset[str]:
        """The states that a later packet of the opener may be in."""
        match self.entry:
            case _Entry.REPLIED:
                return frozenset({ESTABLISHED})
            case _Entry.UNREPLIED if self.protocol == TCP:  # an ACK in SYN_SENT: tcp_conntracks says sIV
                return frozenset({INVALID})
            case _Entry.UNREPLIED:
                return frozenset({NEW})
            case _:
                return _ANY


_ANY = frozenset({NEW, ESTABLISHED, INVALID})
"""A connection is picked up in its midst (nf_conntrack_tcp_loose), or what belongs to none is invalid."""


def opened(protocol: int, states: frozenset[str]) -> Tracked:
    """The connection after its first packet, which left in one of these states."""
    return Tracked(protocol, _Entry.UNREPLIED if states == {NEW} else _Entry.UNCERTAIN)

"""What devices and hosts answered when somebody asked them: read from transcripts, and never asked by us."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.conditions import Fact
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.packets import Packet

ANOTHER_HOST = "?"
"""Whose answers they are after a command that leads to another host, until a name shows."""


class Shown(Struct, frozen=True, kw_only=True):
    """Where an answer stands, who gave it, and when."""

    span: Span
    """The line that says it."""
    device: str = ""
    """The host name in the prompt, or in the answer itself; empty where it does not show."""
    context: str = ""
    """Of a device that runs several firewalls, the one that was asked."""
    at: datetime | None = None
    """As the transcript shows it, by the device's own clock or the terminal's, as that is set; None where it
    does not."""
    complete: bool = True
    """Whether the answer is there to its end, undamaged: one that is not proves nothing."""


class Phase(Struct, frozen=True):
    """One step of what a device says of a packet."""

    number: int
    kind: str
    """As the device calls it: `ACCESS-LIST`, `ROUTE-LOOKUP`."""
    allowed: bool
    config: tuple[str, ...] = ()
    """The lines of its configuration that decide it there, without blanks around them."""
    entry: str = ""
    """The one of them that is the entry of a list, where one is."""
    implicit: bool = False
    """Whether it says that no line does, but an implicit rule."""
    span: Span | None = None


class PacketAnswer(Shown, frozen=True, kw_only=True):
    """What one firewall does with one packet, as it says itself."""

    packet: Packet
    """As it comes in."""
    ingress: str
    """The interface, as the firewall names it; empty where that does not show."""
    egress: str = ""
    allowed: bool | None
    """Of a host that shows what its chains say: whether none of those that the phases name stopped it. None
    where the answer is cut off before it says so; then it is not `complete`."""
    phases: tuple[Phase, ...] = ()
    reason: str = ""
    """Of a packet that is dropped: why, in its own words, such as `(acl-drop) Flow is denied by ...`."""
    left: Packet | None = None
    """As it leaves, where that shows; None where it does not."""
    leaves_open: str = ""
    """Why it does not say what becomes of a new connection, though it is there to its end; then it is not
    `complete`. Empty where it says so."""


Heard = Literal["open", "closed", "filtered", "failed"]
"""A connection was opened; it was refused, by the host or by a firewall that rejects in its name; no answer
came; or none was opened, and the program does not say why."""


class ConnectionAnswer(Shown, frozen=True, kw_only=True):
    """Whether a host could open a connection to another one, as a program on it says."""

    protocol: int
    family: Family | None = None
    """Of the addresses; None where only a name shows."""
    source: int | None = None
    """The address from which it was tried, where that shows."""
    destination: int | None = None
    """The address; None where only a name shows."""
    name: str = ""
    """What was asked for, where that was a name."""
    port: int
    heard: Heard


class EndpointsAnswer(Shown, frozen=True, kw_only=True):
    """The TCP ports that an endpoint mapper says services have at present, all of them."""

    family: Family | None = None
    destination: int | None = None
    """The address of its host; None where only a name shows."""
    name: str = ""
    ports: tuple[int, ...]


def with_source(answer: ConnectionAnswer, known: Mapping[tuple[str, Family, int], int]) -> ConnectionAnswer:
    """Add the source, where other answers show it by host, family and destination, and this one does not."""
    if answer.source is not None or answer.family is None or answer.destination is None:
        return answer
    return replace(answer, source=known.get((answer.device, answer.family, answer.destination)))


class FactAnswer(Shown, frozen=True, kw_only=True):
    """The answer to a question that configurations leave open."""

    key: str
    """Of the fact, as `check` writes it."""
    value: Fact = False
    as_usual: bool = False
    """Whether the key is a form, such as `policy {options}`, and every question of that form has its usual
    answer: there is nothing of the kind on the host."""


class Count(Shown, frozen=True, kw_only=True):
    """How many packets a rule has counted."""

    rule: str
    """As the device writes it, without the counters."""
    list_name: str
    """As the model calls it."""
    packets: int
    listing: int
    """The line of the command that printed it, with all else that it printed."""


DeviceAnswer: TypeAlias = PacketAnswer | ConnectionAnswer | EndpointsAnswer | FactAnswer | Count

"""A firewall on the path of a packet, and what is known of the packet there."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from aclproof.linter.site.site import SiteFirewall
from aclproof.linter.trace.records import Connection
from aclproof.parsers.model.addresses import NOWHERE, AddressSet
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall


class Scene(Struct, frozen=True):
    """What a packet meets at one firewall, and what is known of it."""

    place: SiteFirewall
    """What the site file says of the firewall."""
    firewall: Firewall
    connection: Connection
    context: Context
    """The facts, the day and the listener; the rest depends on the packet."""
    goal: AddressSet = NOWHERE
    """All addresses of the role that it is sent to: a translation may choose among them."""
    no_neighbours: str = ""
    """Why an IPv6 packet may not reach the firewall: it may drop neighbour discovery."""
    before: Sequence[Firewall] = ()
    """The firewalls that it passed before."""

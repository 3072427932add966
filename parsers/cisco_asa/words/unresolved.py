"""What ASA's address and service words mean, before any side or line is known."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct

from aclproof.parsers.model.addresses import ANY, AddressSet
from aclproof.parsers.model.services import ANY_SERVICE, Service


class LineError(Exception):
    """A line that lacks what its place requires; the message is the reason, without the line."""


class Open(Struct, frozen=True):
    """Addresses or services that the file names but does not hold; a fact with `key` would settle them."""

    key: str
    because: str
    universe: AddressSet = ANY
    """Where the addresses can lie at all."""
    services: tuple[Service, ...] = (ANY_SERVICE,)
    """What the services can be at all."""


class Addresses(NamedTuple):
    """What is surely meant, and what else may be. A tuple: a file may hold a hundred thousand of them."""

    known: AddressSet
    opens: tuple[Open, ...] = ()


class Services(Struct, frozen=True):
    """Services that are surely meant, and what else may be."""

    known: tuple[Service, ...]
    opens: tuple[Open, ...] = ()

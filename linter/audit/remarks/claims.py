"""What a remark clearly says of its rules: a claim each, with the words that say it.

English and German. What denies, limits or asks, speaks of the past, or of what should be, claims nothing: a
person reads more in it than a list of words does.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

from aclproof.parsers.model.addresses import AddressSet
from aclproof.parsers.model.intervals import IntervalSet


class Acts(Struct, frozen=True):
    """Its rules permit, or deny."""

    said: str
    permits: bool


class HasPorts(Struct, frozen=True):
    """Its rules are for some ports of some protocols."""

    said: str
    protocols: IntervalSet
    ports: IntervalSet


class Serves(Struct, frozen=True):
    """Its rules are for a service that has usual ports, but may have others."""

    said: str
    names: frozenset[str]
    """All services that the remark names, in whatever sense; one of them suffices."""


class HasAddress(Struct, frozen=True):
    """Its rules have an address, or a network, at one of their ends."""

    said: str
    addresses: AddressSet
    end: Literal["sources", "destinations", ""] = ""
    """Which end that is; empty where it may be either."""


class EndsOn(Struct, frozen=True):
    """Its rules are not needed after a day."""

    said: str
    day: date


Claim: TypeAlias = Acts | HasPorts | Serves | HasAddress | EndsOn

"""What a result rests on: the configurations as they were read, what was assumed, and the scope."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from msgspec import Struct

from aclproof.parsers.model.addresses import AddressSet
from aclproof.parsers.model.notes import LineCounts, Note


class Input(Struct, frozen=True):
    """A configuration as it was read."""

    name: str
    path: str
    sha256: str
    vendor: str
    version: str
    line_counts: LineCounts
    notes: tuple[Note, ...]


AssumptionOrigin = Literal["default", "derived", "fact", "relied-on"]


class Assumption(Struct, frozen=True):
    """What the verdicts rest on besides the configurations."""

    key: str
    value: str
    origin: AssumptionOrigin
    """A setting that was left at its default or follows from another one, a fact that the user stated, or the
    usual answer to a question that no input answers, taken because nobody asks it or because the site file
    assumes what is usual."""
    question: str = ""
    """What was relied on is the usual answer to it."""
    find_out: str = ""
    """What shows the answer."""
    follows: str = ""
    """The setting that a derived one follows from."""
    assumed: bool = False
    """Whether it was relied on because the site assumes what is usual, and not because nobody asks."""


class SettingValue(Struct, frozen=True):
    """A setting of the pack as it was taken here, whether or not a verdict rests on it."""

    value: str
    origin: Literal["given", "default", "derived"]
    follows: str = ""
    """The setting that a derived one follows from."""


class Scope(Struct, frozen=True):
    """What the answer is about."""

    site_file: str
    """As it was named; empty where the site was given by options."""
    roles: Mapping[str, AddressSet]
    """In the pack's order."""
    settings: Mapping[str, SettingValue]
    """All settings of the pack that have a value, in the pack's order."""
    as_of: date
    """The day as of which time ranges and waivers were evaluated."""
    without_addresses: Mapping[str, tuple[str, ...]] = {}
    """Roles that have none, with the requirements that were not checked for it, in the pack's order."""
    options: tuple[str, ...] = ()
    """Of the command line, beside a site file: what was asked for besides what that says."""

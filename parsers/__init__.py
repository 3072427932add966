"""How each vendor speaks: configuration text in, the common model out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from parsers import detect, source
from parsers.cisco_asa import convert, passage
from parsers.model.addresses import Family
from parsers.model.firewall import Firewall
from parsers.model.rules import Stage
from parsers.source import Source


@dataclass(frozen=True, slots=True)
class Vendor:
    """What a vendor's room offers."""

    parse: Callable[[Source], Firewall]
    stages: Callable[[Firewall, str, str, Family], tuple[Stage, ...]]
    """Filters from one interface to another; KeyError for an interface that does not exist."""
    through: Callable[[Firewall, str], tuple[Stage, ...]]
    """Filters of one named chain, where the file does not say where it is bound."""


VENDORS: Mapping[str, Vendor] = {
    convert.VENDOR: Vendor(convert.parse, passage.stages, passage.through),
}


def read(path: str) -> Firewall:
    """Read a configuration from a file, or from standard input for `-`; Unusable when it is none."""
    return parse(source.read(path))


def parse(text: Source) -> Firewall:
    """Recognise and convert an input that is already read."""
    return VENDORS[detect.vendor(text)].parse(text)


def stages(firewall: Firewall, ingress: str, egress: str, family: Family) -> tuple[Stage, ...]:
    """Return the filters that a packet passes; KeyError for an interface that does not exist."""
    return VENDORS[firewall.vendor].stages(firewall, ingress, egress, family)


def through(firewall: Firewall, chain: str) -> tuple[Stage, ...]:
    """Return the filters of one named chain; KeyError for a chain that does not exist."""
    return VENDORS[firewall.vendor].through(firewall, chain)

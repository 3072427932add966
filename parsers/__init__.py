"""How each vendor speaks: configuration text in, the common model out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from parsers import detect, source
from parsers.cisco_asa import convert as cisco_asa
from parsers.cisco_asa import passage as cisco_asa_passage
from parsers.iptables import convert as iptables
from parsers.iptables import passage as iptables_passage
from parsers.model.firewall import Firewall, Passage
from parsers.model.rules import Stage
from parsers.source import Source, Unusable
from parsers.windows import binary
from parsers.windows import convert as windows
from parsers.windows import passage as windows_passage


@dataclass(frozen=True, slots=True)
class Vendor:
    """What a vendor's room offers."""

    parse: Callable[[Sequence[Source]], Firewall]
    """All files of one firewall; Unusable when they are none."""
    stages: Callable[[Firewall, Passage], tuple[Stage, ...]]
    """Filters on one way through it; KeyError for an interface that does not exist."""
    through: Callable[[Firewall, str], tuple[Stage, ...]]
    """Filters of one named chain, where the file does not say where it is bound."""


VENDORS: Mapping[str, Vendor] = {
    cisco_asa.VENDOR: Vendor(cisco_asa.parse, cisco_asa_passage.stages, cisco_asa_passage.through),
    iptables.VENDOR: Vendor(iptables.parse, iptables_passage.stages, iptables_passage.through),
    windows.VENDOR: Vendor(windows.parse, windows_passage.stages, windows_passage.through),
}


def read(*paths: str) -> Firewall:
    """Read one firewall from its files, `-` for standard input; Unusable when they are none."""
    return parse_all([_open(*source.data(path)) for path in paths])


def _open(data: bytes, name: str) -> Source:
    """Decode an input: Windows has containers that are no text."""
    return binary.read_bytes(data, name) or source.from_bytes(data, name)


def parse(text: Source) -> Firewall:
    """Recognise and convert an input that is already read."""
    return parse_all([text])


def parse_all(sources: Sequence[Source]) -> Firewall:
    """Convert all inputs of one firewall."""
    vendors = [detect.vendor(each) for each in sources]
    for each, vendor in zip(sources, vendors, strict=True):
        if vendor != vendors[0]:
            raise Unusable(f"{each.name}: {vendor}, but {sources[0].name} is {vendors[0]}; one firewall is "
                           "of one make: list the other on its own")
    return VENDORS[vendors[0]].parse(sources)


def stages(firewall: Firewall, passage: Passage) -> tuple[Stage, ...]:
    """Return the filters that a packet passes; KeyError for an interface that does not exist."""
    return VENDORS[firewall.vendor].stages(firewall, passage)


def through(firewall: Firewall, chain: str) -> tuple[Stage, ...]:
    """Return the filters of one named chain; KeyError for a chain that does not exist."""
    return VENDORS[firewall.vendor].through(firewall, chain)

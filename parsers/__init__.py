"""How each vendor speaks: configuration text in, the common model out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aclproof.parsers import detect, source
from aclproof.parsers.model.firewall import Firewall, Transit
from aclproof.parsers.model.names import Named
from aclproof.parsers.model.rules import Default, Rule, Stage
from aclproof.parsers.source import Source, UnsupportedInputError

Advice = Callable[[Rule | Default, Transit, int, int, str], str]
"""Of a line, a way, a protocol, a port (or ICMP type) and a listener."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """What a vendor's room offers."""

    parse: Callable[[Sequence[Source]], Firewall]
    """All files of one firewall; UnsupportedInputError when they are none."""
    stages: Callable[[Firewall, Transit], tuple[Stage, ...]]
    """Filters on one way through it; KeyError for an interface that does not exist."""
    through: Callable[[Firewall, str], tuple[Stage, ...]]
    """Filters of one named chain, where the file does not say where it is bound."""
    advice: Advice
    """What the vendor's own knowledge says about opening a service that a line stops."""
    names: Callable[[Sequence[Source]], Iterator[Named]]
    """What the configuration calls things."""


def _cisco_asa() -> Vendor:
    from aclproof.parsers.cisco_asa.meaning import advice, convert, naming
    from aclproof.parsers.cisco_asa.meaning import stages as passage

    return Vendor(convert.parse, passage.stages, passage.through, advice.advice, naming.names)


def _iptables() -> Vendor:
    from aclproof.parsers.iptables.meaning import advice, convert, naming
    from aclproof.parsers.iptables.meaning import stages as passage

    return Vendor(convert.parse, passage.stages, passage.through, advice.advice, naming.names)


def _windows() -> Vendor:
    from aclproof.parsers.windows.meaning import advice, convert, naming
    from aclproof.parsers.windows.meaning import stages as passage

    return Vendor(convert.parse, passage.stages, passage.through, advice.advice, naming.names)


VENDORS: Mapping[str, Callable[[], Vendor]] = {
    "cisco-asa": _cisco_asa, "iptables": _iptables, "windows": _windows}
"""Each is imported when its first configuration is read: a room of readers takes a moment to load."""


def read(*paths: str) -> Firewall:
    """Read one firewall from its files, `-` for standard input; UnsupportedInputError when they are none."""
    return parse_all([opened(path) for path in paths])


def names(*paths: str) -> list[Named]:
    """Say what the files of one firewall call things; UnsupportedInputError when they are none."""
    sources = [opened(path) for path in paths]
    return list(VENDORS[detect.vendor(sources[0])]().names(sources))


def opened(path: str) -> Source:
    """Read and decode an input, `-` for standard input: Windows has containers that are no text."""
    data, name = source.data(path)
    if data[:4] in _CONTAINERS:
        from aclproof.parsers.windows.registry import binary

        found = binary.read_bytes(data, name)
        if found:
            return found
    return source.from_bytes(data, name)


_CONTAINERS = (b"PReg", b"regf")


def parse(text: Source) -> Firewall:
    """Recognise and convert an input that is already read."""
    return parse_all([text])


def parse_all(sources: Sequence[Source]) -> Firewall:
    """Convert all inputs of one firewall."""
    vendors = [detect.vendor(each) for each in sources]
    for each, vendor in zip(sources, vendors, strict=True):
        if vendor != vendors[0]:
            raise UnsupportedInputError(f"{each.name}: {vendor}, but {sources[0].name} is {vendors[0]}; one "
                                        "firewall is of one make: list the other on its own")
    return VENDORS[vendors[0]]().parse(sources)


def stages(firewall: Firewall, transit: Transit) -> tuple[Stage, ...]:
    """Return the filters that a packet passes; KeyError for an interface that does not exist."""
    return VENDORS[firewall.vendor]().stages(firewall, transit)


def through(firewall: Firewall, chain: str) -> tuple[Stage, ...]:
    """Return the filters of one named chain; KeyError for a chain that does not exist."""
    return VENDORS[firewall.vendor]().through(firewall, chain)


def advice(firewall: Firewall, by: Rule | Default, transit: Transit, protocol: int, port: int,
           listener: str) -> str:
    """Say what the vendor's own knowledge adds to a line that stops a service, or nothing."""
    return VENDORS[firewall.vendor]().advice(by, transit, protocol, port, listener)

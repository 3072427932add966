"""How each vendor speaks: configuration text in, the common model out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aclproof.parsers import detect, source
from aclproof.parsers.model.firewall import Firewall, Transit
from aclproof.parsers.model.names import Named
from aclproof.parsers.model.notes import State
from aclproof.parsers.model.rules import Default, Rule, Stage
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.vendor import door, doors, of_machine
from aclproof.reason import Reason

if TYPE_CHECKING:
    from aclproof.parsers.edited import Remark


def read(*paths: str, context: str = "") -> Firewall:
    """Read one firewall from its files, `-` for standard input; UnsupportedInputError when they are none.

    `context` names the one that is meant where a file holds several.
    """
    return parse_all([opened(path, context) for path in paths])


def names(*paths: str, context: str = "") -> list[Named]:
    """Say what the files of one firewall call things; UnsupportedInputError when they are none."""
    sources = [opened(path, context) for path in paths]
    return list(door(detect.vendor(sources[0])).names(sources))


def opened(path: str, context: str = "") -> Source:
    """Read and decode an input, `-` for standard input: some vendors have containers that are no text."""
    data, name = source.data(path)
    unpacked = (each.unpack(data, name) for _, each in doors())
    found = next((found for found in unpacked if found), None) or source.from_bytes(data, name)
    found.context = context
    return found


def parse(text: Source) -> Firewall:
    """Recognise and convert an input that is already read."""
    return parse_all([text])


def parse_all(sources: Sequence[Source]) -> Firewall:
    """Convert all inputs of one firewall."""
    vendors = [detect.vendor(each) for each in sources]
    machine = of_machine(dict.fromkeys(vendors))
    for given, vendor in zip(sources, vendors, strict=True):
        if not machine and vendor != vendors[0]:
            raise UnsupportedInputError(Reason("{name}: {vendor}, but {name2} is {vendors}; all files of a "
                                               "firewall must be from one vendor: list it on its own",
                                               name=given.name, vendor=vendor, name2=sources[0].name,
                                               vendors=vendors[0]))
    traits = door(machine).traits
    if sources[0].context and not traits.contexts:
        raise UnsupportedInputError(Reason("{name}: a firewall of {title} has no contexts; leave 'context' "
                                           "out", name=sources[0].name, title=traits.title))
    return door(machine).read(sources)


def enter(make: str, files: Sequence[Source], script: Source, *,
          into_listing: bool = False) -> tuple[Firewall, Sequence[Remark]]:
    """Read files of one firewall of a make with a script carried out on them, as its room does it.

    UnsupportedInputError also for a line of the script of which its room only notes that it cannot be.
    """
    firewall, remarks = door(make).enter(files, script, into_listing=into_listing)
    for note in firewall.notes:
        if note.state is State.UNREAD and note.span.file == script.name:
            raise UnsupportedInputError(f"{note.span}: {note.reason}")
    return firewall, remarks


def reply_cure(firewall: Firewall, protocol: int) -> str:
    """Say what to do where packets after the first of a connection are stopped."""
    return door(firewall.vendor).reply_cure(protocol)


def confirm(firewall: Firewall) -> None:
    """Have another program read the files of a firewall; UnsupportedInputError where it reads otherwise."""
    for each in source.files_of(firewall.source):
        for line in door(firewall.vendor).second_opinion(each):
            raise UnsupportedInputError(Reason("{name}:{line}: another program reads this line in another "
                                               "section; report it, nothing was proven", name=each.name,
                                               line=line))


def stages(firewall: Firewall, transit: Transit) -> tuple[Stage, ...]:
    """Return the filters that a packet passes; KeyError for an interface that does not exist."""
    known = firewall.stages_of.get(transit)
    if known is None:
        known = firewall.stages_of[transit] = door(firewall.vendor).stages(firewall, transit)
    return known


def through(firewall: Firewall, chain: str) -> tuple[Stage, ...]:
    """Return the filters of one named chain; KeyError for a chain that does not exist."""
    return door(firewall.vendor).through(firewall, chain)


def advice(firewall: Firewall, by: Rule | Default, transit: Transit, protocol: int, port: int,
           listener: str) -> str:
    """Say what the vendor's own knowledge adds to a line that stops a service, or nothing."""
    return door(firewall.vendor).advice(firewall, by, transit, protocol, port, listener)


def kept_out(firewall: Firewall, line: int, profile: str) -> str:
    """Say in the vendor's words why a rule is not in force, or not in a profile; empty where it has none."""
    return door(firewall.vendor).kept_out(firewall, line, profile)

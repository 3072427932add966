"""Change scripts: what a vendor's commands make of a configuration, and which of its lines matter then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aclproof import parsers
from aclproof.parsers import detect
from aclproof.parsers.edited import Changed
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.vendor import door, of_machine
from aclproof.reason import Reason


def read(paths: Sequence[str], script: Source, context: str = "") -> Changed:
    """Read one firewall as it is once a script has been carried out on it; `context` as for a configuration.

    UnsupportedInputError for files that are no configuration, and for a line of the script that the device
    would refuse or that is not understood: what is not followed exactly is never passed over.
    """
    from aclproof.parsers.prompts import without_prompts

    files = [parsers.opened(path, context) for path in paths]
    make = of_machine({detect.vendor(each) for each in files}) or detect.vendor(files[0])
    found, _ = detect.script(script)
    if found not in ("", make, *door(make).traits.reads_beside):
        raise UnsupportedInputError(Reason("{name}: commands for {found}, but {name2} is of {make}",
                                           name=script.name, found=found, name2=files[0].name, make=make))
    traits = door(make).traits
    firewall, remarks = parsers.enter(make, files, without_prompts(script, traits.prompt, traits.answer))
    return Changed(firewall, script, tuple(remarks))


def vendor(path: str) -> tuple[Source, str, bool]:
    """Read an input; return it, the vendor whose commands it holds, and whether that is sure.

    The vendor is empty for a configuration; a container that is no text is one.
    """
    text = parsers.opened(path)
    return text, *detect.script(text)


def vendor_of(script: Source) -> str:
    """Return the vendor whose commands a script holds; empty where it is not known."""
    return detect.script(script)[0]


def referenced_lines(firewall: Firewall) -> Iterable[tuple[int, str]]:
    """Return the lines that are no rules and decide what rules mean, with the name that each is about."""
    return door(firewall.vendor).referenced_lines(firewall)

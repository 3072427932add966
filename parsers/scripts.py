"""Change scripts: what a vendor's commands make of a configuration, and which of its lines matter then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from aclproof import parsers
from aclproof.parsers import detect
from aclproof.parsers.edited import Changed, Remark
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.notes import State
from aclproof.parsers.source import Source, UnsupportedInputError


@dataclass(frozen=True, slots=True)
class Editor:
    """What a vendor's room knows of changes."""

    changed: Callable[[Sequence[Source], Source], tuple[Firewall, Sequence[Remark]]]
    """The firewall of some files with a script carried out; UnsupportedInputError for what cannot be."""
    subjects: Callable[[Firewall], Iterable[tuple[int, str]]]
    """Lines that are no rules and decide what rules mean, each with the name that it is about, or none."""


def _cisco_asa() -> Editor:
    from aclproof.parsers.cisco_asa.edit import referenced_lines, script

    return Editor(script.changed, referenced_lines.subjects)


def _iptables() -> Editor:
    from aclproof.parsers.iptables import edit
    from aclproof.parsers.iptables.meaning import referenced_lines

    return Editor(edit.changed, referenced_lines.subjects)


def _windows() -> Editor:
    from aclproof.parsers.windows.edit import script
    from aclproof.parsers.windows.meaning import referenced_lines

    return Editor(script.changed, referenced_lines.subjects)


EDITORS: Mapping[str, Callable[[], Editor]] = {
    "cisco-asa": _cisco_asa, "iptables": _iptables, "windows": _windows}


def read(paths: Sequence[str], script: Source) -> Changed:
    """Read one firewall as it is once a script has been carried out on it.

    UnsupportedInputError for files that are no configuration, and for a line of the script that the device
    would refuse or that is not understood: what is not followed exactly is never passed over.
    """
    files = [parsers.opened(path) for path in paths]
    make = detect.vendor(files[0])
    found, _ = detect.script(script)
    if found not in ("", make):
        raise UnsupportedInputError(f"{script.name}: commands for {found}, but {files[0].name} is of {make}")
    firewall, remarks = EDITORS[make]().changed(files, script)
    for note in firewall.notes:
        if note.state is State.UNREAD and note.span.file == script.name:
            raise UnsupportedInputError(f"{note.span}: {note.reason}")
    return Changed(firewall, script, tuple(remarks))


def vendor(path: str) -> tuple[Source, str, bool]:
    """Read an input; tell whose commands it holds, nobody's for a configuration, and whether that is sure.

    A container that is no text is a configuration.
    """
    text = parsers.opened(path)
    return text, *detect.script(text)


def subjects(firewall: Firewall) -> Iterable[tuple[int, str]]:
    """Return the lines that are no rules and decide what rules mean, with the name that each is about."""
    return EDITORS[firewall.vendor]().subjects(firewall)

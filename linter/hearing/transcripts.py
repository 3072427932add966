"""Files of commands and answers, as people paste or log them: every vendor's room reads what is its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from aclproof.linter.testimony import Transcript
from aclproof.parsers import source
from aclproof.parsers.model.shown_by_device import DeviceAnswer
from aclproof.parsers.source import UnsupportedInputError
from aclproof.parsers.vendor import doors
from aclproof.reason import Reason


class Heard(Struct, frozen=True):
    """What one file holds."""

    transcript: Transcript
    firewall: str
    """Whose answers they are, where that was said; else empty."""
    answers: tuple[tuple[str, DeviceAnswer], ...]
    """Each with the key of the vendor whose it is, in the order of the lines."""
    text: str = ""
    """All of it."""


def read(paths: Iterable[tuple[str, str]]) -> Iterator[Heard]:
    """Read files, each with the firewall that was named for it.

    UnsupportedInputError where none of them has an answer.
    """
    empty, any_read = "", False
    for path, firewall in paths:
        data, name = source.data(path)
        text = source.from_bytes(data, name)
        found = [(key, answer) for key, room in doors() for answer in room.heard(text)]
        found.sort(key=lambda each: each[1].span.first_line)
        any_read, empty = any_read or bool(found), empty or ("" if found else name)
        yield Heard(Transcript(name, text.sha256, len(found)), firewall, tuple(found), text.text)
    if not any_read:
        raise UnsupportedInputError(Reason(
            "{name}: no answer of a device is read in it; give the commands with what they printed, as "
            "'aclproof probe' prints them", name=empty))

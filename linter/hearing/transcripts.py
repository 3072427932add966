"""Files of commands and answers, as people paste or log them: every vendor's room reads what is its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256

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
    unheard: Heard | None = None
    any_read = False
    for path, firewall in paths:
        heard = _heard(*source.data(path), firewall)
        any_read, unheard = any_read or bool(heard.answers), unheard or heard
        yield heard
    if unheard and not any_read:
        raise UnsupportedInputError(_nothing(unheard))


def _heard(data: bytes, name: str, firewall: str) -> Heard:
    if not data.strip():
        return Heard(Transcript(name, sha256(data).hexdigest(), 0), firewall, ())
    text = source.from_bytes(data, name)
    found = [(key, answer) for key, room in doors() for answer in room.heard(text)]
    found.sort(key=lambda each: each[1].span.first_line)
    return Heard(Transcript(name, text.sha256, len(found)), firewall, tuple(found), text.text)


def _nothing(heard: Heard) -> Reason:
    """Say why there is no answer in a file, and what would be one."""
    name = heard.transcript.name
    if not heard.text.strip():
        return Reason("{name}: the file is empty; save in it the commands of 'aclproof probe' with what they "
                      "printed", name=name)
    return Reason("{name}: no answer of a device is read in it that could prove anything; give the commands "
                  "of 'aclproof probe' with all that they printed. Names, times and routes prove nothing: a "
                  "connection that a host tries, packet-tracer, 'nft monitor trace' or the answer to an open "
                  "question does", name=name)

"""Damage never makes another answer: what a cut or mutated transcript says is what the whole one says."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from aclproof.parsers.model.shown_by_device import (
    ConnectionAnswer,
    DeviceAnswer,
    EndpointsAnswer,
    PacketAnswer,
)
from aclproof.parsers.source import UnsupportedInputError
from tests.parsers.transcripts.written import DOORS, files, heard, said
from tests.scale import scaled

_ALL = pytest.mark.parametrize("path", files(), ids=lambda path: f"{path.parent.name}/{path.name}")
_SMALL = 3000
_SILENT = ("xfrm", "nft list tables", "from all", "from 10.9.0.0/24")
"""Where silence is the answer: that a line was taken away, nothing shows."""


@_ALL
def test_cut_anywhere(path: Path) -> None:
    data = path.read_bytes()
    whole = heard(path.parent.name, data)
    ends = {at for at in range(1, len(data)) if len(data) < _SMALL or at % 7 == 0}
    ends |= {match.end() + more for match in re.finditer(rb"\n", data) for more in (-1, 0, 1, 12)}
    for end in ends:
        _compare(path, data[:end], whole)


@_ALL
def test_cut_at_every_line_from_the_front(path: Path) -> None:
    """A lost beginning takes the time, the host name or the command away: fewer words, never other ones."""
    lines = path.read_bytes().splitlines(keepends=True)
    whole = heard(path.parent.name, b"".join(lines))
    for first in range(1, len(lines)):
        _compare(path, b"".join(lines[first:]), whole)


@_ALL
@settings(max_examples=scaled(40, 100, 5000))
@given(data=st.data())
def test_mutated(path: Path, data: DataObject) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    whole = heard(path.parent.name, b"".join(lines))
    at = data.draw(st.integers(0, len(lines) - 1))
    words = lines[at].split(b" ")
    kind = data.draw(st.sampled_from(("lose", "double", "swap", "cut", "join", "strange", "tail")))
    silent = any(word in b"".join(lines[max(0, at - 1):at + 2]).decode() for word in _SILENT)
    counts = "counters" in path.name or path.name == "ipset.txt"  # a part of an entry is another entry
    match kind:
        case "lose" if not silent:
            del lines[at]
        case "double" if not silent:
            lines.insert(at, lines[at])
        case "swap" if at + 1 < len(lines) and not silent:
            lines[at:at + 2] = lines[at + 1], lines[at]
        case "cut" if not silent and not counts:
            lines[at] = b" ".join(words[:data.draw(st.integers(0, len(words)))]) + b"\n"
        case "tail" if not silent and not counts:
            lines[at] = b" ".join(words[data.draw(st.integers(0, len(words))):])
        case "join" if not counts:
            lines[at] = lines[at].rstrip(b"\r\n")
        case _:
            lines.insert(at, data.draw(st.sampled_from(
                (b"\n", b"^C\n", b"-- More --\n", b"} ; ]\n", b"\xff\xfe\n", b"Name: x\n"))))
    _compare(path, b"".join(lines), whole)


@pytest.mark.parametrize("room", DOORS)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=400))
def test_any_text(room: str, text: str) -> None:
    with suppress(UnsupportedInputError):
        heard(room, text.encode())


def _heard(path: Path, data: bytes) -> list[DeviceAnswer]:
    try:
        return heard(path.parent.name, data)
    except UnsupportedInputError:
        return []


def _compare(path: Path, data: bytes, whole: list[DeviceAnswer]) -> None:
    for each in _heard(path, data):
        assert not each.complete or any(_within(each, other) for other in whole), said(each)


def _within(answer: DeviceAnswer, other: DeviceAnswer) -> bool:
    """Whether one says nothing that the other does not say."""
    if isinstance(answer, ConnectionAnswer) and isinstance(other, ConnectionAnswer):
        given = ((answer.source, other.source), (answer.destination, other.destination),
                 (answer.name, other.name))
        return (answer.port, answer.protocol, answer.heard) == (other.port, other.protocol, other.heard) \
            and all(one in (None, "", more) for one, more in given)
    if isinstance(answer, EndpointsAnswer) and isinstance(other, EndpointsAnswer):
        return answer.ports == other.ports and answer.destination in (None, other.destination)
    if isinstance(answer, PacketAnswer) and isinstance(other, PacketAnswer):
        return (answer.packet, answer.allowed) == (other.packet, other.allowed)
    return said(answer).split(" ", 2)[2:] == said(other).split(" ", 2)[2:]

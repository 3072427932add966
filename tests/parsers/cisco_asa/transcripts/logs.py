"""Logs to read, and their answers without the places where they stand."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.shown_by_device import Count, DeviceAnswer, PacketAnswer
from aclproof.parsers.source import UnsupportedInputError, from_bytes
from aclproof.parsers.vendor import door

FIXTURES = sorted((Path(__file__).parents[4] / "fixtures" / "transcripts" / "asa").glob("*.txt"))
NAMES = [path.name for path in FIXTURES]
_NOWHERE = Span("", 0, 0, "")


def text_of(name: str) -> str:
    return next(path for path in FIXTURES if path.name == name).read_text("utf-8")


def heard(text: str) -> list[DeviceAnswer]:
    try:
        return list(door("cisco-asa").heard(from_bytes(text.encode(), "log")))
    except UnsupportedInputError:
        return []


def complete(text: str) -> list[DeviceAnswer]:
    return [each for each in heard(text) if each.complete]


def anywhere(answers: list[DeviceAnswer]) -> list[DeviceAnswer]:
    """The same without lines and without the time, which other lines of a log show."""
    return [_anywhere(each) for each in answers]


def _anywhere(answer: DeviceAnswer) -> DeviceAnswer:
    answer = replace(answer, span=_NOWHERE, at=None)
    if isinstance(answer, Count):
        return replace(answer, listing=0)
    if isinstance(answer, PacketAnswer):
        return replace(answer, phases=tuple(replace(each, span=None) for each in answer.phases))
    return answer


def packets(text: str) -> list[PacketAnswer]:
    return [each for each in heard(text) if isinstance(each, PacketAnswer)]


def said(answer: PacketAnswer) -> str:
    """One line of it."""
    where = "/".join(filter(None, (answer.device, answer.context)))
    way = f"{answer.ingress} > {answer.egress or '?'}"
    what = "allow" if answer.allowed else answer.reason
    left = f" as {answer.left}" if answer.left else ""
    whole = "" if answer.complete else " (not complete)"
    return f"{where}: {answer.packet} | {way} | {what}{left}{whole}"

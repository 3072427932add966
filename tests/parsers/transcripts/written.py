"""Answers of devices as lines of text, one for each: what the golden files hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import AddressSet, Family
from aclproof.parsers.model.shown_by_device import (
    ConnectionAnswer,
    Count,
    DeviceAnswer,
    EndpointsAnswer,
    FactAnswer,
    PacketAnswer,
)
from aclproof.parsers.source import Source, from_bytes
from aclproof.parsers.vendor import door

TRANSCRIPTS = Path("fixtures/transcripts")
DOORS = {"windows": ("windows",), "linux": ("iptables", "nftables")}
_PROTOCOLS = {6: "tcp", 17: "udp"}


def files() -> list[Path]:
    return sorted(path for folder in DOORS for path in (TRANSCRIPTS / folder).iterdir()
                  if path.suffix != ".expected")


def heard(room: str, data: bytes) -> list[DeviceAnswer]:
    source: Source = from_bytes(data, "transcript")
    return [each for key in DOORS[room] for each in door(key).heard(source)]


def write(answers: list[DeviceAnswer]) -> list[str]:
    return [line for each in answers for line in _lines(each)]


def said(answer: DeviceAnswer) -> str:
    """What an answer claims, wherever it stands."""
    return "\n".join(_lines(answer)).partition(" ")[2]


def _lines(answer: DeviceAnswer) -> Iterator[str]:
    cut = "" if answer.complete else "CUT "
    at = answer.at.isoformat() if answer.at else "-"
    head = f"{answer.span.first_line} {cut}{answer.device or '-'} {at}"
    match answer:
        case ConnectionAnswer():
            ends = [_one(answer.family, end) for end in (answer.source, answer.destination)]
            name = f" {answer.name}" if answer.name else ""
            yield (f"{head} {_PROTOCOLS[answer.protocol]} {ends[0]} >{name} {ends[1]} {answer.port} "
                   f"{answer.heard}")
        case EndpointsAnswer():
            name = f" {answer.name}" if answer.name else ""
            yield f"{head} endpoints{name} {_one(answer.family, answer.destination)} " \
                  f"{','.join(map(str, answer.ports))}"
        case FactAnswer():
            value = answer.value
            said = "as usual" if answer.as_usual else _set(value) if isinstance(value, AddressSet) else value
            yield f"{head} fact {answer.key} = {said}"
        case Count():
            yield f"{head} count {answer.list_name}: {answer.packets} x {answer.rule}"
        case PacketAnswer():
            left = f" as {answer.left}" if answer.left else ""
            ways = f"{answer.ingress or '-'} {answer.egress or '-'}"
            yield f"{head} packet {answer.packet} {ways} {_word(answer.allowed)}{left}"
            for phase in answer.phases:
                yield f"  {phase.kind}: {_word(phase.allowed)} {' '.join(phase.config) or 'policy'}"


def _word(allowed: bool | None) -> str:
    return "cut off" if allowed is None else "allowed" if allowed else "dropped"


def _one(family: Family | None, number: int | None) -> str:
    return addresses.write(family, number) if family and number is not None else "-"


def _set(value: AddressSet) -> str:
    return ",".join(addresses.write(family, low) if low == high else
                    f"{addresses.write(family, low)}-{addresses.write(family, high)}"
                    for family in Family for low, high in value.of(family).ranges) or "none"

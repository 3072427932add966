"""Packets as people write them: words on the command line, or the rows of a CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import click

from aclproof import inputs
from aclproof.inputs import STDIN
from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.services import ICMP, ICMP6, TCP, UDP
from aclproof.parsers.source import STDIN_NAME
from aclproof.rules.strict_yaml import InputError, Problem
from aclproof.rules.suggest import unknown

EPHEMERAL = 49152
_ECHO = {Family.V4: 8, Family.V6: 128}
_MOST_PORT, _MOST_KIND = 65535, 255
_NEEDED = ("source", "destination", "protocol")
COLUMNS = (*_NEEDED, "source_port", "destination_port", "icmp_type", "icmp_code", "state", "comment")
"""Of a CSV; a comment is for the reader."""
_STATES = ("new", "established")
_MOST_BYTES = 16 * 2**20
"""Of a CSV; more is refused before it is read."""
_MOST_PACKETS = 100_000
"""All of them are followed before the first is shown: half a minute, and 0.9 GB as JSON."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A packet to follow, and the row it came from."""

    packet: Packet
    later: bool = False
    """It belongs to a connection that is open."""
    file: str = ""
    line: int = 0

    def problem(self, message: str) -> Exception:
        """Make an error that points at the row, or at the command line."""
        return InputError(Problem(self.file, self.line, "", message)) if self.file else \
            click.UsageError(message)


def of_words(words: tuple[str, ...], source_port: int, icmp_type: int | None, icmp_code: int = 0) -> Packet:
    """Read `SOURCE DESTINATION PROTOCOL [PORT]`; UsageError says what is wrong."""
    if not 3 <= len(words) <= 4:
        raise click.UsageError("a packet is SOURCE DESTINATION PROTOCOL [PORT]")
    (family, source), (other, destination) = _address(words[0]), _address(words[1])
    if family is not other:
        raise click.UsageError("source and destination are of different address families")
    protocol = words[2].lower()
    if protocol == "icmp":
        kind = _ECHO[family] if icmp_type is None else icmp_type
        return Packet(family, ICMP if family is Family.V4 else ICMP6, source, destination, kind, icmp_code)
    if protocol not in ("tcp", "udp"):
        raise click.UsageError(f"'{protocol}': protocols are tcp, udp and icmp")
    port = _number(words[3], _MOST_PORT) if len(words) > 3 else None
    if port is None:
        raise click.UsageError(f"{protocol} needs a destination port from 0 to {_MOST_PORT}")
    return Packet(family, TCP if protocol == "tcp" else UDP, source, destination, source_port, port)


def is_address(text: str) -> bool:
    """Whether a word is one address."""
    try:
        _address(text)
    except click.UsageError:
        return False
    return True


def of_csv(path: str) -> Iterator[Wanted]:
    """Read a CSV with a heading, `-` for standard input; InputError names the row that is wrong."""
    name = STDIN_NAME if path == STDIN else path
    rows = csv.DictReader(_lines(path, name), strict=True)
    try:
        headings = [str(each).strip().lower() for each in rows.fieldnames or ()]
        rows.fieldnames = headings
        for heading in headings:
            if heading not in COLUMNS:
                raise click.UsageError(unknown("column", heading, COLUMNS))
        for column in _NEEDED:
            if column not in headings:
                raise click.UsageError(f"the column '{column}' is missing; expected {', '.join(COLUMNS)}")
        for number, row in enumerate(rows):
            if number == _MOST_PACKETS:
                raise click.UsageError(f"more than {_MOST_PACKETS} packets; split the file")
            packet, later = _row(row)
            yield Wanted(packet, later, name, rows.line_num)
    except click.UsageError as error:
        raise InputError(Problem(name, max(rows.line_num, 1), "", error.format_message())) from None
    except csv.Error:
        raise InputError(Problem(name, rows.line_num, "", "this is not CSV")) from None


def _lines(path: str, name: str) -> list[str]:
    try:
        return inputs.read(path, _MOST_BYTES).decode("utf-8-sig").splitlines()
    except inputs.UnreadableError as error:
        raise InputError(Problem(name, 0, "", str(error))) from None
    except UnicodeDecodeError:
        raise InputError(Problem(name, 0, "", "cannot be read (it is not UTF-8 text)")) from None


def _row(row: Mapping[str, str | None]) -> tuple[Packet, bool]:
    if None in row:
        raise click.UsageError("the row has more cells than the heading")
    cells = {key: (value or "").strip() for key, value in row.items()}
    port, kind, code = (_cell(cells, *each) for each in (
        ("source_port", _MOST_PORT), ("icmp_type", _MOST_KIND), ("icmp_code", _MOST_KIND)))
    words = tuple(cells[key] for key in _NEEDED)
    target = cells.get("destination_port", "")
    state = cells.get("state", "").lower()
    if state and state not in _STATES:
        raise click.UsageError(unknown("state", state, _STATES))
    return of_words((*words, target) if target else words, EPHEMERAL if port is None else port, kind,
                    code or 0), state == "established"


def _cell(cells: Mapping[str, str], column: str, most: int) -> int | None:
    text = cells.get(column, "")
    number = _number(text, most)
    if text and number is None:
        raise click.UsageError(f"{column}: expected a number from 0 to {most}")
    return number


def _number(text: str, most: int) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) <= most else None


def _address(text: str) -> tuple[Family, int]:
    try:
        found = addresses.parse(text)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    family = Family.V4 if found.v4 else Family.V6
    if found.of(family).size != 1:
        raise click.UsageError(f"'{text}' is more than one address")
    return family, found.of(family).lowest

"""Packets as people write them: words on the command line, or the rows of a CSV."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence

import click
from msgspec import Struct

from aclproof import inputs
from aclproof.inputs import STDIN
from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import Family, write
from aclproof.parsers.model.packets import Packet, icmp_kind, usual_host
from aclproof.parsers.model.services import ICMP, ICMP6, TCP, UDP
from aclproof.parsers.source import STDIN_NAME
from aclproof.reason import Reason
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
"""All rows are read before the first packet is shown, so that nothing is shown where one is wrong."""


class Wanted(Struct, frozen=True):
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


def begins(word: str) -> bool:
    """Whether a word is where a packet begins: an address, with a port or not, or all of a packet."""
    if _ARROW in word:
        return True
    try:
        addresses.parse(_end(word)[0])
    except ValueError:
        return False
    return True


def of_words(words: Sequence[str], source_port: int, icmp_type: int | None, icmp_code: int = 0) -> Packet:
    """Read `SOURCE DESTINATION PROTOCOL [PORT]`, or a packet as reports write it; UsageError for neither."""
    words = _as_words(words)
    if not 3 <= len(words) <= _MOST_WORDS:
        raise click.UsageError(_FORM)
    ends = [_end(each) for each in words[:2]]
    (family, source), (other, destination) = (_address(text) for text, _ in ends)
    if family is not other:
        raise click.UsageError(Reason("source and destination are of different address families"))
    protocol, rest = words[2].lower(), words[3:]
    if protocol == "icmp":
        kind = _icmp_type(rest, family) if rest else _ECHO[family] if icmp_type is None else icmp_type
        return Packet(family, ICMP if family is Family.V4 else ICMP6, source, destination, kind, icmp_code)
    if protocol not in ("tcp", "udp"):
        raise click.UsageError(Reason("'{word}': protocols are tcp, udp and icmp", word=protocol))
    ports = [*filter(None, (ends[1][1], *rest))]
    port = _number(ports[0], _MOST_PORT) if len(ports) == 1 else None
    own = _number(ends[0][1] or str(source_port), _MOST_PORT)
    if port is None or own is None:
        raise click.UsageError(Reason("{protocol} needs a destination port from 0 to {most}",
                                      protocol=protocol, most=_MOST_PORT))
    return Packet(family, TCP if protocol == "tcp" else UDP, source, destination, own, port)


def _as_words(words: Sequence[str]) -> Sequence[str]:
    """The words of a packet; what reports have before and between its ends is left out."""
    if list(words[1:2]) == ["-"]:
        raise click.UsageError(Reason("put the packet into quotes, or the shell takes '>' for a file: "
                                      "'{example}'", example=_EXAMPLE))
    if not any(_ARROW in each for each in words):
        return words
    split = " ".join(words).split()
    if _ARROW not in split:
        return words
    begin = max(split.index(_ARROW) - 1, 0)
    return [each for each in split[begin:] if each != _ARROW]


def _end(text: str) -> tuple[str, str]:
    """An address and its port: `10.1.1.10:445`, `[2001:db8::1]:445`; empty where there is none."""
    found = _WITH_PORT.fullmatch(text)
    return (found["v4"] or found["v6"], found["port"]) if found else (text, "")


def _icmp_type(words: Sequence[str], family: Family) -> int:
    """The type that reports write as `echo request`, `echo reply` or `type 3`."""
    for kind in range(_MOST_KIND + 1):
        if icmp_kind(ICMP if family is Family.V4 else ICMP6, kind) == " ".join(words).lower():
            return kind
    raise click.UsageError(_FORM)


_ARROW = "->"
_WITH_PORT = re.compile(r"(?:(?P<v4>[^\s:\[\]]+)|\[(?P<v6>[^\s\]]+)\]):(?P<port>\d+)")
_MOST_WORDS = 5
"""Of a packet, with an ICMP type as reports write it."""
_EXAMPLE = "10.1.1.10:49152 -> 10.20.0.5:445 tcp"
_FORM = Reason("a packet is SOURCE DESTINATION PROTOCOL [PORT], or as reports write it: '{example}'",
               example=_EXAMPLE)


def of_csv(path: str) -> Iterator[Wanted]:
    """Read a CSV with a heading, `-` for standard input; InputError names the row that is wrong."""
    name = STDIN_NAME if path == STDIN else path
    rows = csv.DictReader(_lines(path, name), strict=True)
    try:
        rows.fieldnames = _headings(rows.fieldnames or ())
        for number, row in enumerate(rows):
            if number == _MOST_PACKETS:
                raise click.UsageError(Reason("more than {most} packets; split the file", most=_MOST_PACKETS))
            packet, later = _row(row)
            yield Wanted(packet, later, name, rows.line_num)
    except click.UsageError as error:
        raise InputError(Problem(name, max(rows.line_num, 1), "", error.format_message())) from None
    except csv.Error:
        raise InputError(Problem(name, rows.line_num, "", Reason("this is not CSV"))) from None


def _headings(written: Sequence[str]) -> list[str]:
    headings = [str(each).strip().lower() for each in written]
    for heading in headings:
        if heading not in COLUMNS and not heading.isidentifier():  # some other file: it may hold anything
            raise click.UsageError(Reason("the first line is to name columns: {columns}",
                                          columns=", ".join(COLUMNS)))
        if heading not in COLUMNS:
            raise click.UsageError(unknown("column", heading, COLUMNS))
        if headings.count(heading) > 1:
            raise click.UsageError(Reason("the column '{column}' is there twice", column=heading))
    for column in _NEEDED:
        if column not in headings:
            raise click.UsageError(Reason("the column '{column}' is missing; expected {columns}",
                                          column=column, columns=", ".join(COLUMNS)))
    return headings


def _lines(path: str, name: str) -> list[str]:
    try:
        return inputs.read(path, _MOST_BYTES).decode("utf-8-sig").splitlines()
    except inputs.UnreadableError as error:
        raise InputError(Problem(name, 0, "", str(error))) from None
    except UnicodeDecodeError:
        raise InputError(Problem(name, 0, "", Reason("cannot be read (it is not UTF-8 text)"))) from None


def _row(row: Mapping[str, str | None]) -> tuple[Packet, bool]:
    if None in row:
        raise click.UsageError(Reason("the row has more cells than the heading"))
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
        raise click.UsageError(Reason("{column}: expected a number from 0 to {most}", column=column,
                                      most=most))
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
        raise click.UsageError(Reason("'{text}' is more than one address, and a packet has one, such as "
                                      "{example}; 'aclproof check' proves whole networks", text=text,
                                      example=write(family, usual_host(found.of(family)))))
    return family, found.of(family).lowest

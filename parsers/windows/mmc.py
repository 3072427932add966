"""A list that the console `wf.msc` exported ('Export List...'): tabs or commas, one rule a line.

The list does not say its direction, because inbound and outbound rules are two lists. So the name of the
file has to: `inbound` or `outbound` in it, as docs/export-windows-firewall.md says. Only the columns that
were shown are in it; services, types of interfaces and ICMP types never are.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import NamedTuple

from aclproof.parsers.model.notes import LineCounts
from aclproof.parsers.model.services import is_icmp
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.windows.records import columns, spelling
from aclproof.parsers.windows.records.aspects import SELDOM, Aspect, hidden_by
from aclproof.parsers.windows.records.columns import Record
from aclproof.parsers.windows.records.instead import INSTEAD
from aclproof.parsers.windows.records.rule import Action, Broken, Direction, WindowsInput, WindowsRule
from aclproof.reason import Reason

KIND = "wf.msc list"

_HEADINGS = {
    "name", "group", "profile", "enabled", "action", "override", "program", "local address", "remote address",
    "protocol", "local port", "remote port", "authorized users", "authorized computers",
    "authorized local principals", "local user owner", "policyappid", "application package"}
_NEEDED = ("name", "profile", "enabled", "action", "protocol")
_HIDES: Mapping[str, Aspect] = {
    "program": "program", "local address": "addresses", "remote address": "addresses", "local port": "ports",
    "remote port": "ports", "authorized users": "users", "authorized computers": "users",
    "authorized local principals": "local users", "local user owner": "local users",
    "application package": "application package"}
_NEVER_SHOWN = hidden_by("wf.msc") - SELDOM - {"icmp types"}
_FEWEST = 6
"""Cells of a heading in any language."""
_TRANSPORT = re.compile(r"[\t,](?:TCP|UDP)[\t,]")
_SWITCHES = {"yes": True, "no": False}
_ACTIONS: Mapping[str, tuple[Action, str]] = {
    "allow": ("Allow", ""), "block": ("Block", ""), "secure": ("Allow", "Authenticate")}
"""`Secure` requires IPsec, how is not shown."""
_PROTOCOLS = {"hopopt": 0, "igmp": 2, "ipv6": 41, "ipv6-route": 43, "ipv6-frag": 44, "gre": 47,
              "ipv6-nonxt": 59, "ipv6-opts": 60, "vrrp": 112, "pgm": 113, "l2tp": 115}
_WAYS: Mapping[Direction, str] = {"In": "inbound", "Out": "outbound"}


class _List(NamedTuple):
    """The rows of a list."""

    rows: list[Record]
    broken: list[Broken]


def recognises(text: str) -> bool:
    """Return whether this is such a list, in any language."""
    cells = _cells(text)
    return len(cells) >= _FEWEST and (
        _HEADINGS.issuperset(cells) or (text.split("\n", 1)[0].count("\t") >= _FEWEST
                                        and bool(_TRANSPORT.search(text))))


def read(source: Source) -> WindowsInput:
    """Read the list; UnsupportedInputError when its language is not known, or its name does not show the
    direction."""
    table, direction = _table(source), _direction(source)
    rules: list[WindowsRule] = []
    for row in table.rows:
        try:
            rules.append(_rule(row, direction))
        except ValueError as error:
            table.broken.append(Broken(row.line, Reason("rule '{name}': {reason}", name=row.text('name'),
                                                        reason=str(error))))
    unread = len(table.broken)
    lines = len(source.lines())
    return WindowsInput(source, KIND, LineCounts(len(rules), lines - len(rules) - unread, 0, unread),
                        tuple(rules), (), tuple(table.broken), shows=frozenset({direction}))


def _separator(text: str) -> str:
    return "\t" if "\t" in text.lstrip().split("\n", 1)[0] else ","


def _cells(text: str) -> list[str]:
    first = text.lstrip().split("\n", 1)[0]
    return [each.strip().strip('"').lower() for each in first.split(_separator(text)) if each.strip()]


def _table(source: Source) -> _List:
    """Cut the list into rows; a tab is at the end of each line, so the last cell is empty."""
    heading = _heading(source)
    found = _List([], [])
    separator = _separator(source.text)
    for number, line in enumerate(source.lines(), 1):
        cells = _split(line.rstrip("\r"), separator)
        if not any(cells) or [cell.lower() for cell in cells if cell] == heading:
            continue
        size = len(cells) - (not cells[-1])
        if size != len(heading) and not (size == len(heading) - 1 and not cells[-1]):
            found.broken.append(Broken(number, Reason("{cells} cells under {headings} headings",
                                                      cells=len(cells), headings=len(heading))))
        else:
            found.rows.append(Record(number, dict(zip(heading, [*cells, ""], strict=False))))
    return found


def _heading(source: Source) -> list[str]:
    """Read the names of the columns; UnsupportedInputError for one that is not known, or that is missing."""
    heading = _cells(source.text)
    unknown = next((each for each in heading if each not in _HEADINGS), None)
    if unknown is not None:
        raise UnsupportedInputError(Reason("{name}:1: a list of wf.msc that is not in English "
                                           "('{unknown}'); {instead}", name=source.name, unknown=unknown,
                                           instead=INSTEAD))
    missing = next((each for each in _NEEDED if each not in heading), None)
    if missing:
        raise UnsupportedInputError(Reason("{name}: the column '{missing}' is missing; show it in wf.msc, "
                                           "and export the list again", name=source.name, missing=missing))
    return heading


def _split(line: str, separator: str) -> list[str]:
    """Cut a line into cells; in a list with commas a cell with commas is in quotes."""
    if separator == "\t":
        return [each.strip() for each in line.split("\t")]
    try:
        return [each.strip() for each in next(csv.reader([line]), [])]
    except csv.Error:
        return [line]


def _direction(source: Source) -> Direction:
    name = PurePath(source.name).name.lower()
    found: set[Direction] = {way for way, word in _WAYS.items() if word in name}
    if len(found) != 1:
        raise UnsupportedInputError(Reason("{name}: a list of wf.msc does not say whether its rules are "
                                           "inbound or outbound; write 'inbound' or 'outbound' into the "
                                           "name of the file", name=source.name))
    return found.pop()


def _rule(record: Record, direction: Direction) -> WindowsRule:
    action, security = record.word("action", _ACTIONS)
    if not record.text("protocol"):
        raise ValueError(Reason("it has no Protocol"))
    protocol = record.protocol(_PROTOCOLS)
    return WindowsRule(
        record.line, record.text("name"), direction, action, record.word("enabled", _SWITCHES),
        group=record.text("group"), profiles=columns.profiles(record.text("profile")), protocol=protocol,
        local_ports=record.ports("local port", local=True),
        remote_ports=record.ports("remote port", local=False),
        local_addresses=record.listed("local address", spelling.address),
        remote_addresses=record.listed("remote address", spelling.address), program=record.one("program"),
        package=record.one("application package"), security=security,
        override_block=record.text("override").lower() == "yes",
        remote_computers=record.one("authorized computers"), remote_users=record.one("authorized users"),
        local_users=record.one("authorized local principals"), owner=record.one("local user owner"),
        tests=tuple(f"PolicyAppId={each}" for each in [record.one("policyappid")] if each),
        hidden=frozenset(_hidden(record, protocol)), tool="wf.msc")


def _hidden(record: Record, protocol: int | None) -> Iterator[Aspect]:
    yield from _NEVER_SHOWN
    if protocol and is_icmp(protocol):
        yield "icmp types"
    for name, aspect in _HIDES.items():
        if not record.text(name):
            yield aspect

"""Entries put into what 'show access-list' prints, or taken out: the one form that takes no script.

It shows lists without what they name or where they are bound, so only entries of lists go in and out, each at
its place: rows are in order. `fix` tries its permits so, and `tidy` what it takes away.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Collection, Hashable, Mapping, Sequence
from itertools import groupby

from aclproof.parsers.cisco_asa.edit.editing import entry_of
from aclproof.parsers.cisco_asa.meaning import convert
from aclproof.parsers.cisco_asa.text.lists import AccessList
from aclproof.parsers.cisco_asa.text.reader import Reader
from aclproof.parsers.edited import Edited, Line
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.reason import Reason

_ENTRY = re.compile(r"(?:no )?(?P<family>(?:ipv6 )?)access-list (?P<name>\S+) (?:line (?P<number>\d+) )?"
                    r"(?P<rest>.*)")
_NUMBER = re.compile(r"(?<=access-list )(\S+) line (\d+)")
_COUNT = re.compile(r"(?<=; )\d+(?= elements)")
_OF_LISTING = re.compile(r"\s*(?:\(hitcnt=|\(inactive\)|\s0x[0-9a-f]+\s*$).*")


def configured(row: str) -> str:
    """Return a row as the configuration has it: without its number, its counter, its state and its hash."""
    return _NUMBER.sub(r"\1", _OF_LISTING.sub("", row.strip()), count=1)


def with_rows(listing: Source, script: Source, leads_to: Collection[str] = ()) -> Firewall:
    """Read a listing with entries put in or taken out; UnsupportedInputError for any other line, but those
    that only lead to what it is of."""
    rows = [Line(text, listing, number) for number, text in enumerate(listing.lines(), 1)]
    lines = [Line(text, script, number) for number, text in enumerate(script.lines(), 1)
             if text not in leads_to]
    for away, some in groupby(lines, key=lambda each: each.text.startswith("no ")):
        if away:
            rows = _without(_shown(listing, script, rows), rows, list(some))
        else:
            for line in some:
                rows.insert(*_row(_shown(listing, script, rows), line))
    return convert.parse([_shown(listing, script, rows)])


def _shown(listing: Source, script: Source, rows: Sequence[Line]) -> Edited:
    """The listing as it is with some rows."""
    shown = Edited.of(listing, script, rows)
    shown.context = listing.context
    return shown


def _row(shown: Edited, line: Line) -> tuple[int, Line]:
    """Where a line goes, and the row that it becomes."""
    found, known = _known(Reader(shown), line)
    rows = [abs(entry) for entry in known.entries]
    if found["number"]:
        at = rows[int(found["number"]) - 1] - 1
    else:
        at = max((*rows, *(row for some in known.elements.values() for row in some)))
    return at, line._replace(text=f"{found['family']}access-list {found['name']} {found['rest']}")


def _known(reader: Reader, line: Line) -> tuple[re.Match[str], AccessList]:
    """An entry, and the list that it is of."""
    found = _ENTRY.fullmatch(line.text)
    known = reader.lists.get((found["name"], bool(found["family"]))) if found else None
    if found is None or known is None:
        raise UnsupportedInputError(Reason("{name}:{number}: a listing takes entries of its own lists "
                                           "only; give the running configuration", name=line.origin.name,
                                           number=line.number))
    return found, known


def _without(shown: Edited, rows: Sequence[Line], lines: Sequence[Line]) -> list[Line]:
    """The rows without some entries; numbers and counts are as if these had never been there."""
    reader = Reader(shown)
    lists: dict[_Name, _Entries] = {}
    for line in lines:
        found, known = _known(reader, line)
        name = found["name"], bool(found["family"])
        if name not in lists:
            lists[name] = _Entries(reader, known)
        lists[name].take(found, line)
    gone = {row for each in lists.values() for row in each.gone}
    return [_renumbered(row, lists) for number, row in enumerate(rows, 1) if number not in gone]


_Name = tuple[str, bool]
"""Of a list, and whether it is one of IPv6 only."""
_OF_LIST = re.compile(r"\s*(?P<family>ipv6 )?access-list (?P<name>\S+?)(?:;.*| line (?P<number>\d+) .*)")


class _Entries:
    """The entries of one list of a listing, some of which go."""

    def __init__(self, reader: Reader, known: AccessList) -> None:
        self._reader, self._known = reader, known
        self._at = 3 if known.ipv6 else 2
        self._left = list(known.entries)
        self._rows: dict[Hashable, list[int]] = {}
        for entry in known.entries:
            if entry > 0:
                self._rows.setdefault(self._key(configured(reader.texts[entry - 1] or "")), []).append(entry)
        self.gone: set[int] = set()
        """Rows."""
        self.numbers: list[int] = []
        """That the listing gives the entries that went, in order; one of a script has none."""

    def take(self, found: re.Match[str], line: Line) -> None:
        """Take an entry out."""
        same = self._rows.get(self._key(_NUMBER.sub(r"\1", line.text.removeprefix("no "))), [])
        number = int(found["number"] or 0)
        meant = [entry for entry in same if not number or self._left[number - 1:number] == [entry]]
        if len(meant) != 1:
            raise UnsupportedInputError(Reason("{name}:{number}: the listing has no such entry, or more than "
                                               "one", name=line.origin.name, number=line.number))
        entry, = meant
        same.remove(entry)
        self._left.remove(entry)
        self.gone |= {entry, *self._known.elements.get(entry, ())}
        if printed := _NUMBER.search(self._reader.texts[entry - 1] or ""):
            insort(self.numbers, int(printed[2]))

    @property
    def elements(self) -> int:
        """How many of what a listing counts have gone."""
        return len(self.gone) - sum(bool(self._known.elements.get(row)) for row in self.gone)

    def _key(self, text: str) -> Hashable:
        return entry_of(text, self._at, self._reader.objects.names).key


def _renumbered(row: Line, lists: Mapping[_Name, _Entries]) -> Line:
    found = _OF_LIST.fullmatch(row.text)
    some = lists.get((found["name"], bool(found["family"]))) if found else None
    if found is None or some is None:
        return row
    if not found["number"]:
        return row._replace(text=_COUNT.sub(lambda count: str(int(count[0]) - some.elements), row.text))
    number = int(found["number"]) - bisect_left(some.numbers, int(found["number"]))
    return row._replace(text=_NUMBER.sub(rf"\1 line {number}", row.text, count=1))

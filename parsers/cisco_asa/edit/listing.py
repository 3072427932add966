"""Entries put into what 'show access-list' prints: the one form that no script can be carried out on.

It shows lists without what they name or where they are bound, so only entries of lists go in, each to its
place: rows are in order, and their numbers do not count. `fix` tries its permits so.
"""

from __future__ import annotations

import re

from aclproof.parsers.cisco_asa.meaning import convert
from aclproof.parsers.cisco_asa.text.reader import Reader
from aclproof.parsers.edited import Edited, Line
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.reason import Reason

_ENTRY = re.compile(r"((?:ipv6 )?)access-list (\S+) (?:line (\d+) )?(.*)")


def with_rows(listing: Source, script: Source) -> Firewall:
    """Read a listing with entries put in; UnsupportedInputError for any other line."""
    rows = [Line(text, listing, number) for number, text in enumerate(listing.lines(), 1)]
    for number, text in enumerate(script.lines(), 1):
        rows.insert(*_row(Edited.of(listing, script, rows), text, Line(text, script, number)))
    return convert.parse([Edited.of(listing, script, rows)])


def _row(shown: Edited, text: str, line: Line) -> tuple[int, Line]:
    """Where a line goes, and the row that it becomes."""
    found = _ENTRY.fullmatch(text)
    family, name, number, rest = found.groups() if found else ("", "", "", "")
    known = Reader(shown).lists.get((name, bool(family)))
    if known is None:
        raise UnsupportedInputError(Reason("{name}:{number}: a listing takes entries of its own lists "
                                           "only; give the running configuration", name=line.origin.name,
                                           number=line.number))
    rows = [abs(entry) for entry in known.entries]
    if number:
        at = rows[int(number) - 1] - 1
    else:
        at = max((*rows, *(row for some in known.elements.values() for row in some)))
    return at, line._replace(text=f"{family}access-list {name} {rest}")

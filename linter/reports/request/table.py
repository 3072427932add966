"""A port request as CSV (RFC 4180) for spreadsheets and ticket systems, in English.

A cell that a spreadsheet could take for a formula begins with an apostrophe; the JSON form has the bare text.
"""

from __future__ import annotations

import csv
from io import StringIO

from aclproof.linter.demands.port_request import PortRequest
from aclproof.linter.reports.check.csv_v1 import guarded
from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.request.entries import Entry, entries

COLUMNS = ("number", "service", "source_roles", "sources", "destination_roles", "destinations", "family",
           "protocol", "source_ports", "destination_ports", "icmp", "direction", "answers", "needed",
           "port_choice", "through", "methods", "requirements", "why", "references", "notes", "assumed")
"""Fields of an entry, and headings of the file."""
_PROSE = frozenset({"why", "references", "notes"})


def render(request: PortRequest) -> str:
    """Write one line for each entry below a line of headings."""
    out = StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    writer.writerows(cells(each) for each in entries(request, Words()))
    return out.getvalue()


def cells(entry: Entry) -> list[str]:
    """Write the fields of an entry, in the order of the columns."""
    return [guarded(_text(entry, name)) for name in COLUMNS]


def _text(entry: Entry, name: str) -> str:
    value = getattr(entry, name)
    if isinstance(value, tuple):
        return (" / " if name in _PROSE else ", ").join(value)
    return str(value)

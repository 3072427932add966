"""Lines that do nothing as CSV (RFC 4180) for spreadsheets, in English."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

from aclproof.linter.audit.tidying import Tidying
from aclproof.linter.reports.check.csv_v1 import guarded

COLUMNS = ("file", "line", "list", "kind", "text", "taken_by", "command", "by_hand")


def render(found: Sequence[Tidying]) -> str:
    """Write one line for each below a line of headings."""
    out = StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for each in found:
        writer.writerows(map(guarded, row) for row in _rows(each))
    return out.getvalue()


def _rows(found: Tidying) -> Iterator[Sequence[str]]:
    commands, quote = found.removal.command_of, found.firewall.quote
    for each in found.dead:
        span, by = quote(each.line), dict.fromkeys(str(quote(rule.line)) for rule in each.by)
        yield (span.file, str(span.first_line), each.chain, each.why, span.text, ", ".join(by),
               commands.get(each, ""), found.by_hand.get(each, ""))

"""Lines that do nothing as CSV (RFC 4180) for spreadsheets, in English."""

from __future__ import annotations

import csv
from io import StringIO

from aclproof.linter.audit.tidying import Tidying
from aclproof.linter.reports.check.csv_v1 import guarded

COLUMNS = ("file", "line", "list", "kind", "text", "taken_by", "command", "by_hand")


def render(found: Tidying) -> str:
    """Write one line for each below a line of headings."""
    out = StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    commands = found.removal.command_of
    for each in found.dead:
        span = found.firewall.quote(each.line)
        by = dict.fromkeys(str(found.firewall.quote(rule.line)) for rule in each.by)
        cells = (span.file, str(span.first_line), each.chain, each.why, span.text, ", ".join(by),
                 commands.get(each, ""), found.by_hand.get(each, ""))
        writer.writerow(map(guarded, cells))
    return out.getvalue()

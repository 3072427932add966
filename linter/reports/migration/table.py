"""A migration as CSV (RFC 4180), in English: the columns of a port request after what is to be done."""

from __future__ import annotations

import csv
from io import StringIO

from aclproof.linter.reports.check.csv_v1 import guarded
from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.migration.sections import Migrated, not_assessed, sections
from aclproof.linter.reports.request.entries import entries
from aclproof.linter.reports.request.table import COLUMNS, cells


def render(migrated: Migrated) -> str:
    """Write one line for each flow below a line of headings, then one for each method without an answer."""
    out, words = StringIO(), Words()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(("change", "state", *COLUMNS))
    for section in sections(migrated, words):
        for entry, flow in zip(entries(section.request, words), section.request.flows, strict=True):
            state = "" if section.change == "close" else migrated.state(flow)
            writer.writerow((section.change, state, *cells(entry)))
    for method, sentence in not_assessed(migrated, words):
        told = {"methods": method, "notes": sentence}
        writer.writerow(("not-assessed", "", *(guarded(told.get(column, "")) for column in COLUMNS)))
    return out.getvalue()

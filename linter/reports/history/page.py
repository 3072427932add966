"""A history as an HTML page with a picture: one file that needs no script and no network."""

from __future__ import annotations

from aclproof.linter.history.history import History
from aclproof.linter.reports import Look, html
from aclproof.linter.reports.history.past import past
from aclproof.linter.site.site import name_of


def render(history: History, look: Look) -> str:
    """Write the page; the same history gives the same bytes."""
    return html.history_page(look.language, past=past(history, look), name=name_of(history.site),
                             day=history.asked.day)

"""The reports of `aclproof history`: pure functions from a History to text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aclproof.linter.history.history import History
    from aclproof.linter.reports import Look, Renderers


def _text(history: History, look: Look) -> str:
    from aclproof.linter.reports.history import text

    return text.render(history, look)


def _json(history: History, look: Look) -> str:
    from aclproof.linter.reports.history import json_v1

    return json_v1.render(history)


def _markdown(history: History, look: Look) -> str:
    from aclproof.linter.reports.history import markdown

    return markdown.render(history, look)


def _html(history: History, look: Look) -> str:
    from aclproof.linter.reports.history import page

    return page.render(history, look)


FORMATS: Mapping[str, Callable[[History, Look], str]] = {
    "text": _text, "json": _json, "markdown": _markdown, "html": _html}
"""Every report format; each imports its library only when it is used."""


def in_checks(history: History) -> Renderers:
    """Return the formats of a check that have the history of its site as a part, with it."""
    from aclproof.linter.reports import html
    from aclproof.linter.reports.check import json_v1
    from aclproof.linter.reports.history.past import past

    return {"html": lambda result, look: html.render(result, look.language, past=past(history, look)),
            "json": lambda result, look: json_v1.render(result, past(history, look).document)}

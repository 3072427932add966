"""What a change of packs asks of the firewalls, for people and for programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aclproof.linter.reports import Look
from aclproof.linter.reports.migration.sections import Migrated


def _text(migrated: Migrated, look: Look) -> str:
    from aclproof.linter.reports.migration import text

    return text.render(migrated, look)


def _markdown(migrated: Migrated, look: Look) -> str:
    from aclproof.linter.reports.migration import markdown

    return markdown.render(migrated, look)


def _csv(migrated: Migrated, look: Look) -> str:
    from aclproof.linter.reports.migration import table

    return table.render(migrated)


def _json(migrated: Migrated, look: Look) -> str:
    from aclproof.linter.reports.migration import json_v1

    return json_v1.render(migrated)


FORMATS: Mapping[str, Callable[[Migrated, Look], str]] = {
    "text": _text, "csv": _csv, "markdown": _markdown, "json": _json}
"""Every form; each is imported only when it is used."""

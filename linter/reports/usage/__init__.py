"""What hangs on the lines of a site, for people and for programs: pure functions from a Usage to text."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aclproof.linter.reports import Look
from aclproof.linter.usage.records import Usage


def _text(found: Usage, look: Look) -> str:
    from aclproof.linter.reports.usage import text

    return text.render(found, look)


def _json(found: Usage, look: Look) -> str:
    from aclproof.linter.reports.usage import json_v1

    return json_v1.render(found)


FORMATS: Mapping[str, Callable[[Usage, Look], str]] = {"text": _text, "json": _json}
"""Every form; each is imported only when it is used."""

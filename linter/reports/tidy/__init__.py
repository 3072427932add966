"""Lines that do nothing, for people and for programs: pure functions from Tidyings to text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from aclproof.linter.audit.tidying import Tidying
from aclproof.linter.reports import Look


def _text(found: Sequence[Tidying], look: Look) -> str:
    from aclproof.linter.reports.tidy import text

    return "\n".join(text.render(each, look) for each in found)


def _csv(found: Sequence[Tidying], look: Look) -> str:
    from aclproof.linter.reports.tidy import table

    return table.render(found)


def _json(found: Sequence[Tidying], look: Look) -> str:
    from aclproof.linter.reports.tidy import json_v1

    return json_v1.render(found)


FORMATS: Mapping[str, Callable[[Sequence[Tidying], Look], str]] = {"text": _text, "json": _json, "csv": _csv}
"""Every form; each is imported only when it is used."""

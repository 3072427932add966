"""The reports of `aclproof diff`: for people, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from aclproof.linter.diff.compare_sites import SiteChange
from aclproof.linter.diff.full import FullComparison
from aclproof.linter.diff.opened import Opened
from aclproof.linter.harmless import whole
from aclproof.linter.reports.language.language import ENGLISH, Words


class DiffReport(Struct, frozen=True):
    """A change, and what else a report of it needs."""

    change: SiteChange
    lists: Sequence[FullComparison] | None
    """None where `--full` was not given."""
    opened: Sequence[Opened]
    """What is opened besides what requirements ask for."""
    old: str
    """The old side as the user named it."""
    new: str
    """The new side, or the files that were entered."""


def render(report: DiffReport, form: str, words: Words = ENGLISH) -> str:
    """Write the report as `text`, `markdown` or `json`."""
    if form == "json":
        from aclproof.linter.reports.diff import json_v1

        return json_v1.render(report)
    from aclproof.linter.reports.diff import text

    if form == "markdown":
        return whole(f"## {words('Firewall change')}\n\n{indented(text.render(report, words))}")
    return text.render(report, words)


def indented(text: str) -> str:
    """Write lines as code in Markdown: nothing in them can end it."""
    return "".join(f"    {line}".rstrip(" ") + "\n" for line in text.splitlines())

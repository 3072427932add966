"""Reports of a result: pure functions from a Result to text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from msgspec import Struct, field

from aclproof.linter.reports.language.language import Language, Words
from aclproof.linter.reports.writing.file_uris import FileNames
from aclproof.linter.result import Result


class Look(Struct, frozen=True):
    """Where a report will be read."""

    width: int = 80
    colour: bool = False
    language: Language = "en"
    """Of reports for people; formats for machines are always in English."""
    places: FileNames = field(default_factory=FileNames)
    """How formats that name files for other programs name them."""
    verbose: bool = False
    """Whether reports for people leave nothing out."""


def _text(result: Result, look: Look) -> str:
    from aclproof.linter.reports.check import text

    return text.render(result, width=look.width, colour=look.colour, verbose=look.verbose,
                       words=Words(look.language))


def _json(result: Result, look: Look) -> str:
    from aclproof.linter.reports.check import json_v1

    return json_v1.render(result)


def _sarif(result: Result, look: Look) -> str:
    from aclproof.linter.reports.check import sarif

    return sarif.render(result, look.places)


def _junit(result: Result, look: Look) -> str:
    from aclproof.linter.reports.check import junit

    return junit.render(result)


def _github(result: Result, look: Look) -> str:
    from aclproof.linter.reports.check import github

    return github.render(result, look.places)


def _gitlab(result: Result, look: Look) -> str:
    from aclproof.linter.reports.check import gitlab

    return gitlab.render(result, look.places)


def _markdown(result: Result, look: Look) -> str:
    from aclproof.linter.reports.check import markdown

    return markdown.render(result, look.language)


def _csv(result: Result, look: Look) -> str:
    from aclproof.linter.reports.check import csv_v1

    return csv_v1.render(result)


def _html(result: Result, look: Look) -> str:
    from aclproof.linter.reports import html

    return html.render(result, look.language)


Renderers: TypeAlias = Mapping[str, Callable[[Result, Look], str]]
"""By the name of the format."""
FORMATS: Renderers = {
    "text": _text, "json": _json, "sarif": _sarif, "junit": _junit, "github": _github, "gitlab": _gitlab,
    "markdown": _markdown, "csv": _csv,
    "html": _html}
"""Every report format; each imports its library only when it is used."""


def render(result: Result, form: str = "text") -> str:
    """Write a result in one of the FORMATS, as a file would hold it; KeyError for another word."""
    return FORMATS[form](result, Look())

"""What a report of all sites holds of one: made where the site is proven, so that it is done side by side."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from aclproof.linter.harmless import json_text
from aclproof.linter.reports import FORMATS, Look
from aclproof.linter.result import Result


def piece(form: str, result: Result, look: Look) -> str:
    """Write the piece of one format; KeyError for one that has none."""
    return _PIECES.get(form, FORMATS.get(form, _none))(result, look)


def _none(result: Result, look: Look) -> str:
    raise KeyError


def _json(result: Result, look: Look) -> str:
    """One line."""
    from aclproof.linter.reports.check import json_v1

    return json_text(json_v1.document(result))


def _sarif(result: Result, look: Look) -> str:
    """A run."""
    from aclproof.linter.reports.check import sarif

    return json_text(sarif.run(result, look.places))


def _junit(result: Result, look: Look) -> str:
    """The suites, each named with its site."""
    from aclproof.linter.reports.check import junit

    return junit.suites(result, look.places.path(result.scope.site_file))


def _gitlab(result: Result, look: Look) -> str:
    """Entries between commas; what two sites have in common is two entries."""
    from aclproof.linter.verdict.fingerprint import name_of

    entries = json.loads(FORMATS["gitlab"](result, look))
    site = look.places.path(result.scope.site_file)
    return ",\n".join(json_text({**each, "fingerprint": name_of(site, each["fingerprint"])})
                      for each in entries)


def _github(result: Result, look: Look) -> str:
    """Annotations, of each line and requirement one."""
    from aclproof.linter.reports.check import github

    return github.render(result, look.places, merged=True)


def _html(result: Result, look: Look) -> str:
    """The page of the site."""
    from aclproof.linter.reports import html

    return html.render(result, look.language, start=BACK)


BACK = "../index.html"
"""The start page of all sites, as the page of one links to it."""

_PIECES: Mapping[str, Callable[[Result, Look], str]] = {
    "json": _json, "sarif": _sarif, "junit": _junit, "gitlab": _gitlab, "github": _github,
    "html": _html}

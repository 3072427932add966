"""A port request for people and for programs: pure functions from a PortRequest to text."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aclproof.linter.demands.port_request import PortRequest
from aclproof.linter.reports import Look


def _text(request: PortRequest, look: Look) -> str:
    from aclproof.linter.reports.request import text

    return text.render(request, look)


def _markdown(request: PortRequest, look: Look) -> str:
    from aclproof.linter.reports.request import markdown

    return markdown.render(request, look)


def _csv(request: PortRequest, look: Look) -> str:
    from aclproof.linter.reports.request import table

    return table.render(request)


def _json(request: PortRequest, look: Look) -> str:
    from aclproof.linter.reports.request import json_v1

    return json_v1.render(request)


FORMATS: Mapping[str, Callable[[PortRequest, Look], str]] = {
    "text": _text, "csv": _csv, "markdown": _markdown, "json": _json}
"""Every form of a request; each is imported only when it is used."""

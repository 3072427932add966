"""What checks name in one configuration."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import cast

from aclproof import parsers
from aclproof.linter.audit.checks import audit
from aclproof.linter.observation import Audit, CheckId, Observation
from aclproof.linter.program import Analysis
from aclproof.parsers.source import from_bytes

DAY = date(2026, 6, 1)


def observations(texts: str | Sequence[str], *checks: CheckId) -> Sequence[Observation]:
    """Return what checks name."""
    return audited(texts, *checks).found


def audited(texts: str | Sequence[str], *checks: CheckId) -> Audit:
    """Run checks on the files of one firewall."""
    given = [texts] if isinstance(texts, str) else texts
    firewall = parsers.parse_all([from_bytes(text.encode(), f"fw{number or ''}")
                                  for number, text in enumerate(given)])
    site = cast(Analysis, SimpleNamespace(firewalls={"fw": firewall}, results=()))
    return audit(site, checks, DAY)


def said(texts: str | Sequence[str], *checks: CheckId) -> list[tuple[int, str]]:
    """Return the lines that are named, with what is said of each."""
    return [(each.span.first_line, each.text) for each in observations(texts, *checks)]

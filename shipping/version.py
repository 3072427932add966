"""Whether a checkout is what its version says."""

from __future__ import annotations

import re

import aclproof
from shipping.tools import ROOT

_HEADING = re.compile(r"^## \[(?P<version>[^\]]+)\](?: - (?P<day>\d{4}-\d\d-\d\d))?$", re.MULTILINE)


def require_release() -> None:
    """Raise SystemExit unless the changelog has a dated heading for the version, and it is the newest one."""
    found = [each for each in _HEADING.finditer((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
             if each["version"] != "Unreleased"]
    if not found or found[0]["version"] != aclproof.__version__ or not found[0]["day"]:
        newest = found[0][0] if found else "none"
        raise SystemExit(f"CHANGELOG.md: expected '## [{aclproof.__version__}] - YYYY-MM-DD' as the newest "
                         f"release, as aclproof/__init__.py has that version; found {newest}")

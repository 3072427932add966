"""One site with all that a run may ask for: a second opinion, an audit, and verified fixes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from aclproof import parsers
from aclproof.linter.program import Read, analyse, to_result
from aclproof.linter.proof.progress import Progress, no_progress
from aclproof.linter.result import Result
from aclproof.linter.site import configurations
from aclproof.linter.site.site import Site

if TYPE_CHECKING:
    from aclproof.linter.observation import CheckId


def result_of(site: Site, day: date, *, fixes: bool = False, second_opinion: bool = False,
              checks: Collection[CheckId] = (), progress: Progress = no_progress,
              read: Read = configurations.read) -> Result:
    """Check one site; InputError or UnsupportedInputError as `check`."""
    found = analyse(site, day, progress=progress, read=read)
    for firewall in found.firewalls.values() if second_opinion else ():
        parsers.confirm(firewall)
    result = to_result(found, day)
    if checks:
        from aclproof.linter.audit.checks import audit

        result = replace(result, audit=audit(found, checks, day))
    if not fixes:
        return result
    from aclproof.linter.fix import search

    return replace(result, fixes=search.lines(search.fix(replace(found, results=result.demands), day)))

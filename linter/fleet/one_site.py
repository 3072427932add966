"""One site with all that a run may ask for: a second opinion, an audit, and verified fixes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from aclproof import parsers
from aclproof.linter.program import analyse, to_result
from aclproof.linter.proof.progress import Progress, no_progress
from aclproof.linter.result import Result
from aclproof.linter.site import configurations
from aclproof.linter.site.site import Site

if TYPE_CHECKING:
    from aclproof.linter.fleet.shared import Shared
    from aclproof.linter.observation import CheckId, Severity


def result_of(site: Site, day: date, *, fixes: bool = False, second_opinion: bool = False,
              self_check: int = 0,
              evidence: Sequence[tuple[str, str]] = (),
              checks: Collection[CheckId] = (), fail_on: Severity | None = None,
              progress: Progress = no_progress, shared: Shared | None = None) -> Result:
    """Check one site, of those that share firewalls; InputError or UnsupportedInputError as `check`."""
    found = analyse(site, day, progress=progress, read=shared.read if shared else configurations.read)
    for firewall in found.firewalls.values() if second_opinion else ():
        parsers.confirm(firewall)
    testimony = None
    if evidence:
        from aclproof.linter.fleet.unasked import unasked
        from aclproof.linter.hearing import hearing, transcripts

        heard, asking = list(transcripts.read(evidence)), found
        found, testimony = hearing.hear(asking, day, heard)
        testimony = replace(testimony, not_asked=tuple(unasked(asking, testimony.said, heard)))
    agreement = None
    if self_check:
        from aclproof.linter.second_judge.judging import judge

        found, agreement = judge(found, day, self_check, progress)
    result = replace(to_result(found, day), testimony=testimony, agreement=agreement)
    if checks:
        from aclproof.linter.audit.checks import audit

        audited = audit(found, checks, day, shared.memory) if shared else audit(found, checks, day)
        if fixes:
            from aclproof.linter.audit.narrowing import with_rewrites

            audited = with_rewrites(audited, found, day)
        result = replace(result, audit=replace(audited, fail_on=fail_on))
    doubtful = (testimony and testimony.of("contradicted")) or (agreement and agreement.disagreements)
    if not fixes or doubtful:  # none for a configuration that nobody runs, and none that a fault of ours made
        return result
    from aclproof.linter.fix import search

    return replace(result, fixes=search.lines(search.fix(replace(found, results=result.demands), day)))

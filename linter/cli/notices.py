"""What an exit code leaves out, on standard error."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from aclproof.linter.cli import streams
from aclproof.reason import Reason

if TYPE_CHECKING:
    from aclproof.linter.observation import Severity


def of_waivers(waived: int, expired: Iterable[str], quiet: int) -> None:
    """Print how many requirements are waived, and which waivers have expired."""
    if waived:
        streams.notice(Reason("1 requirement is waived, not proven") if waived == 1 else
                       Reason("{n} requirements are waived, not proven", n=waived), quiet)
    if names := ", ".join(expired):
        streams.notice(Reason("waivers that have expired do not apply: {names}", names=names), quiet)


def of_lines(failing: int, fail_on: Severity | None, quiet: int) -> None:
    """Print how many lines that checks name let the run fail."""
    if failing and fail_on:
        streams.notice(Reason("1 line that a check names fails the run (--fail-on {level})", level=fail_on)
                       if failing == 1 else
                       Reason("{n} lines that checks name fail the run (--fail-on {level})", n=failing,
                              level=fail_on), quiet)


def of_undecided(quiet: int) -> None:
    """Print that a run which has not proven everything exits as one that has."""
    streams.notice(Reason("not everything is proven; --allow-undecided makes this exit 0"), quiet)

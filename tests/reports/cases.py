"""Results to report on: those of the fixture sites, and one that uses every part a Result has."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from aclproof.linter.program import check
from aclproof.linter.result import FixLines, MethodVerdict, Result, Verdict
from aclproof.linter.site import reader
from aclproof.linter.waiver import Waiver, WaiverUse
from aclproof.parsers.model.notes import Span

ROOT = Path(__file__).parents[2]
SITES = ROOT / "fixtures" / "sites"
NAMES = sorted(each.parent.name for each in SITES.glob("*/aclproof.yaml"))
AS_OF = date(2026, 1, 15)


@cache
def result_of(name: str) -> Result:
    """The result of a fixture site; its files have absolute paths."""
    return check(reader.read(SITES / name / "aclproof.yaml"), AS_OF)


def waiver(number: int, requirement: str, reason: str = "moves to the new branch") -> Waiver:
    return Waiver(f"W-{number}", requirement, reason, "network team", date(2026, 6, 30), "", "the board",
                  f"CHG{number}", Span("waivers.yaml", 3 + number, 4 + number, f"id: W-{number}"))


def full() -> Result:
    """The branch office with SMB and the open requirement waived, two idle waivers, and a fix."""
    result = result_of("branch")
    smb, open_ = waiver(1, "CM2007-PUSH-SMB"), waiver(2, "CM2007-SWD-SMB")
    waived = {each.requirement: each for each in (smb, open_)}
    demands = tuple(replace(each, waiver=waived.get(each.requirement.id)) for each in result.demands)
    uses = (WaiverUse(smb, "applied"), WaiverUse(open_, "applied"),
            WaiverUse(waiver(3, "CM2007-PUSH-RPC"), "expired"),
            WaiverUse(waiver(4, "CM2007-SUP-HTTP"), "unused", "the requirement is met"))
    fix = FixLines("branch-asa", "cisco-asa",
                   ("access-list DATACENTRE-IN line 3 extended permit udp host 10.1.1.10 any eq 135",),
                   ("CM2007-PUSH-EPM-UDP",))
    return replace(result, demands=demands, waivers=uses, fixes=(fix,))


def unassessed() -> Result:
    """A result in which no method could be looked at."""
    result = result_of("branch")
    methods = tuple(replace(each, verdict=MethodVerdict.NOT_ASSESSED, requirements=(), reason="no addresses")
                    for each in result.methods)
    return replace(result, methods=methods, demands=())


def many(count: int) -> Result:
    """The branch office with `count` blocking lines for SMB."""
    result = result_of("branch")
    smb = next(each for each in result.demands if each.requirement.id == "CM2007-PUSH-SMB")
    assert smb.verdict is Verdict.MISSING
    part = smb.missing[0]
    line = part.blocked_by
    parts = tuple(replace(part, blocked_by=replace(line, text=f"deny number {number}", span=replace(
        line.span, first_line=number, last_line=number))) for number in range(1, count + 1))
    return replace(result, demands=tuple(replace(each, missing=parts) if each is smb else each
                                         for each in result.demands))

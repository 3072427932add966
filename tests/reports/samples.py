"""Results to be reported: of the fixture sites, with everything that a result can hold, hostile, and huge."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import chdir
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.basis import Assumption
from aclproof.linter.observation import Audit, LeftOut, Observation, Rewrite
from aclproof.linter.program import check
from aclproof.linter.questions import Question
from aclproof.linter.result import FixLines, Result, Verdict
from aclproof.linter.site import reader
from aclproof.linter.waiver import Waiver, WaiverUse
from aclproof.parsers.model.notes import Note, Span, State
from aclproof.rules.pack import Pack, Requirement

SITES = Path(__file__).parents[2] / "fixtures" / "sites"
NAMES = sorted(each.parent.name for each in SITES.glob("*/aclproof.yaml"))
AS_OF = date(2026, 1, 31)

HOSTILE = ("<script>document.title='owned'</script>\"><img src=x onerror=\"document.title='owned'\">"
           "' onfocus=alert(1) autofocus='--></style></title></svg>]]>{{ 7 * 7 }}{% raw %}"
           "\u202e\x1b[31m\x00&lt;")
_OURS = {"origin", "kind", "leg", "id", "requirement", "requirements", "methods", "state",
         "check", "checks", "baseline", "fail_on"}
"""Fields that no configuration and no site file fills: ids and words of our own."""


@cache
def result_of(name: str) -> Result:
    """As `aclproof check` finds it in the site's folder."""
    with chdir(SITES / name):
        return check(reader.read(Path("aclproof.yaml")), AS_OF)


def everything() -> Result:
    """The branch office with waivers in every state, facts, verified lines and unread lines."""
    plain = result_of("branch")
    span = Span("waivers.yaml", 4, 9, "- id: W-7")
    waiver = Waiver("W-7", "CM2007-PUSH-EPM-UDP", "No client was seen that asks for it.", "Network team",
                    date(2026, 6, 30), approved_by="A. Auditor", ticket="CHG-1234", span=span,
                    created=date(2026, 1, 2))
    others = (replace(waiver, id="W-2", requirement="CM2007-PUSH-SMB", expires=date(2025, 12, 31)),
              replace(waiver, id="W-9", requirement="CM2007-SUP-HTTP", firewall="branch-asa",
                      expires=date(2026, 2, 9)))
    lines = ("access-list DATACENTRE-IN line 1 extended permit tcp host 10.1.1.10 10.20.0.0 255.255.0.0 "
             "range 1025 5000",)
    asa = plain.inputs[0]
    notes = (*asa.notes,
             Note(State.UNREAD, Span(asa.path, 91, 91, "threat-detection statistics"), "not known"),
             Note(State.UNREAD, Span(asa.path, 90, 90, "access-list BRANCH-IN permt ip any any"),
                  "expected permit or deny", decides=True))
    return replace(
        plain, inputs=(replace(asa, notes=notes),),
        demands=tuple(replace(each, waiver=waiver) if each.requirement.id == waiver.requirement else each
                      for each in plain.demands),
        waivers=(WaiverUse(waiver, "applied"), WaiverUse(others[0], "expired"),
                 WaiverUse(others[1], "unused", "the requirement is met")),
        audit=audit_of_all_kinds(plain),
        fixes=(FixLines("branch-asa", "cisco-asa", lines, ("CM2007-PUSH-RPC",)),),
        assumptions=(*plain.assumptions, Assumption("fqdn wsus.example.com", "10.1.1.13", "fact")))


def audit_of_all_kinds(result: Result) -> Audit:
    """What checks may say of a firewall: lines in every state, and what is not told."""
    read = result.inputs[0]
    span = Span(read.path, 12, 12, "permit | ip any any")
    box = next(each for each in result.demands if each.boxes).boxes[0]
    wide = replace(span, first_line=14, last_line=14)
    rewrite = Rewrite(read.name, (wide,), ("permit tcp host | any", "no permit ip any any"), ("a | note",))
    named = (Observation("shadowed-rule", read.name, replace(span, text="deny tcp any any"), (span,),
                         fingerprint="1" * 32, baseline="unchanged"),
             Observation("any-any", read.name, span, fingerprint="2" * 32, baseline="new"),
             Observation("surplus", read.name, wide, needed=(box,), surplus=(box,), size=99 * box.size,
                         opened=100 * box.size, hits=7, rewrite=rewrite, fingerprint="3" * 32,
                         baseline="grown"))
    why = "each of its entries makes a tunnel of its own"
    return Audit(("shadowed-rule", "any-any", "surplus", "no-hits"), named, ((read.name, span),),
                 (LeftOut(read.name, "CRYPTO", why), LeftOut(read.name, "VPN", why)),
                 together=(replace(rewrite, spans=(wide, span)),))


def hostile(harmless: Result) -> Result:
    """The same result, but every text that comes from outside tries to break out of a page."""
    poisoned = _poisoned(harmless, "")
    assert isinstance(poisoned, Result)
    return poisoned


def _poisoned(value: Any, name: str) -> Any:
    if isinstance(value, str):
        return value if name in _OURS else value + HOSTILE
    if isinstance(value, tuple):
        return tuple(_poisoned(each, name) for each in value)
    if isinstance(value, Mapping) and name == "settings":
        return {key: _poisoned(each, key) for key, each in value.items()}
    if isinstance(value, Struct) and not isinstance(value, Pack | Requirement):
        return replace(value, **{each: _poisoned(getattr(value, each), each)
                                 for each in value.__struct_fields__})
    return value


def huge() -> Result:
    """Hundreds of parts, of boxes, of lines, of reasons, and a rule name of 2,000 letters without a space."""
    plain = result_of("branch")
    first = next(each for each in plain.demands if each.verdict is Verdict.MISSING)
    open_ = next(each for each in plain.demands if each.verdict is Verdict.UNDECIDED)
    part = first.missing[0]
    long = replace(part.blocked_by, text="access-list " + "X" * 2000)
    parts = [replace(part, boxes=tuple(part.boxes) * (300 if number == 0 else 1), blocked_by=replace(
        long, span=replace(long.span, first_line=number))) for number in range(500)]
    opens = [replace(open_.undecided[0], questions=(
        *(Question(f"whether {'y' * 900} {n}") for n in range(40)),
        *(Question("whether it is active", f"time-range T{n}", "active-inactive") for n in range(90))))] * 400
    asa = plain.inputs[0]
    notes = [Note(State.UNREAD, Span(asa.path, n, n, "z" * 500), "not known", decides=n % 2 == 0)
             for n in range(1, 3000)]
    return replace(plain, inputs=(replace(asa, notes=tuple(notes)),), demands=(
        replace(first, missing=tuple(parts)), replace(open_, undecided=tuple(opens))))

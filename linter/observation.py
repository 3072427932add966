"""What an audit names in a configuration besides what requirements lack: it decides no verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.gap import KNOWN, State
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.packets import Box

CheckId = Literal["shadowed-rule", "covered-rule", "redundant-rule", "any-any", "expired-rule",
                  "only-any-any", "undefined-object", "surplus", "reversed-permit", "disabled-rule",
                  "unbound-list", "unused-object", "empty-object", "duplicate-object", "no-hits",
                  "contradicting-remark", "unlogged-deny"]
Severity = Literal["warning", "note"]

CHECKS: Mapping[CheckId, Severity] = {
    "shadowed-rule": "warning", "only-any-any": "warning", "any-any": "warning", "expired-rule": "warning",
    "contradicting-remark": "warning", "undefined-object": "warning", "covered-rule": "note",
    "redundant-rule": "note", "surplus": "note", "reversed-permit": "note", "disabled-rule": "note",
    "unbound-list": "note", "unused-object": "note", "empty-object": "note", "duplicate-object": "note",
    "no-hits": "note", "unlogged-deny": "note"}
"""Every check, the worst first; `aclproof explain` has a page for each."""


class Rewrite(Struct, frozen=True):
    """Commands that replace lines by permits of what requirements need, verified."""

    firewall: str
    spans: tuple[Span, ...]
    """The lines that go."""
    commands: tuple[str, ...] = ()
    """In the order in which they have to be entered; comments are among them."""
    advice: tuple[str, ...] = ()
    refused: str = ""
    """Why there are none."""


class Observation(Struct, frozen=True):
    """One line that a check names."""

    check: CheckId
    firewall: str
    span: Span
    others: tuple[Span, ...] = ()
    """The lines that are the reason, those that matter most first."""
    text: str = ""
    """What is to be said of this line, besides what the check says of all."""
    requirements: tuple[str, ...] = ()
    """The requirements that it is about."""
    perhaps: str = ""
    """What it depends on whether it is so; empty where it surely is."""
    needed: tuple[Box, ...] = ()
    """Of `surplus`: the packets that requirements send through it, from any port."""
    surplus: tuple[Box, ...] = ()
    """Of `surplus`: what it opens besides; one protocol stands for all alike."""
    size: int = 0
    """Of `surplus`: how many packets that are, of all protocols."""
    opened: int = 0
    """Of `surplus`: how many packets the line permits."""
    hits: int | None = None
    """How many packets it has counted, where the input shows that."""
    rewrite: Rewrite | None = None
    """Of `surplus`: what replaces the line, where that was asked for."""
    fingerprint: str = ""
    """Stays when lines move: of check, firewall and the text of the line; equal ones are numbered."""
    baseline: State | None = None
    """Where the result was compared with a baseline: what became of it."""
    made: bool = False
    """Of lines that do nothing: whether a program makes all of its list, as `text` says."""
    ordered: bool = True
    """Of lines that do nothing: whether rules are asked one after the other."""

    @property
    def severity(self) -> Severity:
        """How bad it is; what only may be, or a program has made, is a note."""
        return "note" if self.perhaps or self.made else CHECKS[self.check]

    @property
    def known(self) -> bool:
        """Whether a baseline has it."""
        return self.baseline in KNOWN

    @property
    def level(self) -> Severity:
        """How loud reports are about it: what is known is a note."""
        return "note" if self.known else self.severity


class LeftOut(Struct, frozen=True):
    """A list in which no line was looked at by the checks for lines that do nothing."""

    firewall: str
    name: str
    why: str


class Audit(Struct, frozen=True):
    """What some checks found."""

    checks: tuple[CheckId, ...]
    """Those that were asked for."""
    found: tuple[Observation, ...]
    """By check, firewall and line."""
    not_told: tuple[tuple[str, Span], ...] = ()
    """Lines of which it would take too long to tell, each with its firewall."""
    left_out: tuple[LeftOut, ...] = ()
    """Lists that were not looked at."""
    fail_on: Severity | None = None
    """What is at least as bad lets the run fail; nothing does where it is None."""
    together: tuple[Rewrite, ...] = ()
    """What replaces all lines of a firewall at once, where each alone has something else."""

    def of(self, firewall: str) -> Audit:
        """Return what there is of one firewall."""
        return replace(self, found=tuple(each for each in self.found if each.firewall == firewall),
                       not_told=tuple(each for each in self.not_told if each[0] == firewall),
                       left_out=tuple(each for each in self.left_out if each.firewall == firewall))

    @property
    def failing(self) -> tuple[Observation, ...]:
        """What lets the run fail: no baseline has it."""
        bad = _FAILING[self.fail_on] if self.fail_on else ()
        return tuple(each for each in self.found if each.severity in bad and not each.known)


_FAILING: Mapping[Severity, tuple[Severity, ...]] = {"warning": ("warning",), "note": ("warning", "note")}

"""What an audit names in a configuration besides what requirements lack: it decides no verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.packets import Box

CheckId = Literal["shadowed-rule", "covered-rule", "redundant-rule", "any-any", "expired-rule",
                  "surplus", "unbound-list", "unused-object", "no-hits", "contradicting-remark",
                  "unlogged-deny"]
Severity = Literal["warning", "note"]

CHECKS: Mapping[CheckId, Severity] = {
    "shadowed-rule": "warning", "any-any": "warning", "expired-rule": "warning",
    "contradicting-remark": "warning", "covered-rule": "note",
    "redundant-rule": "note", "surplus": "note", "unbound-list": "note", "unused-object": "note",
    "no-hits": "note", "unlogged-deny": "note"}
"""Every check, the worst first; `aclproof explain` has a page for each."""


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
    needed: tuple[Box, ...] = ()
    """Of `surplus`: the packets that requirements send through it, from any port."""
    surplus: tuple[Box, ...] = ()
    """Of `surplus`: what it opens besides."""

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return CHECKS[self.check]


class Audit(Struct, frozen=True):
    """What some checks found."""

    checks: tuple[CheckId, ...]
    """Those that were asked for."""
    found: tuple[Observation, ...]
    """By check, firewall and line."""
    not_told: tuple[tuple[str, Span], ...] = ()
    """Lines of which it would take too long to tell, each with its firewall."""

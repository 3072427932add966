"""The checks of an audit: functions from a firewall of a site to the lines that they name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from aclproof.linter.audit import own_lines
from aclproof.linter.audit.chain_audit import STEPS, ChainAudit, Why, audit_lists
from aclproof.linter.audit.subject import Check, Subject
from aclproof.linter.audit.surplus import surpluses
from aclproof.linter.engine.budget import Budget
from aclproof.linter.observation import CHECKS, Audit, CheckId, Observation
from aclproof.linter.program import Analysis
from aclproof.parsers.model.notes import Span
from aclproof.parsers.vendor import door

CHECK_OF: Mapping[Why, CheckId] = {"shadowed": "shadowed-rule", "covered": "covered-rule",
                                   "redundant": "redundant-rule"}
"""The check of each kind of line that does nothing."""


def audit(site: Analysis, checks: Collection[CheckId], day: date) -> Audit:
    """Run some checks on all firewalls of a site, as of a day."""
    wanted = tuple(each for each in CHECKS if each in checks)
    found: list[Observation] = []
    not_told: list[tuple[str, Span]] = []
    for name, firewall in site.firewalls.items():
        subject = Subject(name, firewall, day, site)
        if set(CHECK_OF.values()) & set(wanted):
            dead, unsettled = _dead(subject)
            found += (each for each in dead if each.check in wanted)
            not_told += ((name, span) for span in unsettled)
        for check, look in _CHECKS.items():
            if check in wanted:
                found += look(subject)
    names = list(site.firewalls)
    found.sort(key=lambda each: (wanted.index(each.check), names.index(each.firewall), each.span.file,
                                 each.span.first_line))
    return Audit(wanted, tuple(found), tuple(not_told))


def _dead(subject: Subject) -> tuple[list[Observation], list[Span]]:
    """Lines that do nothing, and those of which it would take too long to tell."""
    firewall, steps = subject.firewall, Budget(STEPS)
    found: list[Observation] = []
    not_told: list[Span] = []
    for _, audited in audit_lists(firewall, steps):
        if not isinstance(audited, ChainAudit):
            continue
        for each in audited.dead:
            others = dict.fromkeys(firewall.quote(rule.line) for rule in each.by)
            found.append(Observation(CHECK_OF[each.why], subject.name, firewall.quote(each.line),
                                     tuple(others)))
        not_told += map(firewall.quote, audited.unsettled)
    return found, not_told


def _surplus(subject: Subject) -> Iterator[Observation]:
    """Permits that open more than requirements need."""
    for each in surpluses(subject.name, subject.site):
        yield Observation("surplus", subject.name, subject.firewall.quote(each.line),
                          requirements=each.requirements, needed=each.needed, surplus=each.more,
                          size=each.packets, opened=each.opened,
                          hits=door(subject.firewall.vendor).hits(subject.firewall, each.line))


_CHECKS: Mapping[CheckId, Check] = {
    "surplus": _surplus, "any-any": own_lines.any_any, "expired-rule": own_lines.expired,
    "unbound-list": own_lines.unbound, "unused-object": own_lines.unused, "no-hits": own_lines.no_hits}

"""The checks of an audit: functions from a firewall of a site to the lines that they name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, MutableMapping, Sequence
from datetime import date
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.audit import against_requirements, definitions, own_lines
from aclproof.linter.audit.assumed import questions
from aclproof.linter.audit.chain_audit import STEPS, ChainAudit, Why, audit_lists
from aclproof.linter.audit.remarks.contradictions import contradicting
from aclproof.linter.audit.subject import Alone, Check, CheckAlone, Subject
from aclproof.linter.audit.unlogged import unlogged
from aclproof.linter.engine.budget import Budget
from aclproof.linter.observation import CHECKS, Audit, CheckId, LeftOut, Observation
from aclproof.linter.program import Analysis
from aclproof.linter.verdict.fingerprint import lines_of, name_of_line
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.notes import Span
from aclproof.parsers.vendor import door
from aclproof.reason import Reason

CHECK_OF: Mapping[Why, CheckId] = {"shadowed": "shadowed-rule", "covered": "covered-rule",
                                   "redundant": "redundant-rule"}
"""The check of each kind of line that does nothing."""


class Found(Struct, frozen=True):
    """What was found at one firewall, whatever site it is of."""

    named: tuple[Observation, ...]
    not_told: tuple[tuple[str, Span], ...] = ()
    left_out: tuple[LeftOut, ...] = ()


Memory: TypeAlias = Callable[[Firewall], MutableMapping[Hashable, Found]]
"""What is kept of a firewall that many sites may have."""


def audit(site: Analysis, checks: Collection[CheckId], day: date,
          memory: Memory = lambda firewall: {}) -> Audit:
    """Run some checks on all firewalls of a site, as of a day; the memory has what one shows alone."""
    wanted = tuple(each for each in CHECKS if each in checks)
    alone = [_remembered(Alone(name, firewall, day), wanted, memory(firewall))
             for name, firewall in site.firewalls.items()]
    named = [each for found in alone for each in found.named]
    for name, firewall in site.firewalls.items():
        subject = Subject(name, firewall, day, site)
        named += (each for check, look in _CHECKS.items() if check in wanted for each in look(subject))
    names = list(site.firewalls)
    named.sort(key=lambda each: (wanted.index(each.check), names.index(each.firewall), each.span.file,
                                 each.span.first_line))
    return Audit(wanted, tuple(replace(each, fingerprint=name_of_line(key))
                               for each, key in zip(named, lines_of(named), strict=True)),
                 tuple(each for found in alone for each in found.not_told),
                 tuple(each for found in alone for each in found.left_out))


def _remembered(subject: Alone, wanted: Sequence[CheckId], kept: MutableMapping[Hashable, Found]) -> Found:
    """What is found at a firewall alone, once for all sites that have it under the same name."""
    key = subject.name, subject.day, wanted
    if key not in kept:
        kept[key] = _alone(subject, wanted)
    return kept[key]


def _alone(subject: Alone, wanted: Collection[CheckId]) -> Found:
    found = [each for check, look in _ALONE.items() if check in wanted for each in look(subject)]
    named = tuple(each for each in found if isinstance(each, Observation))
    not_told = tuple((subject.name, each) for each in found if isinstance(each, Span))
    if not set(CHECK_OF.values()) & set(wanted):
        return Found(named, not_told)
    dead = _dead(subject)
    return replace(dead, named=(*named, *(each for each in dead.named if each.check in wanted)),
                   not_told=tuple(dict.fromkeys((*not_told, *dead.not_told))))


def _dead(subject: Alone) -> Found:
    """Lines that do nothing."""
    name, firewall = subject.name, subject.firewall
    named: list[Observation] = []
    not_told: list[tuple[str, Span]] = []
    left_out: list[LeftOut] = []
    ordered = not door(firewall.vendor).traits.allow_cannot_beat_block
    for chain, audited in audit_lists(firewall, Budget(STEPS), subject.day):
        if not isinstance(audited, ChainAudit):
            left_out.append(LeftOut(name, chain, audited))
            continue
        by = next(iter(door(firewall.vendor).kept_by(firewall, chain, whole=True)), "")
        why = Reason("{who} makes this list by its own settings: there is where it is changed",
                     who=by) if by else ""
        for each in (*audited.dead, *audited.perhaps):
            others = dict.fromkeys(firewall.quote(rule.line) for rule in each.by)
            named.append(Observation(CHECK_OF[each.why], name, firewall.quote(each.line), tuple(others),
                                     why, perhaps=questions(each.given), made=bool(by), ordered=ordered))
        not_told += ((name, firewall.quote(line)) for line in audited.unsettled)
    return Found(tuple(named), tuple(not_told), tuple(left_out))


_ALONE: Mapping[CheckId, CheckAlone] = {
    "any-any": own_lines.any_any, "expired-rule": own_lines.expired,
    "undefined-object": definitions.undefined, "unbound-list": definitions.unbound,
    "unused-object": definitions.unused, "empty-object": definitions.empty,
    "duplicate-object": definitions.duplicate, "no-hits": own_lines.no_hits,
    "contradicting-remark": contradicting, "unlogged-deny": unlogged}
"""Those that look at nothing but the firewall, besides those for lines that do nothing."""
_CHECKS: Mapping[CheckId, Check] = {
    "any-any": against_requirements.any_any_policies,
    "only-any-any": against_requirements.only_any_any, "surplus": against_requirements.surplus,
    "reversed-permit": against_requirements.reversed_permits, "disabled-rule": against_requirements.disabled}
"""Those that look at the site as well."""

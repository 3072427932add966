"""The checks of an audit, each on one firewall: functions from a firewall to the lines that it names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date

from aclproof.linter import any_any
from aclproof.linter.audit.chain_audit import ChainAudit, Why, audit_lists
from aclproof.linter.audit.surplus import surpluses
from aclproof.linter.engine.budget import Budget
from aclproof.linter.observation import CHECKS, Audit, CheckId, Observation
from aclproof.linter.result import DemandResult
from aclproof.parsers.model.conditions import TimeRange
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.plain_rules import special
from aclproof.parsers.vendor import door

_STEPS = 4_000_000
"""Of the engine, for all lists of a firewall."""
CHECK_OF: Mapping[Why, CheckId] = {"shadowed": "shadowed-rule", "covered": "covered-rule",
                                   "redundant": "redundant-rule"}
"""The check of each kind of line that does nothing."""


def audit(firewalls: Mapping[str, Firewall], checks: Collection[CheckId], day: date,
          results: Sequence[DemandResult] = ()) -> Audit:
    """Run some checks on firewalls by name, as of a day; what requirements need is in the `results`."""
    wanted = tuple(each for each in CHECKS if each in checks)
    found: list[Observation] = []
    not_told: list[tuple[str, Span]] = []
    for name, firewall in firewalls.items():
        if set(CHECK_OF.values()) & set(wanted):
            dead, unsettled = _dead(name, firewall)
            found += (each for each in dead if each.check in wanted)
            not_told += ((name, span) for span in unsettled)
        if "surplus" in wanted:
            found += (Observation("surplus", name, each.span, (), each.needed, each.more)
                      for each in surpluses(name, firewall, results))
        for check, look in _CHECKS.items():
            if check in wanted:
                found += (Observation(check, name, span) for span in look(firewall, day))
    names = list(firewalls)
    found.sort(key=lambda each: (wanted.index(each.check), names.index(each.firewall), each.span.file,
                                 each.span.first_line))
    return Audit(wanted, tuple(found), tuple(not_told))


def _dead(name: str, firewall: Firewall) -> tuple[list[Observation], list[Span]]:
    steps = Budget(_STEPS)
    found: list[Observation] = []
    not_told: list[Span] = []
    for _, audited in audit_lists(firewall, steps):
        if not isinstance(audited, ChainAudit):
            continue
        for each in audited.dead:
            others = dict.fromkeys(firewall.quote(rule.line) for rule in each.by)
            found.append(Observation(CHECK_OF[each.why], name, firewall.quote(each.line), tuple(others)))
        not_told += map(firewall.quote, audited.unsettled)
    return found, not_told


def _any_any(firewall: Firewall, day: date) -> Iterator[Span]:
    return map(firewall.quote, any_any.lines(firewall))


def _expired(firewall: Firewall, day: date) -> Iterator[Span]:
    """Rules whose time range has ended."""
    ended = (rule for rule, condition in firewall.conditions()
             if isinstance(condition, TimeRange) and condition.ended and condition.ended < day)
    found = dict.fromkeys(rule.line for rule in ended if rule.enabled and rule.in_file)
    return map(firewall.quote, sorted(found))


def _unbound(firewall: Firewall, day: date) -> Iterator[Span]:
    """Lists that nothing uses, by their first line, where the configuration is shown whole."""
    if any(each.decides for each in firewall.notes) or not (firewall.whole or firewall.on_host):
        return
    used = {each.chain for each in firewall.bindings} | set(firewall.list_uses)
    used |= {rule.target for chain in firewall.chains.values() for rule in special(chain.rules)}
    for name, chain in firewall.lists.items():
        first = next((rule for rule in chain.rules if rule.in_file), None)
        if name not in used and first:
            yield firewall.quote(first.line)


def _unused(firewall: Firewall, day: date) -> Iterator[Span]:
    """Objects and groups that nothing names, where the configuration is shown whole."""
    if firewall.whole:
        yield from map(firewall.quote, door(firewall.vendor).unused(firewall))


def _no_hits(firewall: Firewall, day: date) -> Iterator[Span]:
    """Rules that counted no packet, where others of their list did: else nothing may have been counted."""
    hits = door(firewall.vendor).hits
    for chain in firewall.lists.values():
        lines = dict.fromkeys(rule.line for rule in chain.rules if rule.in_file and rule.enabled)
        counts = {line: hits(firewall, line) for line in lines}
        if any(counts.values()):
            yield from (firewall.quote(line) for line, count in counts.items() if count == 0)


_CHECKS: Mapping[CheckId, Callable[[Firewall, date], Iterator[Span]]] = {
    "any-any": _any_any, "expired-rule": _expired, "unbound-list": _unbound,
    "unused-object": _unused, "no-hits": _no_hits}

"""Checks of a configuration that look at one line or one list after the other."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.linter import any_any as permits_of_everything
from aclproof.linter.audit.assumed import is_question, questions
from aclproof.linter.audit.subject import Alone
from aclproof.linter.observation import Observation
from aclproof.parsers.model.conditions import TimeRange
from aclproof.parsers.vendor import door


def any_any(subject: Alone) -> Iterator[Observation]:
    """Permits of everything, at least at times."""
    for rule in permits_of_everything.rules(subject.firewall):
        if all(is_question(each, subject.day) for each in rule.conditions):
            yield Observation("any-any", subject.name, subject.firewall.quote(rule.line),
                              perhaps=questions(rule.conditions))


def expired(subject: Alone) -> Iterator[Observation]:
    """Rules whose time range has ended."""
    firewall = subject.firewall
    ended = (rule for rule, condition in firewall.conditions()
             if isinstance(condition, TimeRange) and condition.ended and condition.ended < subject.day)
    for line in sorted({rule.line for rule in ended if rule.enabled and rule.in_file}):
        yield subject.named("expired-rule", firewall.quote(line))


def no_hits(subject: Alone) -> Iterator[Observation]:
    """Rules that counted no packet, where others of their list did: else nothing may have been counted."""
    firewall = subject.firewall
    hits = door(firewall.vendor).hits
    for chain in firewall.lists.values():
        lines = dict.fromkeys(rule.line for rule in chain.rules if rule.in_file and rule.enabled)
        counts = {line: hits(firewall, line) for line in lines}
        if any(counts.values()):
            yield from (subject.named("no-hits", firewall.quote(line))
                        for line, count in counts.items() if count == 0)

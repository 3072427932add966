"""Checks of a configuration that look at one line, one list or one object after the other."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.linter import any_any as permits_of_everything
from aclproof.linter.audit.assumed import is_question, questions
from aclproof.linter.audit.subject import Alone
from aclproof.linter.observation import Observation
from aclproof.parsers.model.conditions import TimeRange
from aclproof.parsers.model.plain_rules import special
from aclproof.parsers.vendor import door
from aclproof.reason import Reason


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


def unbound(subject: Alone) -> Iterator[Observation]:
    """Lists that nothing uses, by their first line, where the configuration is shown whole."""
    firewall = subject.firewall
    if not (firewall.whole or firewall.on_host):
        return
    unread = [each.span for each in firewall.notes if each.decides]
    perhaps = Reason("whether lines use it that were not wholly read, such as {line}",
                     line=unread[0]) if unread else ""
    used = {each.chain for each in firewall.bindings} | set(firewall.list_uses)
    used |= {rule.target for chain in firewall.chains.values() for rule in special(chain.rules)}
    for name, chain in firewall.lists.items():
        first = next((rule for rule in chain.rules if rule.in_file), None)
        if name not in used and first:
            yield Observation("unbound-list", subject.name, firewall.quote(first.line), perhaps=perhaps)


def unused(subject: Alone) -> Iterator[Observation]:
    """Objects and groups that nothing names, where the configuration is shown whole."""
    firewall = subject.firewall
    for line in door(firewall.vendor).unused(firewall) if firewall.whole else ():
        yield subject.named("unused-object", firewall.quote(line))


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

"""Checks of a configuration that look at one line, one list or one object after the other."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.linter import any_any as permits_of_everything
from aclproof.linter.audit.subject import Subject
from aclproof.linter.observation import Observation
from aclproof.parsers.model.conditions import TimeRange
from aclproof.parsers.model.counting import Counting
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.plain_rules import special
from aclproof.parsers.vendor import door
from aclproof.reason import Reason


def any_any(subject: Subject) -> Iterator[Observation]:
    """Permits of everything."""
    for line in permits_of_everything.lines(subject.firewall):
        yield subject.named("any-any", subject.firewall.quote(line))


def expired(subject: Subject) -> Iterator[Observation]:
    """Rules whose time range has ended."""
    firewall = subject.firewall
    ended = (rule for rule, condition in firewall.conditions()
             if isinstance(condition, TimeRange) and condition.ended and condition.ended < subject.day)
    for line in sorted({rule.line for rule in ended if rule.enabled and rule.in_file}):
        yield subject.named("expired-rule", firewall.quote(line))


def unbound(subject: Subject) -> Iterator[Observation]:
    """Lists that nothing uses, by their first line, where the configuration is shown whole."""
    firewall = subject.firewall
    if any(each.decides for each in firewall.notes) or not (firewall.whole or firewall.on_host):
        return
    used = {each.chain for each in firewall.bindings} | set(firewall.list_uses)
    used |= {rule.target for chain in firewall.chains.values() for rule in special(chain.rules)}
    for name, chain in firewall.lists.items():
        first = next((rule for rule in chain.rules if rule.in_file), None)
        if name not in used and first:
            yield subject.named("unbound-list", firewall.quote(first.line))


def unused(subject: Subject) -> Iterator[Observation]:
    """Objects and groups that nothing names, where the configuration is shown whole."""
    firewall = subject.firewall
    for line in door(firewall.vendor).unused(firewall) if firewall.whole else ():
        yield subject.named("unused-object", firewall.quote(line))


def no_hits(subject: Subject) -> Iterator[Observation]:
    """Rules that counted no packet, where others of their list did: else nothing may have been counted."""
    firewall, room = subject.firewall, door(subject.firewall.vendor)
    hits = room.hits
    time = ""
    for chain in firewall.lists.values():
        lines = dict.fromkeys(rule.line for rule in chain.rules if rule.in_file and rule.enabled)
        counts = {line: hits(firewall, line) for line in lines}
        if any(counts.values()):
            time = time or _time(room.counting(firewall), firewall)
            yield from (Observation("no-hits", subject.name, firewall.quote(line), text=time)
                        for line, count in counts.items() if count == 0)


def _time(counting: Counting, firewall: Firewall) -> str:
    """Say in which time hits were counted, as far as the input shows that."""
    if counting.cleared_line:
        return Reason("line {line} cleared the counters in the same capture",
                      line=firewall.number(counting.cleared_line))
    if counting.started:
        since = Reason("counted since {day} at the earliest, when the machine was started",
                       day=counting.started)
    elif counting.up:
        since = Reason("counted for {time} at most, as long as the machine was up", time=counting.up)
    else:
        since = Reason("since when it was counted, the input does not show")
    if counting.restorable and (counting.started or counting.up):
        since = Reason("{since}, unless older counters were loaded", since=since)
    return Reason("as of {day}: {since}", day=counting.read, since=since) if counting.read else since

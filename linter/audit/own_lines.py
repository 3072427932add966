"""Checks of a configuration that look at one line or one list after the other."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.linter import any_any as permits_of_everything
from aclproof.linter.audit.assumed import is_question, questions
from aclproof.linter.audit.subject import Alone
from aclproof.linter.observation import Observation
from aclproof.parsers.model.conditions import TimeRange
from aclproof.parsers.model.counting import Counting
from aclproof.parsers.model.firewall import Firewall
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


def no_hits(subject: Alone) -> Iterator[Observation]:
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

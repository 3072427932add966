"""Lines that stop packets without a trace in any log."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.linter.audit.logged import LogRules
from aclproof.linter.audit.strays import strays
from aclproof.linter.audit.subject import Alone
from aclproof.linter.observation import Observation
from aclproof.parsers.model.notes import Span
from aclproof.parsers.vendor import door
from aclproof.reason import Reason


def unlogged(subject: Alone) -> Iterator[Observation | Span]:
    """What a switch keeps out of the log; where rules log, what none of them logs before it is stopped."""
    firewall, room = subject.firewall, door(subject.firewall.vendor)
    for each in room.unlogged(firewall):
        switch = (firewall.quote(each.switch),) if each.switch else ()
        yield Observation("unlogged-deny", subject.name, firewall.quote(each.line), switch, each.why)
    if room.traits.logs_by_rules:
        perhaps = next((Reason("whether a line logs it that was not wholly read, such as {line}", line=each)
                        for each in strays(firewall)), "")
        for found in LogRules(firewall, room.besides(firewall)).unlogged():
            yield found if isinstance(found, Span) else Observation(
                "unlogged-deny", subject.name, found.span, found.logs, found.why, perhaps=perhaps)

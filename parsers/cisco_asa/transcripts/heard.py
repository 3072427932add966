"""All that a log holds: each command goes to the readers of its answer, in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from aclproof.parsers.cisco_asa.transcripts import (
    absent,
    addressed,
    asked,
    clock,
    configured,
    defined,
    facts,
    listed,
    packet_answer,
    resolved,
    routes,
    screen,
    session,
    time_ranges,
    trace_text,
    tracks,
    tunnels,
)
from aclproof.parsers.cisco_asa.transcripts.session import Command
from aclproof.parsers.model.shown_by_device import DeviceAnswer
from aclproof.parsers.source import Source

_FACTS = (time_ranges.read, listed.settled, resolved.read, configured.bindings, configured.same_security,
          configured.vlans, defined.read, routes.read, tracks.read, tunnels.read, absent.users,
          absent.shunned, absent.caches)


def heard(source: Source) -> Iterator[DeviceAnswer]:
    """Yield what devices answered, in the order of the log."""
    if "#" not in source.text and ">" not in source.text and "packet-tracer" not in source.text:
        return
    clocks: dict[str, datetime] = {}
    reads = (*_FACTS, addressed.Addressed().read)
    commands = tuple(session.commands(screen.lines(source)))
    mixed = _mixed(commands)
    last = {(command.device, command.context): command.line.number for command in commands if command.changes}
    for before, command in zip((None, *commands), commands, strict=False):
        changed = command.line.number < last.get((command.device, command.context), 0)
        unanswered = before and asked.is_trace(before.words) and before.silent
        if time := clock.read(command):
            clocks[command.device] = time
        at = session.time_of(command, clocks.get(command.device))
        yield from packet_answer.read(command, source, at, mixed=bool(mixed or unanswered))
        yield from listed.counts(command, source, at)
        for read in reads:
            yield from facts.answers(command, source, at, read(command), changed=changed)


def _mixed(commands: Iterable[Command]) -> bool:
    """Whether sessions run into each other: a trace stands where no command asked for one."""
    return any(trace_text.is_part(line.text) for command in commands
               if not asked.is_trace(command.words) and not command.is_show("capture")
               for line in command.answer)

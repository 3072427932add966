"""All that a log holds: each command goes to the readers of its answer, in their order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from aclproof.parsers.cisco_asa.transcripts import (
    absent,
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
          defined.read, routes.read, tracks.read, tunnels.read, absent.users, absent.shunned, absent.caches)


def heard(source: Source) -> Iterator[DeviceAnswer]:
    """Yield what devices answered, in the order of the log."""
    if "#" not in source.text and ">" not in source.text and "packet-tracer" not in source.text:
        return
    clocks: dict[str, datetime] = {}
    commands = (None, *session.commands(screen.lines(source)), None)
    for before, command, after in zip(commands, commands[1:], commands[2:], strict=False):
        assert command
        if time := clock.read(command):
            clocks[command.device] = time
        at = session.time_of(command, clocks.get(command.device))
        yield from packet_answer.read(command, source, at, mixed=_mixed(before, after))
        yield from listed.counts(command, source, at)
        for read in _FACTS:
            yield from facts.answers(command, source, at, read(command))


def _mixed(before: Command | None, after: Command | None) -> bool:
    """Whether the traces of two sessions run into each other: one command has none, or one has no command."""
    return bool((before and asked.is_trace(before.words) and before.silent)
                or (after and not after.text and any(trace_text.is_part(line.text) for line in after.answer)))

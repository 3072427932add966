"""All that a transcript of a computer with Windows shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.shown_by_device import ConnectionAnswer, DeviceAnswer, with_source
from aclproof.parsers.source import Source
from aclproof.parsers.windows.transcripts import networks, port_query, profiles, session, tcp_test

_CHANGES = re.compile(
    r"\b(?:(?:Set|New|Remove|Enable|Disable|Rename|Copy)-Net(?:Firewall|ConnectionProfile|IPsec)"
    r"|netsh\s.*\b(?:set|add|delete|reset|import)\b|gpupdate|reg(?:\.exe)?\s+(?:add|delete|import)\b)",
    re.IGNORECASE)
"""In a command: it may change rules, settings or the network's profile, so what was shown before proves
nothing."""
_LONGEST = 2000
"""So much of a command is looked at."""


def answers(transcript: Source) -> Iterator[DeviceAnswer]:
    """Yield it in the order of the commands.

    PortQry does not say from which address it asks; where Test-NetConnection says it of the same computer and
    the same destination, that is the source.
    """
    found: list[DeviceAnswer] = []
    parts = list(session.parts(transcript))
    last = {part.device: number for number, part in enumerate(parts)
            if _CHANGES.search(part.command[:_LONGEST])}
    for number, part in enumerate(parts):
        stands = number >= last.get(part.device, 0)
        found += tcp_test.answers(transcript, part)
        found += port_query.answers(transcript, part)
        for each in (*profiles.answers(transcript, part), *networks.answers(transcript, part)):
            found.append(each if stands else replace(each, complete=False))
    known = _sources(found)
    return (with_source(each, known) if isinstance(each, ConnectionAnswer) else each for each in found)


def _sources(found: Sequence[DeviceAnswer]) -> Mapping[tuple[str, Family, int], int]:
    """By computer and destination; none where two are shown."""
    sources: dict[tuple[str, Family, int], set[int]] = {}
    for each in found:
        if isinstance(each, ConnectionAnswer) and each.family and each.source is not None \
                and each.destination is not None:
            sources.setdefault((each.device, each.family, each.destination), set()).add(each.source)
    return {end: own.pop() for end, own in sources.items() if len(own) == 1}

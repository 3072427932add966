"""Lines that are no rules and decide what rules mean: definitions, bindings, interfaces, routes, NAT."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.parsers.cisco_asa.edit.editing import Mode, list_of
from aclproof.parsers.cisco_asa.text import sections
from aclproof.parsers.cisco_asa.text.lines import plain
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import Source

_SINGLE = frozenset("nat static route global same-security-traffic service-policy nat-control".split())


def subjects(firewall: Firewall) -> Iterator[tuple[int, str]]:
    """Yield each such line with the name that it is about; without one it may concern any packet.

    Only lines that can hold no secret.
    """
    if not isinstance(firewall.source, Source):
        return
    mode = Mode()
    for number, text in enumerate(plain(firewall.source), 1):
        words = text.split() if text else []
        if not text or not words or text[0] in "!:" or (words[0] == "access-list" and list_of(words)):
            continue
        within = mode.within(text, words)
        header = mode.header or tuple(words)
        kind = header[0]
        if kind in ("object", "object-group") and len(header) > 2:
            yield number, header[2]
        elif kind in sections.SAFE and (not within or words[words[0] == "no"] in sections.SAFE[kind]):
            yield number, header[1] if kind == "time-range" and len(header) > 1 else ""
        elif not within and words[0] == "access-group" and len(words) > 1:
            yield number, words[1]
        elif not within and words[0] == "name" and len(words) > 2:
            yield number, words[2]
        elif not within and words[0] in _SINGLE:
            yield number, ""

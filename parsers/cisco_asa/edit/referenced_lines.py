"""Lines that are no rules and decide what rules mean: definitions, bindings, interfaces, routes, NAT."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.parsers.cisco_asa.edit.editing import Mode, list_of
from aclproof.parsers.cisco_asa.text import sections
from aclproof.parsers.cisco_asa.text.lines import plain
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import Source

_SINGLE = frozenset("nat static route global same-security-traffic service-policy nat-control".split())


def find(firewall: Firewall) -> Iterator[tuple[int, str]]:
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
        name = _of_section(mode.header or tuple(words), words, within=within)
        if name is None and not within:
            name = _of_line(words)
        if name is not None:
            yield number, name


def _of_section(header: tuple[str, ...], words: list[str], *, within: bool) -> str | None:
    """What a header or a line below it is about; None where it is of no section that decides."""
    kind = header[0]
    if kind in ("object", "object-group") and len(header) > 2:
        return header[2]
    if kind not in sections.SAFE or (within and words[words[0] == "no"] not in sections.SAFE[kind]):
        return None
    return header[1] if kind == "time-range" and len(header) > 1 else ""


def _of_line(words: list[str]) -> str | None:
    """The same for a line of no section."""
    if words[0] == "access-group" and len(words) > 1:
        return words[1]
    if words[0] == "name" and len(words) > 2:
        return words[2]
    return "" if words[0] in _SINGLE else None

"""Limits of connections in the lines of `static` and `nat`, before 8.3.

`static (REAL,MAPPED) ... [netmask M] [dns] [tcp] MAX [EMBRYONIC] [udp MAX]`, and the same after the mask of
`nat`. Embryonic limits only start SYN cookies; 0 is no limit (command reference, static).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aclproof.parsers.cisco_asa.features.rows.connections import LIMITED
from aclproof.parsers.cisco_asa.meaning.passages.passage import Passage, stopped
from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.model.services import TCP, UDP, Service, service

_MOST = 2**31
_SWITCHES = frozenset({"dns", "norandomseq"})


def passages(lines: Iterable[tuple[int, list[str], str]]) -> Iterator[Passage]:
    """Read the lines of translation: numbers, words, and the object that they are in."""
    for line, words, inside in lines:
        if inside or "source" in words or words[0] not in ("static", "nat") or len(words) < 2:
            continue
        services = tuple(_limited(_after_addresses(words)))
        real = words[1].strip("()").partition(",")[0]
        if services:
            rules = stopped(LIMITED, line, services=services, line=line, limit=" ".join(words))
            yield Passage(rules, entry=real)
            yield Passage(rules, leave=real)


def _after_addresses(words: Sequence[str]) -> list[str]:
    if "netmask" in words[:-1]:
        rest = words[words.index("netmask") + 2:]
    elif words[0] == "nat":
        rest = words[5:]
    elif words[2:3] in (["tcp"], ["udp"]):
        rest = words[7:]
    else:
        rest = words[4:]
    return [word for word in rest if word not in _SWITCHES]


def _limited(rest: Sequence[str]) -> Iterator[Service]:
    """The protocols that have a limit."""
    first = rest[1:] if rest[:1] == ["tcp"] else rest
    if first and literals.number(first[0], _MOST):
        yield service(TCP)
    if "udp" in rest[:-1] and literals.number(rest[rest.index("udp") + 1], _MOST):
        yield service(UDP)

"""What the port words of a rule mean: numbers, ranges, and keywords for ports that come and go."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from aclproof.parsers.model.conditions import Condition, Opaque, ServedBy
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.services import ANY_PORT
from aclproof.parsers.windows.meaning.listeners import HTTP, LISTENERS, MAPPED_RPC, OF_DOMAINS, RPC
from aclproof.parsers.windows.records import spelling
from aclproof.parsers.windows.records.rule import Direction
from aclproof.reason import Reason

Ports = tuple[IntervalSet, tuple[Condition, ...]]
"""Ports, and what else must hold."""

_NUMBERS = re.compile(r"(0|[1-9]\d{0,4})(?:-(0|[1-9]\d{0,4}))?", re.ASCII)
"""As Windows writes them, without zeros in front: one that has some lost a digit."""
_LAST = 65535
_NONE: frozenset[str] = frozenset()
_HTTPS, _MDNS, _DHCP = IntervalSet.of((443, 443)), IntervalSet.of((5353, 5353)), IntervalSet.of((67, 68))
ENDPOINT_MAPPER_PORT = 135

_KEYWORDS: Mapping[str, tuple[IntervalSet, frozenset[str], frozenset[str]]] = {
    "RPC": (ANY_PORT, frozenset({RPC, MAPPED_RPC}), LISTENERS - {RPC} | OF_DOMAINS),
    "IPHTTPSIn": (_HTTPS, _NONE, LISTENERS - {HTTP}), "IPTLSIn": (_HTTPS, _NONE, LISTENERS - {HTTP}),
    "IPHTTPSOut": (_HTTPS, _NONE, _NONE), "IPTLSOut": (_HTTPS, _NONE, _NONE),
    "Teredo": (ANY_PORT, _NONE, LISTENERS), "Ply2Disc": (ANY_PORT, _NONE, LISTENERS),
    "TcpCDPSvc": (ANY_PORT, _NONE, LISTENERS), "mDNS": (_MDNS, _NONE, LISTENERS),
    "DHCP": (_DHCP, _NONE, LISTENERS)}
"""Where the ports can lie at all, which listeners surely have them, and which never: the port of an RPC
server is whichever it has opened, so the keyword covers all of what such a demand needs."""


def alternatives(words: Sequence[str], way: Direction, *, local: bool) -> list[Ports]:
    """Return the ports that are surely meant, and each keyword's; no words mean any port."""
    if not words:
        return [(ANY_PORT, ())]
    known: list[IntervalSet] = []
    found: list[Ports] = []
    for word in words:
        numbers = _numbers(word)
        if numbers:
            known.append(numbers)
        else:
            found.append(_keyword(word, listening=local and way == "In"))
    return [(IntervalSet.union(known), ()), *found] if known else found


def _numbers(word: str) -> IntervalSet | None:
    if word == "RPC-EPMap":
        return IntervalSet.of((ENDPOINT_MAPPER_PORT, ENDPOINT_MAPPER_PORT))
    found = _NUMBERS.fullmatch(word)
    if not found:
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    return IntervalSet.of((first, last)) if first <= last <= _LAST else None


def _keyword(word: str, *, listening: bool) -> Ports:
    """What a keyword may be; of a word that is none, a damaged number, no yes or no says which it was."""
    if not spelling.is_port_word(word):
        return ANY_PORT, (Opaque("", Reason("which ports '{word}' are", word=word)),)
    reason = Reason("whether the port is one that Windows holds open as '{word}'", word=word)
    ports, surely, never = _KEYWORDS.get(word, (ANY_PORT, _NONE, _NONE))
    if listening and (surely or never):
        return ports, (ServedBy(surely, never, f"port {word}", reason),)
    return ports, (Opaque(f"port {word}", reason),)

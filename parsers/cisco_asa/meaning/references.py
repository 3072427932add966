"""Which lines name an access list, an object or a time range, by the places of names in the grammar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Literal

from aclproof.parsers.cisco_asa.meaning.list_uses import lists

Kind = Literal["object", "object-group", "access-list", "time-range"]
"""Things of different kinds may have the same name, but for objects and groups."""

_IN_ENTRIES: Mapping[str, Kind] = {
    "object": "object", "time-range": "time-range", **dict.fromkeys(
        ("object-group", "object-group-user", "object-group-security"), "object-group")}
_NAT_WORDS = frozenset("""any interface pat-pool destination service static dynamic dns description inactive
    unidirectional no-proxy-arp route-lookup net-to-net round-robin extended flat include-reserve
    block-allocation ipv6""".split())


def named(words: Sequence[str]) -> Iterator[tuple[Kind, str]]:
    """Yield all that a line names."""
    match words:
        case ["access-list", _, *rest] | ["ipv6", "access-list", _, *rest]:
            if "remark" not in rest[:3]:
                yield from ((_IN_ENTRIES[word], name) for word, name in pairwise(rest) if word in _IN_ENTRIES)
        case ["network-object" | "service-object", "object", name]:
            yield "object", name
        case ["group-object", name]:
            yield "object-group", name
        case ["nat", *_]:
            yield from (("access-list", name) for name in lists(words))
            yield from (("object", name) for name in _translated(words))
        case _:
            yield from (("access-list", name) for name in lists(words))


def _translated(words: Sequence[str]) -> Iterator[str]:
    """Names in a line of 8.3 and later: after `static`, `dynamic`, `pat-pool`, and `service` of twice NAT."""
    for at, word in enumerate(words):
        if word == "description":
            return
        twice = "source" in words
        if word == "pat-pool":
            count = 1
        elif word in ("static", "dynamic"):
            count = 2 if twice else 1
        else:
            count = 2 if word == "service" and twice else 0
        yield from (name for name in words[at + 1:at + 1 + count]
                    if not (name in _NAT_WORDS or name[0].isdecimal() or ":" in name))

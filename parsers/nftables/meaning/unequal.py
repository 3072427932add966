"""Tests that nft may put together: `tcp sport != 1 tcp dport != 2`.

Fields that are next to each other in a header it loads at once, and compares all of them with one `!=`: then
the rule matches what differs in one of them (`stmt_reduce` of nft's rule.c, seen with 1.0.6). A list shows
the same text for one comparison as for several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, reduce
from itertools import permutations
from typing import NamedTuple

from aclproof.parsers.nftables.meaning.packets import DoubtError, Parts, both, on, opaque, text_of
from aclproof.parsers.nftables.ruleset import Tree

AT_ONCE = "tests at once"
"""Key of a statement that is made here: all of them."""


class _Place(NamedTuple):
    """Some bits of a header."""

    base: str
    start: int
    size: int

    def may_join(self, other: _Place) -> bool:
        """Whether nft would load both at once."""
        return self.base == other.base and self.size + other.size <= _MOST[self.base] and (
            self.start + self.size == other.start or other.start + other.size == self.start)


_MOST_TESTS = 8
"""More are left open: what differs in one of them takes the square of their number."""
_MOST = {"ll": 128, "nh": 32, "th": 32}
"""Bits that are loaded at once: of the link, of the network, of the transport layer."""


_PORTS = "sport:16 dport:16"
_ECHO = "type:8 code:8 checksum:16 id:16 sequence:16"
_LAYOUTS = {
    "ether": ("ll", "daddr:48 saddr:48 type:16"),
    "ip": ("nh", "-:16 length:16 id:16 frag-off:16 ttl:8 protocol:8 checksum:16"),
    "ip6": ("nh", "-:32 length:16 nexthdr:8 hoplimit:8"),
    "tcp": ("th", f"{_PORTS} -:72 flags:8 window:16 checksum:16 urgptr:16"),
    "udp": ("th", f"{_PORTS} length:16 checksum:16"),
    "udplite": ("th", f"{_PORTS} csumcov:16 checksum:16"),
    "sctp": ("th", _PORTS), "dccp": ("th", _PORTS), "th": ("th", _PORTS),
    "icmp": ("th", _ECHO), "icmpv6": ("th", _ECHO), "igmp": ("th", "type:8 mrt:8 checksum:16"),
    "comp": ("th", "nexthdr:8 flags:8 cpi:16"), "ah": ("th", "nexthdr:8 hdrlength:8 reserved:16")}
"""Fields of whole bytes that have such a neighbour, in their order, each with its size."""


@cache
def _fields(protocol: str) -> Mapping[str, _Place]:
    """Where the fields of a header are."""
    base, layout = _LAYOUTS.get(protocol, ("", ""))
    found, at = {}, 0
    for word in layout.split():
        name, _, size = word.partition(":")
        found[name] = _Place(base, at, int(size))
        at += int(size)
    return found


def together(statements: Sequence[Tree]) -> Iterator[Tree]:
    """Yield the statements of a rule, with such tests as one, where the first of them is."""
    places = {at: place for at, each in enumerate(statements) if (place := _unequal(each))}
    done: set[int] = set()
    for at, statement in enumerate(statements):
        if at in done:
            continue
        group = [at] if at in places else []
        for one in group:  # it grows meanwhile
            group += [other for other in places if other not in group
                      and places[one].may_join(places[other])]
        done.update(group)
        yield {AT_ONCE: [statements[each] for each in sorted(group)]} if len(group) > 1 else statement


def _unequal(statement: Tree) -> _Place | None:
    """What is compared with one value that it must not have."""
    match statement:
        case {"match": {"op": "!=", "right": right, "left": {"payload": body}}} if _is_one(right):
            return _place(body)
        case _:
            return None


def _place(body: Tree) -> _Place | None:
    match body:
        case {"base": str(base), "offset": int(start), "len": int(size)} if base in _MOST:
            return _Place(base, start, size)
        case {"protocol": str(protocol), "field": str(name)}:
            return _fields(protocol).get(name)
        case _:
            return None


def _is_one(right: Tree) -> bool:
    match right:
        case {"set": [one]}:  # which nft writes as this value
            return _is_one(one)
        case {"set": _} | {"range": _} | {"prefix": _}:
            return False
        case str():
            return not right.startswith("@")
        case _:
            return True


def matched(tests: Tree, parts: Parts, read: Callable[[Tree], Parts]) -> Parts:
    """Return the packets that differ in all fields, and on a doubt those that differ in one of them."""
    assert isinstance(tests, Sequence)
    assert not isinstance(tests, str)
    if len(tests) > _MOST_TESTS:
        raise DoubtError
    bodies = [body for each in tests if isinstance(each, dict) and isinstance(body := each["match"], dict)]
    differ, equal = ([read({**body, "op": op}) for body in bodies] for op in ("!=", "=="))
    in_some = [part for one, other in permutations(range(len(bodies)), 2)
               for part in both(both(parts, differ[one]), equal[other])]
    return [*reduce(both, differ, parts), *on(in_some, opaque(" ".join(map(text_of, tests))))]

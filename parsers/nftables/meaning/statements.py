"""Statements as a word with the rest of them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from aclproof.parsers.model.conditions import Opaque, TimeRange
from aclproof.parsers.netfilter.usual import stays_below
from aclproof.parsers.nftables.meaning.packets import DoubtError, opaque, text_of
from aclproof.parsers.nftables.ruleset import UNKNOWN, NftObject, Tree, walk


def statement_of(statement: Tree) -> tuple[str, Tree]:
    """Return the word and the rest of a statement; some versions write one of one word as that word."""
    match statement:
        case str(word):
            return word, None
        case Mapping() if len(statement) == 1:
            return next(iter(statement.items()))
        case _:
            return UNKNOWN, text_of(statement)


def stays(verdict: Tree) -> bool:
    """Return whether a packet that gets this verdict may still come to the end of the rule."""
    return statement_of(verdict)[0] in ("jump", "continue")


def is_comment(kind: str, body: Tree) -> bool:
    """Return whether it is iptables' match of comments, which asks nothing."""
    return kind == "xt" and isinstance(body, dict) and body.get("name") == "comment"


_HARMLESS = frozenset({"counter", "log", "comment", "last", "dup", "flow", "ct helper", "ct timeout",
                       "ct expectation", "secmark", "reset"})


def is_harmless(statement: Tree) -> bool:
    """Return whether a statement changes nothing that a later one asks; it may yet end its rule."""
    kind, body = statement_of(statement)
    match body:
        case {"key": key} if kind == "mangle":
            return not (sets_mark(body) or (isinstance(key, Mapping) and (
                "payload" in key or _is_zone(key) or rewrites_header(body))))
        case _:
            return kind in _HARMLESS or is_comment(kind, body)


def doubted(statement: Tree, objects: Mapping[tuple[str, str], NftObject],
            doubt: DoubtError | None) -> Opaque | TimeRange:
    """Return the condition of a test that is not decided; `objects` are those of its table."""
    found = opaque(text_of(statement), doubt, lasting=_only_asks(statement),
                   mostly=_is_limit(statement, objects))
    moments = _moments(statement)
    if moments is None:
        return replace(found, usual=_usual(statement)) if found.usual is None else found
    from aclproof.parsers.netfilter import clock

    return clock.asked(found.key, found.because, *moments)


def _only_asks(statement: Tree) -> bool:
    """Return whether a test answers one packet alike when it is asked again: what draws lots does not, and a
    set may count."""
    return statement_of(statement)[0] == "match" and not any(_may_vary(each) for each in walk(statement))


def _is_limit(statement: Tree, objects: Mapping[tuple[str, str], NftObject]) -> bool:
    """Return whether a test holds up to a rate, its own or that of one of the table's objects; `over` one it
    is for what is too much."""
    kind, body = statement_of(statement)
    named = objects.get((kind, body)) if isinstance(body, str) else None
    rate = named.body if named else body
    return kind == "limit" and isinstance(rate, Mapping) and "rate" in rate and not rate.get("inv")


def _usual(statement: Tree) -> bool | None:
    """Return what a test of how many connections there are usually answers."""
    match statement:
        case {"ct count": {"val": int(number), **rest}}:
            below = stays_below(number)
            return None if below is None else not rest.get("inv")
        case _:
            return None


def _moments(statement: Tree) -> tuple[str, str] | None:
    """Return between which moments a test may hold that is of nothing but the clock; empty for none that it
    names. None for any other test."""
    match statement:
        case {"match": {"left": {"meta": {"key": "time"}}, "op": "<" | "<=", "right": str(stop)}}:
            return "", stop
        case {"match": {"left": {"meta": {"key": "time"}}, "op": ">" | ">=", "right": str(start)}}:
            return start, ""
        case {"match": {"left": {"meta": {"key": "time"}}, "op": "==" | "in",
                        "right": {"range": [str(start), str(stop)]}}}:
            return start, stop
        case {"match": {"left": {"meta": {"key": "time" | "day" | "hour"}}}}:
            return "", ""
        case _:
            return None


def _may_vary(tree: Tree) -> bool:
    match tree:
        case {"numgen": _} | {"meta": {"key": "random"}}:
            return True
        case str(word):
            return word.startswith("@")
        case _:
            return False


def sets_mark(body: Tree) -> bool:
    """Return whether a change of a packet is one of its mark, or of its connection's."""
    match body:
        case {"key": {"meta": {"key": "mark"}} | {"ct": {"key": "mark"}}}:
            return True
        case _:
            return False


def _is_zone(key: Mapping[str, Tree]) -> bool:
    match key:
        case {"ct": {"key": "zone"}}:
            return True
        case _:
            return False


_ASKED_LATER = frozenset(
    "saddr daddr sport dport protocol nexthdr version hdrlength doff flags type code frag-off".split())
"""Fields of headers that later tests, or the kernel itself, look at."""
_OF_FRAGMENTS = 0x3FFF
"""Bits of `frag-off` that make a fragment of a packet."""


def rewrites_header(change: Tree) -> bool:
    """Return whether a statement writes something of a header that is looked at later, or of the frame."""
    match change:
        case {"key": {"payload": {"base": _}} | {"meta": {"key": "pkttype"}}}:
            return True
        case {"key": {"payload": {"field": "frag-off"}}, "value": int(value)}:
            return bool(value & _OF_FRAGMENTS)
        case {"key": {"payload": {"field": str(name)}}}:
            return name in _ASKED_LATER
        case _:
            return False
